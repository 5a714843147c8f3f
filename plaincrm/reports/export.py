"""What is exported: rows of one kind, columns of one's own choice, read from the index some at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Literal, NamedTuple

from plaincrm.errors import UsageError
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.money import from_units
from plaincrm.records.values import nearest
from plaincrm.reports.columns import ListColumn, column_of, columns_of, split_keys, values_of
from plaincrm.reports.permitted import Permitted

Kind = Literal["text", "list", "date", "amount", "number", "whole", "yes/no"]
Cell = str | tuple[str, ...] | Decimal | int | bool | None  # dates are ISO text


class ExportColumn(NamedTuple):
    """A column: its key, which is its header too, and what its cells are; `amount` is money in the row's currency."""

    key: str
    kind: Kind = "text"


class Export(NamedTuple):
    """Rows to be written: what they are of, their columns, and the rows themselves, which can be gone through once."""

    what: str
    columns: tuple[ExportColumn, ...]
    rows: Iterator[tuple[Cell, ...]]


class ExportReport(NamedTuple):
    """What was written: how many of what.

    `permitted` says who was left out because they may not be contacted, `notes` what the form could not hold in full,
    `unread` which notes could not be read in full.
    """

    what: str
    written: int
    permitted: Permitted | None
    notes: tuple[str, ...]
    unread: dict[str, str]


class _Source(NamedTuple):
    """Where rows come from: columns with their expressions in SQL, the tables, and the order."""

    columns: Mapping[ExportColumn, str]
    tables: str
    order: str


def _columns(of: str, texts: str, /, **kinds: str) -> dict[ExportColumn, str]:
    """The columns of a table, in the order of `texts`; all that `kinds` does not name are texts."""
    named: dict[str, Any] = {key: kind.replace("_", "/") for kind, keys in kinds.items() for key in keys.split()}
    return {ExportColumn(key, named.get(key, "text")): f"{of}.{key}" for key in texts.split()}


_SPAN = "t.line || ' ' || t.end_line"  # of an entry, whose text is taken from the note
_WHOSE = {ExportColumn("customer"): "c.customer", ExportColumn("customer_name"): "c.name"}
_WHERE = {ExportColumn("file"): "f.path"}
_SOURCES = {
    "customers": _Source({}, "customers c join files f using (file)", "c.sort_name, c.customer, f.path"),
    "contacts": _Source(
        {**_WHOSE, **_columns("t", "name role email phone"), **_WHERE, ExportColumn("line", "whole"): "t.line"},
        "contacts t join customers c on c.file = t.file join files f on f.file = t.file",
        "c.sort_name, f.path, t.position",
    ),
    "entries": _Source(
        {
            **_WHOSE,
            **_columns(
                "t", "date precision time end_time channel direction who summary mood resolved",
                date="date", yes_no="resolved",
            ),
            ExportColumn("text"): _SPAN,
            **_WHERE,
            ExportColumn("line", "whole"): "t.line",
        },
        "entries t join customers c on c.file = t.file join files f on f.file = t.file",
        "c.sort_name, f.path, t.line",
    ),
    "sales": _Source(
        {
            **_columns("t", "date invoice", date="date"),
            **_WHOSE,
            **_columns("t", "product currency revenue cost margin", amount="revenue cost margin"),
            **_WHERE,
            ExportColumn("line", "whole"): "t.line",
        },
        "sales t join customers c on c.file = t.file join files f on f.file = t.file",
        "t.date, f.path, t.line, t.position",
    ),
    "tasks": _Source(
        {
            **_WHOSE,
            **_columns(
                "t", "text owes status open due scheduled start done cancelled made priority recurrence id depends_on",
                yes_no="open", date="due scheduled start done cancelled made", list="depends_on",
            ),
            **_WHERE,
            ExportColumn("line", "whole"): "t.line",
        },
        "tasks t join customers c on c.file = t.file join files f on f.file = t.file",
        "c.sort_name, f.path, t.line",
    ),
    "deals": _Source(
        {
            **_WHOSE,
            **_columns(
                "t", "name state value currency chance opened expected won lost reason",
                amount="value", whole="chance", date="opened expected won lost",
            ),
            **_WHERE,
            ExportColumn("line", "whole"): "t.line",
        },
        "deals t join customers c on c.file = t.file join files f on f.file = t.file",
        "c.sort_name, f.path, t.line",
    ),
}  # fmt: skip
WHAT = tuple(_SOURCES)
_KINDS: Mapping[str, Kind] = {"date": "date", "number": "number", "percent": "number", "money": "text"}


def export(index: Index, today: date, where: Condition, what: str, columns: str = "") -> Export:
    """The rows of some customers: customers, contacts, entries, sales, tasks or deals.

    `columns` names those that are wanted, with commas; of rows that belong to a customer also that customer's fields.
    Without it customers come with every field that one of them has, others with all that the index knows of them.

    Raises:
        UsageError: there is no such column.
    """
    source = _SOURCES[what]
    own = {column.key: column for column in source.columns}
    wanted: list[ExportColumn | ListColumn]
    if columns:
        wanted = [own.get(key) or _field(index, key, own) for key in dict.fromkeys(split_keys(columns))]
    else:
        wanted = list(source.columns) or _known_fields(index, where)
    if not wanted:
        columns_of(index.vault.config.schema, columns)  # which says so
    shown = tuple(item if isinstance(item, ExportColumn) else ExportColumn(item.key, _kind(item)) for item in wanted)
    return Export(what, shown, _rows(index, today, where, source, wanted))


def _field(index: Index, key: str, own: Mapping[str, ExportColumn]) -> ListColumn:
    try:
        return column_of(index.vault.config.schema, key)
    except UsageError as error:
        near = nearest(key, list(own))
        if not near:
            raise
        raise UsageError(error.message, f"Did you mean {near}?") from None


def _kind(column: ListColumn) -> Kind:
    if column.key == "revenue":
        return "amount"
    return "list" if column.many else _KINDS.get(column.type, "text")


def _known_fields(index: Index, where: Condition) -> list[ExportColumn | ListColumn]:
    """The id, every field that one of the customers has, in the order of the field table, their own ones, the file."""
    found = dict(
        index.rows(
            "select field, max(known) from fields v where v.file in"
            f" (select c.file from customers c where {where.sql}) group by field order by field",
            where.parameters,
        )
    )
    schema = index.vault.config.schema
    known = [column_of(schema, key) for key in schema.table.customer if key in found or key == "name"]
    own = [ListColumn(key, key, "text", many=False) for key, is_known in found.items() if not is_known]
    return [column_of(schema, "customer"), *known, *own, column_of(schema, "file")]


def _rows(
    index: Index, today: date, where: Condition, source: _Source, wanted: list[ExportColumn | ListColumn]
) -> Iterator[tuple[Cell, ...]]:
    own = [(at, item) for at, item in enumerate(wanted) if isinstance(item, ExportColumn)]
    fields = [(at, item) for at, item in enumerate(wanted) if isinstance(item, ListColumn)]
    listed = "".join(f", {source.columns[item]}" for _at, item in own)
    query = f"select c.file{listed} from {source.tables} where {where.sql} order by {source.order}"
    readers = [(at, number, _reader(item)) for number, (at, item) in enumerate(own, 1)]
    with_text = next((number for number, (_at, item) in enumerate(own, 1) if source.columns[item] == _SPAN), 0)
    for batch in index.batches(query, where.parameters):
        files = Condition(
            "c.file in (select value from json_each(?))", (json.dumps(sorted({row[0] for row in batch})),)
        )
        lines = _lines(index, files) if with_text else {}
        values = [(at, item, values_of(index, today, files, item)) for at, item in fields]
        for row in batch:
            cells: list[Cell] = [None] * len(wanted)
            for at, number, read in readers:
                cells[at] = read(row[number]) if number != with_text else _text(lines[row[0]], row[number])
            for at, item, of in values:
                cells[at] = _field_cell(item, of.get(row[0]))
            yield tuple(cells)


def _lines(index: Index, files: Condition) -> dict[int, list[str]]:
    """The lines of notes by file, without their ends, as the notes' own line numbers count them."""
    rows = index.rows(
        f"select n.file, n.text from notes n join customers c using (file) where {files.sql}", files.parameters
    )
    return {file: text.replace("\r\n", "\n").split("\n") for file, text in rows}


def _text(lines: list[str], span: str) -> str:
    first, last = map(int, span.split())
    return "\n".join(lines[first - 1 : last]).rstrip()


def _reader(column: ExportColumn) -> Callable[[Any], Cell]:
    return _READERS.get(column.kind, _as_it_is)


def _as_it_is(value: Any) -> Cell:  # noqa: ANN401 (of SQLite)
    found: Cell = value
    return found


def _known(read: Callable[[Any], Cell], value: Any) -> Cell:  # noqa: ANN401 (of SQLite)
    return None if value is None else read(value)


_READERS: Mapping[str, Callable[[Any], Cell]] = {
    "amount": partial(_known, from_units),
    "yes/no": partial(_known, bool),
    "list": lambda value: tuple(value.split(",")) if value else (),
}


def _field_cell(column: ListColumn, value: Any) -> Cell:  # noqa: ANN401 (of any column)
    if column.many:
        return tuple(value or ())
    if _kind(column) == "number" and isinstance(value, str):
        return Decimal(value)
    found: Cell = value
    return found


def companies(index: Index) -> dict[str, str]:
    """The names of the companies that people work for, by the links that lead to them."""
    return dict(
        index.rows(
            "select v.value, n.name from fields v join customers n on n.key = link_key(v.value)"
            " where v.field = 'company'"
        )
    )
