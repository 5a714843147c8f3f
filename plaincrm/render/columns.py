"""The list shown with columns of one's own choice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from plaincrm.render.amounts import amount
from plaincrm.render.lines import BLANK, Column, Line, fits, table, width_of
from plaincrm.render.listing import counted
from plaincrm.render.notes import unread_lines
from plaincrm.render.table import apart
from plaincrm.reports.columns import ColumnListing, ListColumn, Value

_WHOLE = frozenset(("date", "birthday", "number", "percent", "money", "cadence", "period"))  # half of them says nothing
_RIGHT = frozenset(("number", "percent", "money"))


def fields(report: ColumnListing) -> tuple[str, ...]:
    """The keys of the columns, which head a table of CSV."""
    return tuple(column.key for column in report.columns)


def data(report: ColumnListing) -> dict[str, Any]:
    """The list as JSON has it: the keys of the default list, with other values in each customer."""
    keys = fields(report)
    return {
        "customers": [dict(zip(keys, row, strict=True)) for row in report.rows],
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def text(report: ColumnListing, width: int) -> Iterator[Line]:
    """A line a customer; each by itself where the columns are too many for the page."""
    columns = [shown(column) for column in report.columns]
    rows = [[cell(value) for value in row] for row in report.rows]
    if rows:
        if fits(columns, rows, width):
            yield from table(columns, rows, width)
        else:
            yield from apart([column.title for column in columns], rows, width)
        yield BLANK
    yield from counted(len(rows), report.matched, report.total)
    yield from unread_lines(report.unread, width)


def shown(column: ListColumn) -> Column:
    """A column as tables have it."""
    whole = column.type in _WHOLE and not column.many
    least = 0 if whole else max(18 if column.key == "name" else 8, width_of(column.title))
    return Column(column.title, "right" if column.type in _RIGHT and not column.many else "left", least)


def cell(value: Value) -> str:
    """A value as text."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return amount(value)
    return value if isinstance(value, str) else ", ".join(value)
