"""The list with columns of one's own choice, and in an order of one's own: any field, and what the notes add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import parse_duration
from plaincrm.errors import UsageError
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.index.talks import SPOKEN
from plaincrm.language import unaccented
from plaincrm.money import from_units
from plaincrm.records.schema import Schema
from plaincrm.records.values import nearest

Value = str | Decimal | tuple[str, ...] | None
Rank = tuple[Decimal, str]  # of a value among its column's: what it counts, and its text without case and diacritics

# What is no field of the notes, but known to the query language: key -> title and type.
DERIVED = {
    "customer": ("Id", "text"),
    "file": ("File", "text"),
    "last_contact": ("Last contact", "date"),
    "revenue": ("Revenue", "money"),
}
_SAME = {"id": "customer"}


class ListColumn(NamedTuple):
    """One column: the canonical key, its title, the type of its values, and whether there may be several."""

    key: str
    title: str
    type: str
    many: bool


class ColumnListing(NamedTuple):
    """The customers of a query with the values of some columns: Decimal for revenue, text as notes have it, or None.

    `matched` is how many the query names, of which a limit may have left out some; `total` how many there are.
    `unread` names notes that could not be read in full.
    """

    columns: tuple[ListColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
    matched: int
    total: int
    unread: dict[str, str]


def columns_of(schema: Schema, text: str) -> tuple[ListColumn, ...]:
    """The columns that a text names, with commas between them.

    Raises:
        UsageError: there is no such column, or none is named.
    """
    found = tuple(dict.fromkeys(column_of(schema, key) for key in split_keys(text)))
    if not found:
        raise UsageError("--columns: no column is named.", "Write --columns name,city,last_contact.")
    return found


def column_listing(
    index: Index, today: date, where: Condition, columns: tuple[ListColumn, ...], sort: str = "", limit: int = 0
) -> ColumnListing:
    """The customers for which a condition holds with the values of some columns, by name or as `sort` says."""
    files = in_order(index, today, where, sort)
    values = [values_of(index, today, where, column) for column in columns]
    shown = files[:limit] if limit else files
    rows = tuple(
        tuple(of.get(file, () if column.many else None) for column, of in zip(columns, values, strict=True))
        for file in shown
    )
    total: int = index.rows("select count(*) from customers")[0][0]
    return ColumnListing(columns, rows, len(files), total, unread(index))


def in_order(index: Index, today: date, where: Condition, sort: str) -> list[int]:
    """The files of the customers for which a condition holds, by the keys of `sort`, and then by name.

    A key with a minus turns its order round; customers without a value come last in either.

    Raises:
        UsageError: a key is none.
    """
    schema = index.vault.config.schema
    keys = [(column_of(schema, key.removeprefix("-"), "--sort"), key.startswith("-")) for key in split_keys(sort)]
    files = [
        file
        for (file,) in index.rows(
            f"select c.file from customers c join files f using (file) where {where.sql}"
            " order by c.sort_name, c.customer, f.path",
            where.parameters,
        )
    ]
    for column, backwards in reversed(keys):  # the last key first: each sorting keeps the order of the one before
        rank = _ranking(schema, column)
        ranks = {file: rank(value) for file, value in values_of(index, today, where, column).items()}
        known = sorted((file for file in files if file in ranks), key=ranks.__getitem__, reverse=backwards)
        files = [*known, *(file for file in files if file not in ranks)]
    return files


def split_keys(text: str) -> list[str]:
    """The keys in a text with commas between them."""
    return [key for part in text.split(",") if (key := part.strip())]


def column_of(schema: Schema, key: str, option: str = "--columns") -> ListColumn:
    """The column of a key, in any spelling that notes may have.

    Raises:
        UsageError: there is no such column.
    """
    name = _SAME.get(key, key)
    if name in DERIVED:
        return ListColumn(name, *DERIVED[name], many=False)
    field = schema.table.find(key)
    if field is None:
        near = nearest(key, (*schema.table.customer, *DERIVED))
        remedy = f"Did you mean {near}?" if near else "See plaincrm fields, and last_contact, revenue, customer, file."
        raise UsageError(f"{option}: there is no field {key}.", remedy)
    title = field.label()
    return ListColumn(field.key, title[:1].upper() + title[1:], field.type, field.many)


def values_of(index: Index, today: date, where: Condition, column: ListColumn) -> Mapping[int, Value]:
    """The values of one column by file, customers without one left out."""
    day = today.isoformat()
    if column.key == "last_contact":
        query = f"select c.file, {SPOKEN} from customers c where {where.sql}"
        return _known(index.rows(query, (day, *where.parameters)))
    if column.key == "revenue":
        query = (
            "select c.file, (select sum(revenue) from sales s where s.file = c.file and s.date <= ? and s.currency = ?)"
            f" from customers c where {where.sql}"
        )
        found = _known(index.rows(query, (day, index.vault.config.currency, *where.parameters)))
        return {file: from_units(units) for file, units in found.items()}
    if column.key in ("customer", "name", "file"):
        of = "f.path" if column.key == "file" else f"c.{column.key}"
        query = f"select c.file, {of} from customers c join files f using (file) where {where.sql}"
        return _known(index.rows(query, where.parameters))
    query = (
        "select v.file, v.value from customers c join fields v on v.file = c.file and v.field = ?"
        f" where {where.sql} order by v.file, v.position"
    )
    rows = index.rows(query, (column.key, *where.parameters))
    return _several(rows) if column.many else dict(reversed(rows))


def _known(rows: Iterable[tuple[Any, ...]]) -> dict[int, Any]:
    return {file: value for file, value in rows if value is not None}


def _several(rows: Iterable[tuple[int, str]]) -> dict[int, Value]:
    found: dict[int, list[str]] = {}
    for file, value in rows:
        found.setdefault(file, []).append(value)
    return {file: tuple(values) for file, values in found.items()}


def _ranking(schema: Schema, column: ListColumn) -> Callable[[Value], Rank]:
    """What the values of a column are sorted by.

    Dates and numbers go by their value, lengths of time by their days, stages, tiers and choices of one's own by the
    order in the settings, all others as text; of several values the first ones count.
    """
    field = schema.table.customer.get(column.key)
    choices = field.choices if field else ()
    listed = choices if isinstance(choices, tuple) else schema.choices(choices) if choices in _ORDERED else ()
    places = {choice: Decimal(at) for at, choice in enumerate(listed)}

    def rank(value: Value) -> Rank:
        if isinstance(value, Decimal):
            return value, ""
        text = ", ".join(value) if isinstance(value, tuple) else value or ""
        return places.get(text, Decimal(len(places))) if places else _counted(text, column.type), unaccented(text)

    return rank


_ORDERED = ("stages", "tiers")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_NEVER = Decimal(10**6)


def _counted(text: str, kind: str) -> Decimal:
    """The number that a value of the notes stands for; 0 where it is a text."""
    if kind in ("number", "percent"):
        return Decimal(text)
    if kind == "money":
        amount, _currency, _sign = text.partition(" ")
        return Decimal(amount)
    if kind in ("cadence", "period"):
        length = parse_duration(text)
        return Decimal(length.count * _DAYS[length.unit]) if length else _NEVER
    return Decimal(0)
