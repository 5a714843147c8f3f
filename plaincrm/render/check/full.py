"""Diagnostics for people: where, what is wrong, the user's own line with the span marked, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plaincrm.checks.check import CheckReport
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.render.check.excerpt import excerpt
from plaincrm.render.check.summary import summary
from plaincrm.render.escape import log_line
from plaincrm.render.lines import BLANK, Line, Piece, line, width_of, wrapped

COLORS = {"error": "red", "warning": "yellow", "hint": "cyan"}


def text(report: CheckReport, lines_of: Mapping[tuple[str, int], str], width: int) -> Iterator[Line]:
    """Each diagnostic with its line; `lines_of` has the text of the lines by file and number."""
    for item in report.diagnostics:
        yield from _head(item, width)
        yield from _excerpt(item, lines_of.get((item.file, item.line), ""), width - 2)
        yield from (line(Piece(f"  {log_line(part)}", "dim")) for part in _remedy(item, width - 2))
    if report.diagnostics:
        yield BLANK
    yield from summary(report, width)


def _remedy(item: Diagnostic, width: int) -> list[str]:
    """What to do; a command stands in a line of its own, however long, so that it can be pasted."""
    words, *commands = item.help.split("\n")
    return [*wrapped(words, width), *commands]


_FIXABLE = " (fixable)"


def _head(item: Diagnostic, width: int) -> Iterator[Line]:
    """Place, code and message; the place is never broken, so that a terminal can open it. A folder has no lines."""
    at = item.file if item.file.endswith("/") else f"{item.file}:{item.line}:{item.column}"
    place = Piece(log_line(f"{at}: "), "bold")
    code = Piece(f"{item.severity} {item.code}", f"bold {COLORS[item.severity]}")
    taken = width_of(place.text)
    if taken + width_of(code.text) + 1 > width:
        yield line(place)
        place, taken = Piece("    "), 4
    words = f"{'.' * (taken - 1)} {code.text}: {item.message}{_FIXABLE if item.fixable else ''}"
    first, *more = wrapped(words, width, indent=4)
    yield line(place, code, *_message(first[taken + len(code.text) :]))
    yield from (line(*_message(part)) for part in more)


def _message(text: str) -> tuple[Piece, ...]:
    """A line of the message; the last words of one that can be mended are dim."""
    message, fixable, _ = text.partition(_FIXABLE)
    return Piece(log_line(message)), Piece(fixable, "dim")


def _excerpt(item: Diagnostic, own: str, room: int) -> Iterator[Line]:
    shown = excerpt(item, own, room)
    if shown:
        yield line(f"  {shown.text}")
        yield line(f"  {' ' * shown.indent}", Piece("^" * shown.length, COLORS[item.severity]))
