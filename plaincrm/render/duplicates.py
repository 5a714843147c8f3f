"""Customers who may be one, shown: a table a pair, and what to type next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from plaincrm.render.lines import Column
from plaincrm.render.sheet import Cell, Grid, Prose, Row, Sheet
from plaincrm.reports.duplicates import Duplicates, Pair, Shared

FIELDS = (
    "first",
    "second",
    "score",
    "speaks",
    "field",
    "first_value",
    "first_file",
    "first_line",
    "second_value",
    "second_file",
    "second_line",
)


def data(report: Duplicates) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "pairs": [
            {
                "first": _side(pair.first.customer, pair.first.name, pair.first.path),
                "second": _side(pair.second.customer, pair.second.name, pair.second.path),
                "points": pair.points,
                "score": pair.score,
                "shared": pair.shared,
                "against": pair.against,
            }
            for pair in report.pairs
        ],
        "customers": report.customers,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def _side(customer: str, name: str, file: str) -> dict[str, str]:
    return {"customer": customer, "name": name, "file": file}


def rows(report: Duplicates) -> Iterator[tuple[object, ...]]:
    """A row a thing that speaks for a pair or against it."""
    for pair in report.pairs:
        one, two = pair.first, pair.second
        for speaks, said in (("for", pair.shared), ("against", pair.against)):
            for field, first, first_line, second, second_line in said:
                sides = first, one.path, first_line, second, two.path, second_line
                yield one.customer, two.customer, pair.score, speaks, field, *sides


def sheet(report: Duplicates) -> Sheet:
    """Pair by pair, the likeliest first, each with what to type next."""
    count = f"{report.total:,} pair{'s' if report.total != 1 else ''}"
    left = report.total - len(report.pairs)
    return Sheet(
        "Customers who may be one",
        f"{count} among {report.customers:,} customers",
        tuple(part for pair in report.pairs for part in (_grid(pair), _next(pair))),
        ((f"and {left:,} more pairs; --limit 0 shows all.",) if left else ()),
        report.unread,
    )


def _grid(pair: Pair) -> Grid:
    columns = (Column("Field"), Column("As written", least=16), Column("Where", least=24))
    said = [row for shared in pair.shared for row in _rows(pair, shared, shared.field)]
    said += [row for shared in pair.against for row in _rows(pair, shared, f"not {shared.field}")]
    return Grid(f"{pair.first.name} and {pair.second.name}: {pair.score}", columns, tuple(said))


def _rows(pair: Pair, shared: Shared, name: str) -> Iterator[Row]:
    one, two = pair.first, pair.second
    yield name, shared.first, Cell(f"{one.path}:{shared.first_line}", one.customer, one.path)
    yield "", shared.second, Cell(f"{two.path}:{shared.second_line}", two.customer, two.path)


def _next(pair: Pair) -> Prose:
    """The two commands that settle it."""
    ids = shlex.join((pair.first.customer, pair.second.customer))
    return Prose("", (f"plaincrm merge {ids}", f"plaincrm duplicates --not-same {ids}"))
