"""A table of any columns shown: what SQL answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.render.lines import Column, Line, table
from plaincrm.reports.sql import Table


def data(found: Table) -> list[dict[str, Any]]:
    """The rows as JSON objects; bytes as hexadecimal text."""
    return [{name: _plain(value) for name, value in zip(found.columns, row, strict=True)} for row in found.rows]


def text(found: Table, width: int) -> Iterator[Line]:
    """The rows under their titles; numbers stand to the right."""
    numbers = [
        all(row[at] is None or isinstance(row[at], int | float) for row in found.rows) and bool(found.rows)
        for at in range(len(found.columns))
    ]
    columns = [
        Column(name, "right" if number else "left", flexible=not number)
        for name, number in zip(found.columns, numbers, strict=True)
    ]
    rows = [["" if value is None else str(_plain(value)) for value in row] for row in found.rows]
    yield from table(columns, rows, width)


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
