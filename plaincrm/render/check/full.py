"""Diagnostics for people: where, what is wrong, the user's own line with the span marked, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plaincrm.checks.check import CheckReport
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.render.check.excerpt import excerpt
from plaincrm.render.check.summary import summary
from plaincrm.render.escape import log_line
from plaincrm.render.lines import BLANK, Line, Piece, line, wrapped

COLORS = {"error": "red", "warning": "yellow", "hint": "cyan"}


def text(report: CheckReport, lines_of: Mapping[tuple[str, int], str], width: int) -> Iterator[Line]:
    """Each diagnostic with its line; `lines_of` has the text of the lines by file and number."""
    for item in report.diagnostics:
        yield line(
            Piece(log_line(f"{item.file}:{item.line}:{item.column}: "), "bold"),
            Piece(f"{item.severity} {item.code}", f"bold {COLORS[item.severity]}"),
            f": {log_line(item.message)}",
            Piece(" (fixable)" if item.fixable else "", "dim"),
        )
        yield from _excerpt(item, lines_of.get((item.file, item.line), ""), width - 2)
        yield from (line(Piece(f"  {log_line(part)}", "dim")) for part in wrapped(item.help, width - 2))
    if report.diagnostics:
        yield BLANK
    yield from summary(report, width)


def _excerpt(item: Diagnostic, own: str, room: int) -> Iterator[Line]:
    shown = excerpt(item, own, room)
    if shown:
        yield line(f"  {shown.text}")
        yield line(f"  {' ' * shown.indent}", Piece("^" * shown.length, COLORS[item.severity]))
