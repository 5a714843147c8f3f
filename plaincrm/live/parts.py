"""The parts of a note of the user's own that are generated: between two markers, each alone on its line."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from plaincrm.changes.edits import Edit, in_lines_of
from plaincrm.live.generated import fingerprint

MARKERS = (b"<!-- plaincrm:", b"<!-- /plaincrm")  # what a note with parts holds, or one that has lost half of them
_OPEN = re.compile(r"<!-- plaincrm:(.*\S) *-->[ \t\r]*")
_CLOSE = re.compile(r"<!-- /plaincrm(?: ([0-9a-f]{8}))? -->[ \t\r]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"(#{1,6}) ")


class Part(NamedTuple):
    """One part: the line of its marker (from 1), the words of its command, and where its text and closing marker are.

    `level` is that of the heading under which it stands; `known` the fingerprint of what was generated there, empty
    where nothing was yet.
    """

    line: int
    words: tuple[str, ...]
    start: int
    end: int
    close: int
    level: int
    known: str


class BadMarker(NamedTuple):
    """A marker that opens or closes nothing: its line, and what to do."""

    line: int
    why: str
    remedy: str


def parts_of(text: str) -> tuple[list[Part], list[BadMarker]]:
    """The parts of a note, and what is wrong with its markers. Those in code blocks are none."""
    found = list(_marks(text))
    return [one for one in found if isinstance(one, Part)], [one for one in found if isinstance(one, BadMarker)]


def _marks(text: str) -> Iterator[Part | BadMarker]:
    opened: tuple[int, str, int] | None = None  # line, command, where the text begins
    fence, level, at = "", 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        begin, at = at, min(at + len(line) + 1, len(text))
        if not opened and (mark := _FENCE.match(line)):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        elif fence:
            continue
        elif match := _OPEN.fullmatch(line):
            if opened:
                yield _unclosed(opened[0])
            opened = (number, match[1], at)
        elif match := _CLOSE.fullmatch(line):
            if opened is None:
                yield BadMarker(number, "no part begins before this marker", "Write <!-- plaincrm:agenda --> above it.")
                continue
            yield _part(opened, begin, begin + len(line.rstrip()), level, match[1] or "")
            opened = None
        elif not opened and (heading := _HEADING.match(line)):
            level = len(heading[1])
    if opened:
        yield _unclosed(opened[0])


def _part(opened: tuple[int, str, int], end: int, close: int, level: int, known: str) -> Part | BadMarker:
    number, command, start = opened
    try:
        words = tuple(shlex.split(command))
    except ValueError:
        return BadMarker(number, "a quote in this marker is not closed", "Close it.")
    return Part(number, words, start, end, close, level, known)


def _unclosed(line: int) -> BadMarker:
    return BadMarker(line, "the part that begins here has no end", "Write <!-- /plaincrm --> alone on a line below it.")


def is_edited(text: str, part: Part) -> bool:
    """Whether what stands in a part is not what was generated there, ticked boxes apart."""
    inner = text[part.start : part.end]
    return bool(inner.strip()) and fingerprint(inner) != part.known


def filled(text: str, part: Part, body: str) -> Edit:
    """The edit that puts what was generated between the markers, its headings below that under which it stands."""
    shown = re.sub(r"^(#+)(?= )", lambda mark: "#" * min(6, len(mark[1]) + part.level), body, flags=re.MULTILINE)
    new = f"\n{shown.strip()}\n\n<!-- /plaincrm {fingerprint(shown)} -->"
    return Edit(part.start, part.close, in_lines_of(text, new))
