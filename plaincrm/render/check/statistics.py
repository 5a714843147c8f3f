"""A check in numbers: how many faults of each code, instead of the faults themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.checks.check import CheckReport
from plaincrm.checks.statistics import Count, statistics
from plaincrm.render.check.data import counts
from plaincrm.render.check.full import COLORS
from plaincrm.render.check.summary import summary
from plaincrm.render.lines import BLANK, Column, Line, Piece, table

FIELDS = Count._fields

_COLUMNS = (Column("Faults", "right"), Column("Severity"), Column("Code", least=12), Column("Fixable", "right"))


def data(report: CheckReport) -> dict[str, Any]:
    """The numbers as JSON has them."""
    return {**counts(report), "statistics": statistics(report.diagnostics)}


def rows(report: CheckReport) -> list[Count]:
    """The numbers as CSV has them."""
    return [*statistics(report.diagnostics)]


def text(report: CheckReport, width: int) -> Iterator[Line]:
    """A line a code, the most frequent first."""
    found = statistics(report.diagnostics)
    if found:
        rows = [[str(row.faults), row.severity, row.code, str(row.fixable or "")] for row in found]
        titles, *lines = table(_COLUMNS, rows, width)
        yield titles
        for row, one in zip(found, lines, strict=True):
            yield tuple(Piece(piece.text, piece.style or COLORS[row.severity]) for piece in one)
        yield BLANK
    yield from summary(report, width)
