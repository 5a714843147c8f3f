"""The table of fields shown."""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.render.lines import BLANK, Column, Line, Piece, line, table, wrapped
from plaincrm.reports.fields import FieldRow

FIELDS = FieldRow._fields
_TITLES = {
    "customer": "Front matter of a customer",
    "entry": "In log entries, as [key:: value]",
    "deal": "In deals, as [key:: value]",
    "task": "In promises, as [key:: value]",
}


def text(rows: tuple[FieldRow, ...], width: int) -> Iterator[Line]:
    """The fields by where they stand, with their Finnish names and what they are for."""
    columns = (Column("Field", least=8), Column("Finnish", least=8), Column("Type"))
    cells = [(row.key, row.label_fi, f"{row.type}, several" if row.many else row.type) for row in rows]
    titles, *lines = table(columns, cells, width)
    scope = ""
    for row, shown in zip(rows, lines, strict=True):
        if row.scope != scope:
            yield from (BLANK,) if scope else (titles, BLANK)
            yield line(Piece(_TITLES[row.scope], "bold cyan"))
            scope = row.scope
        yield shown
        for part in wrapped(_help(row), width - 4):
            yield line(Piece(f"    {part}", "dim"))


def _help(row: FieldRow) -> str:
    """What a field is for, and what it may be."""
    return f"{row.help} ({', '.join(row.choices)})" if row.choices else row.help
