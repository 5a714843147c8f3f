"""Diagnostics shown: where, the user's own line with the span marked, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.checks.check import CheckReport
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.render.escape import terminal
from plaincrm.render.lines import BLANK, Line, Piece, clipped, line, width_of, wrapped

COLORS = {"error": "red", "warning": "yellow", "hint": "cyan"}
FIELDS = ("file", "line", "column", "severity", "code", "message", "help", "fixable")


def data(report: CheckReport) -> dict[str, Any]:
    """The report as JSON has it."""
    diagnostics = [{name: getattr(item, name) for name in FIELDS} for item in report.diagnostics]
    return {
        "files": report.files,
        "errors": report.errors,
        "warnings": report.warnings,
        "hints": report.hints,
        "known": report.known,
        "gone": report.gone,
        "diagnostics": diagnostics,
    }


def text(report: CheckReport, lines_of: dict[tuple[str, int], str], width: int) -> Iterator[Line]:
    """Each diagnostic with its line; `lines_of` has the text of the lines by file and number."""
    for item in report.diagnostics:
        style = f"bold {COLORS[item.severity]}"
        yield line(
            Piece(f"{item.file}:{item.line}:{item.column}: ", "bold"),
            Piece(f"{item.severity} {item.code}", style),
            f": {item.message}",
        )
        yield from _excerpt(item, lines_of.get((item.file, item.line), ""), width)
        yield from (line(Piece(f"  {part}", "dim")) for part in wrapped(item.help, width - 2))
    if report.diagnostics:
        yield BLANK
    (said,) = summary(report)
    yield from (line(Piece(part, said.style)) for part in wrapped(said.text, width))


def _excerpt(item: Diagnostic, shown: str, width: int) -> Iterator[Line]:
    """The user's own line and a mark under the span; a long line is cut around the place."""
    if not shown.strip():
        return
    room = width - 2
    start = item.column - 1
    end = item.end_column - 1 if item.end_line == item.line else len(shown)
    seen = start < room and width_of(terminal(shown[: min(end, start + width)])) <= room
    cut = 0 if seen else max(0, start - 20)
    parts = shown[cut:start], shown[start : min(end, start + width)], shown[max(start, end) : start + width]
    before, marked, after = (terminal(part.replace("\t", " ")) for part in parts)
    yield line(f"  {clipped(before + marked + after, room)}")
    indent = min(width_of(before), room - 1)
    length = max(1, min(width_of(marked), room - indent))
    yield line(f"  {' ' * indent}", Piece("^" * length, COLORS[item.severity]))


def summary(report: CheckReport) -> Line:
    """One line with the counts."""
    if not report.files:
        return line("No notes checked: there are none.")
    if not report.diagnostics:
        return line(Piece(f"{_count(report.files, 'note')} checked: all is well.", "green"))
    numbers = ((report.errors, "error"), (report.warnings, "warning"), (report.hints, "hint"))
    *first, last = (_count(number, what) for number, what in numbers if number)
    found = f"{', '.join(first)} and {last}" if first else last
    return line(Piece(f"{found} in {_count(report.files, 'note')}.", "bold"))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
