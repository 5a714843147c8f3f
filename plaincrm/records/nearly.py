"""Lines of a log that begin nearly as an entry does, and are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plaincrm.dates import iso_form, parse_date, real_date
from plaincrm.document.body import section_kind
from plaincrm.document.log import heading_level, heading_opening, item_opening
from plaincrm.errors import Fault, fault
from plaincrm.language import canonical
from plaincrm.records.days import iso_hint
from plaincrm.records.entry import read_head

if TYPE_CHECKING:
    from plaincrm.records.sound import Note

# What is not an entry as nearly all lines of a log are: those begin with a dash or a heading's signs, a blank and a
# whole date. The line end before it is searched for in less time than the beginning of a line.
_LINE = re.compile(
    r"\n(?!(?:-|\#{1,6})[ ][0-9]{4}-[0-9]{2}-[0-9]{2}:?[ ])(?P<indent>[ ]{0,3})"
    r"(?P<mark>(?:[-*+•–—]|[0-9]{1,3}[.)]|#{1,6})?)(?P<gap>[ \t]*)(?:(?P<word>[^\W\d_]{2,12})\.?,?[ ])?"
    r"(?P<date>[0-9]{4}(?P<iso>[-/.])[0-9]{1,2}(?P=iso)[0-9]{1,2}|[0-9]{8}|[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{4}|[0-9]{2})?"
    r"|[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?|[0-9]{1,2}\.[0-9]{1,2})(?P<behind>(?![0-9./]).*)$",
    re.MULTILINE,
)
# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_SEPARATED = r"[ ]?[:|–—]|[ ]-[ ]"
_SHORT = r"(?P<day>[0-9]{1,2})[./](?P<month>[0-9]{1,2})(?:[./](?P<year>[0-9]{2})?)?"
_WEEKDAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))


def nearly_entries(note: Note) -> Iterator[Fault]:
    """Each such line, at its date."""
    for start, end in _logs(note):
        listed = False
        at = start
        for match in _LINE.finditer(note.document.body.seen, start - 1, end):
            if match["indent"] not in ("", " ") and not listed:
                listed = _has_list(note.document.body.seen, at, match.start("indent"))
            at = match.start("indent")
            if match["indent"] in ("", " ") or not listed:
                yield from _nearly(note, match)


def _logs(note: Note) -> Iterator[tuple[int, int]]:
    """From where to where each log goes: with the chapters in it, up to the next heading of its level."""
    until = 0
    sections = note.document.body.sections
    for number, section in enumerate(sections):
        if section.start >= until and section_kind(section.title) == "log":
            behind = (item.start for item in sections[number + 1 :] if item.level <= section.level)
            until = next(behind, len(note.document.body.seen))
            yield min(section.body_start + 1, until), until


def _has_list(text: str, start: int, end: int) -> bool:
    """Whether a list begins at the margin of these lines, so that a deeper one belongs to it."""
    return re.compile(r"^ ?(?:[-*+]|[0-9]{1,3}[.)]|#{1,6})[ \t]", re.MULTILINE).search(text, start, end) is not None


def _nearly(note: Note, match: re.Match[str]) -> Iterator[Fault]:
    line, value = match[0].strip("\r\n"), match["date"]
    if not match["indent"] and (item_opening(line, 0) or (heading_level(line) and heading_opening(line, 0))):
        return
    if match["word"] and canonical("days", match["word"]) not in _WEEKDAYS:
        return
    marked = match["mark"] and match["gap"]
    short = re.fullmatch(_SHORT, value)
    if short and not real_date(2000, int(short["month"]), int(short["day"])):
        return
    certain = marked and not re.fullmatch(r"[0-9]+[./][0-9]+", value)
    if not (certain and match["behind"][:1] in " \t:|–—-") and not _goes_on(note, match["behind"], match["mark"]):
        return
    span = match.span("date")
    if short:
        yield fault("incomplete-date", *span, value=value, hint=iso_hint(value))
    elif problem := _problem(match):
        yield fault("not-an-entry", *span, problem=problem)


def _goes_on(note: Note, behind: str, mark: str) -> bool:
    """Whether the words behind a date are an entry's: a channel, or what follows a colon or a dash."""
    if re.match(_SEPARATED, behind):
        return True
    if not behind.strip():
        return bool(mark)
    return read_head(behind, note.schema).channel is not None


def _problem(match: re.Match[str]) -> str:
    """What keeps a line from being an entry; nothing of a day that the calendar lacks."""
    value, iso = match["date"], iso_form(match["date"])
    if match["word"]:
        return f"a word stands before {value}"
    if not iso:
        return _of_slashes(value) if "/" in value else ""
    if not parse_date(value) and not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]{4}", value):
        return f"{value} is not written as {iso}"
    problems = (
        (not match["mark"], f"no dash stands before {value}"),
        (not match["gap"], f"no blank stands between the dash and {value}"),
        (match["mark"] in "•–—", f"{match['mark']} begins no list"),
        (match["indent"], f"blanks stand before the dash of {value}"),
    )
    return next((words for is_so, words in problems if is_so), f"no blank stands behind {value}")


def _of_slashes(value: str) -> str:
    is_clear = any(int(number) > 12 for number in value.split("/")[:2])
    return f"{value} {'is not written as YYYY-MM-DD' if is_clear else 'can be read two ways'}"
