"""Conflicts that a merge left in a note: where they stand, what they are about, and the note with some decided."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from plaincrm.changes.draft import Step
from plaincrm.changes.edits import Edit, edited
from plaincrm.changes.plan import Change
from plaincrm.document.log import heading_level, item_opening
from plaincrm.document.source import decode
from plaincrm.records.schema import Schema

_MARK = re.compile(r"(<{7,}|\|{7,}|={7,}|>{7,})(?: (.*))?")
_KEY = re.compile(r"([^\W\d][\w -]*?)[ \t]*:(?:[ \t]|$)")


class Conflict(NamedTuple):
    """What both sides of a merge say in one place of a note, between the markers that stand there.

    `line` is that of the opening marker, from 1; `field` the field's key, empty in the body; `about` the field or the
    log entry. `ours` and `theirs` are whole lines; the labels are the words on the markers.
    """

    file: str
    line: int
    field: str
    about: str
    ours: str
    theirs: str
    our_label: str
    their_label: str
    start: int
    end: int

    @property
    def may_both_stay(self) -> bool:
        """Whether the lines of both sides can stand there together; a field has one value."""
        return not self.field or bool(re.match(r"\s*-\s", self.ours + self.theirs))

    @property
    def both(self) -> str:
        """The lines of both sides, ours first; a blank line parts two headings."""
        parted = heading_level(self.theirs.partition("\n")[0]) and not re.search(r"\n\r?\n$", f"\n{self.ours}")
        end = "\r\n" if self.ours.endswith("\r\n") else "\n"
        return f"{self.ours}{end if parted and self.ours else ''}{self.theirs}"

    def taken(self, lines: str) -> str:
        """In a few words what stands there once it is decided for some lines: the first of them."""
        first = next((line.strip() for line in lines.splitlines() if line.strip()), "")
        value = _KEY.match(f"{first} ") if self.field else None
        if value:
            return f"{self.about}: {first[value.end() :].strip()}".removesuffix(": ")
        if not self.field and (heading_level(first) or item_opening(first, 0)):
            return first.lstrip("#-*+ ")
        return f"{self.about}: {first.removeprefix('- ') or 'nothing'}"


Decide = Callable[[Conflict], str | None]


def conflicts(path: str, data: bytes, schema: Schema) -> tuple[Conflict, ...]:
    """The conflicts of a note, in their order."""
    return tuple(_conflicts(path, decode(data).text, schema))


def decided(path: str, data: bytes, schema: Schema, decide: Decide) -> list[Step]:
    """The step that puts in the place of each conflict the lines that it is decided for; None leaves it."""
    text = decode(data).text
    edits, what = [], []
    for conflict in _conflicts(path, text, schema):
        lines = decide(conflict)
        if lines is not None:
            edits.append(Edit(conflict.start, conflict.end, lines))
            what.append(f"decided {conflict.taken(lines)}")
    if not edits:
        return []
    new = edited(text, edits).encode("utf-8", "surrogateescape")
    return [Step(Change(path, data, new), tuple(what))]


def _conflicts(path: str, text: str, schema: Schema) -> Iterator[Conflict]:
    """Markers that stand in their order make a conflict; others are text."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    fences = [number for number, line in enumerate(lines) if line.rstrip() == "---"][:2]
    marks = [_MARK.fullmatch(line.rstrip("\r\n")) for line in lines]
    last = {mark[1]: number for number, mark in enumerate(marks) if mark}
    at, open_ = 0, None
    for number, (line, mark) in enumerate(zip(lines, marks, strict=True)):
        sign, size = (mark[1][0], len(mark[1])) if mark else ("", 0)
        is_within = open_ and size > open_.size and last.get(">" * open_.size, 0) > number  # of a nested merge
        if mark and sign == "<" and not is_within:
            open_ = _Open(number, at, mark[2] or "", size)
        elif mark and open_ and size == open_.size and sign in "|=" and sign not in open_.seen:
            open_.seen += sign
        elif mark and open_ and size == open_.size and sign == ">" and "=" in open_.seen:
            in_front = len(fences) == 2 and fences[0] == 0 and number < fences[1]
            field, about = _subject(lines, open_, in_front=in_front, schema=schema)
            end = at + len(line)
            yield Conflict(path, open_.number + 1, field, about, open_.said[""], open_.said["="], open_.label,
                           mark[2] or "", open_.start, end)  # fmt: skip
            open_ = None
        elif open_:
            open_.said[open_.seen[-1:]] += line
        at += len(line)


class _Open:
    """A conflict whose end is not found yet: what stands behind each of its markers."""

    def __init__(self, number: int, start: int, label: str, size: int) -> None:
        self.number, self.start, self.label, self.size = number, start, label, size
        self.seen = ""
        self.said = {"": "", "|": "", "=": ""}


def _subject(lines: list[str], open_: _Open, *, in_front: bool, schema: Schema) -> tuple[str, str]:
    """The field, or nothing, and the words for what a conflict is about."""
    own = (open_.said[""] or open_.said["="]).split("\n")[0].rstrip()
    above = [line.rstrip() for line in lines[: open_.number]]
    for line in (own, *reversed(above)):
        key = _KEY.match(line) if in_front else None
        if key:
            known = schema.table.find(key[1])
            return key[1], known.key if known else key[1]
        if not in_front and (heading_level(line) or item_opening(line, 0)):
            return "", line.lstrip("#-*+ ")
    return "", "the text"
