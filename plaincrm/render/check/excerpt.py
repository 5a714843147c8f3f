"""The user's own line with the span in it, cut around the span where it is longer than the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.render.escape import log_characters
from plaincrm.render.lines import clipped, width_of


class Excerpt(NamedTuple):
    """A line as it is shown, and where in it the mark stands, in columns of a terminal."""

    text: str
    indent: int
    length: int


def excerpt(item: Diagnostic, text: str, room: int) -> Excerpt | None:
    """The part of a diagnostic's first line that fits so many columns; None where it is about no line."""
    if item.of_file:
        return None
    return marked(text, item.column - 1, item.end_column - 1 if item.end_line == item.line else len(text), room)


def marked(text: str, start: int, end: int, room: int) -> Excerpt | None:
    """The part of a line around a span of it that fits so many columns; None where nothing would be seen."""
    if not text.strip():
        return None
    text = text.rstrip().replace("\t", " ")
    start, end = min(start, len(text)), min(end, len(text))
    first, last = max(0, start - 2 * room), start + 2 * room  # as much as can be seen; a line may be a megabyte long
    shown = log_characters(text[first:last])
    before, marked, after = _joined(shown, start - first, max(start, end) - first)
    context = min(20, room // 3)
    if first or (width_of(before + marked) + bool(after) > room and width_of(before) > context):
        before = f"…{_last(before, context)}"
    indent = width_of(before)
    length = width_of(before + marked) - indent
    return Excerpt(clipped(before + marked + after, room), indent, max(1, min(length, room - indent)))


def _joined(shown: Sequence[str], start: int, end: int) -> tuple[str, str, str]:
    return "".join(shown[:start]), "".join(shown[start:end]), "".join(shown[end:])


def _last(text: str, width: int) -> str:
    """The end of a text that fits a width; it begins with no mark that belongs to the character before."""
    text = text[-width:]
    while width_of(text) > width or (text and not width_of(text[0])):
        text = text[1:]
    return text
