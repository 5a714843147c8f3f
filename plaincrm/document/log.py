"""Where a log entry begins: a heading or list item that starts with a date, in every spelling people use."""

from __future__ import annotations

import re
from typing import NamedTuple

from plaincrm.dates import Day, parse_day
from plaincrm.document.nodes import new_tuple

# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_DATE = (
    r"(?a)(\*{1,2}|_{1,2})?(\[\[|\[)?"
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}|\d{4})"
    r"(?:\|[^\[\]\n]{0,80})?(\]{1,2})?([:.]?)(\*{1,2}|_{1,2})?"
    r"(:)?(?=[\s\u00a0:|,–—T]|$)"
)
_PLAIN_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?= \w)")  # nearly all: a whole date and words
_SEPARATOR = r"\s*(?:[:|–—]|-(?=\s))\s*"
_LIST_MARK = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[(.)\][ \t]+)?")
_HEADING = re.compile(r"(#{1,6})[ \t]+")


class Opening(NamedTuple):
    """The start of a log entry on its line: the date as typed, what it means, and where the words behind it begin."""

    date_text: str
    date_start: int
    date_end: int
    day: Day | None  # None: it looks like a date and is none
    words_start: int


def heading_level(line: str) -> int:
    """The level of an ATX heading, 0 for any other line."""
    match = _HEADING.match(line)
    return match.end(1) if match else 0


def heading_opening(line: str, offset: int) -> Opening | None:
    """The log entry that a heading starts; a bare year or month (`## 2026`) only groups what follows."""
    match = _HEADING.match(line)
    opening = _opening(line, match.end(), offset) if match else None
    if opening and len(opening.date_text) < 8 and not line[opening.words_start - offset :].strip():
        return None
    return opening


def item_opening(line: str, offset: int) -> Opening | None:
    """The log entry that a list item starts; a task is a promise and no entry, unless it is ticked."""
    match = _LIST_MARK.match(line)
    if match is None or match[1] not in (None, "x", "X"):
        return None
    return _opening(line, match.end(), offset)


def _opening(line: str, at: int, offset: int) -> Opening | None:
    if plain := _PLAIN_DATE.match(line, at):
        text, (start, end) = plain[0], plain.span()
        return new_tuple(Opening, (text, offset + start, offset + end, parse_day(text), offset + end))
    match = re.compile(_DATE).match(line, at)
    if match is None:
        return None
    emphasis, bracket, text, closed, colon, shut, after = match.groups("")
    if len(bracket) != len(closed) or (shut and shut != emphasis):
        return None  # "2026-11-20** as" is no emphasis; emphasis that goes on behind the date is
    start, end = match.start("date"), match.end()
    separator = re.compile(_SEPARATOR).match(line, end)
    if len(text) < 8 and not (colon or after or separator or not line[end:].strip()):
        return None  # "2024 was a good year", "2000 EUR came in"
    if separator:
        end = separator.end()
    return Opening(text, offset + start, offset + start + len(text), parse_day(text), offset + end)
