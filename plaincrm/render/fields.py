"""The table of fields shown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from plaincrm.render.lines import BLANK, Column, Line, Piece, line, table
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
    for scope, of in groupby(rows, key=lambda row: row.scope):
        if scope != rows[0].scope:
            yield BLANK
        yield line(Piece(_TITLES[scope], "bold cyan"))
        cells = [[row.key, row.label_fi, f"{row.type}, several" if row.many else row.type, _help(row)] for row in of]
        columns = (Column("Field", style="bold"), Column("Finnish"), Column("Type"), Column("What for", flexible=True))
        yield from table(columns, cells, width)


def _help(row: FieldRow) -> str:
    choices = f" ({', '.join(row.choices)})" if row.choices else ""
    return row.help + choices
