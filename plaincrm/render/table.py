"""A table of any columns shown: what SQL answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plaincrm.render.escape import terminal
from plaincrm.render.lines import BLANK, Column, Line, Piece, clipped, fits, line, padded, table, width_of, wrapped
from plaincrm.reports.sql import Table


def data(found: Table) -> list[dict[str, Any]]:
    """The rows as JSON objects; bytes as hexadecimal text."""
    return [{name: _plain(value) for name, value in zip(found.columns, row, strict=True)} for row in found.rows]


def text(found: Table, width: int) -> Iterator[Line]:
    """The rows under their titles, numbers to the right; each row by itself where the columns are too many."""
    numbers = [
        bool(found.rows) and all(row[at] is None or isinstance(row[at], int | float) for row in found.rows)
        for at in range(len(found.columns))
    ]
    columns = [
        Column(name, "right" if number else "left", least=0 if number else 8)
        for name, number in zip(found.columns, numbers, strict=True)
    ]
    rows = [["" if value is None else str(_plain(value)) for value in row] for row in found.rows]
    if not rows or fits(columns, rows, width):
        yield from table(columns, rows, width)
    else:
        yield from apart(found.columns, rows, width)
    yield BLANK
    yield line(Piece(f"{len(rows)} row{'s' if len(rows) != 1 else ''}", "dim"))


def apart(names: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[Line]:
    """Each row as a block: a column a line, empty ones left out."""
    left = min(max(width_of(terminal(name)) for name in names), width // 2)
    for at, row in enumerate(rows):
        if at:
            yield BLANK
        for name, value in zip(names, row, strict=True):
            for part_at, part in enumerate(wrapped(value, width - left - 2)):
                label = "" if part_at else clipped(name, left)
                yield line(Piece(f"{padded(label, left)}  ", "dim"), part)


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value
