"""From a customer to the rows of the index: plain tuples in the order of schema.sql."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from datetime import time as Clock
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

from plaincrm.document.document import Document, read_document
from plaincrm.document.nodes import new_tuple
from plaincrm.document.source import Source, Unreadable, is_generated
from plaincrm.errors import Fault
from plaincrm.index.buyers import purchases
from plaincrm.index.digest import sha1
from plaincrm.index.feedback import FEEDBACK, Remark, displeased, is_bad
from plaincrm.index.seasons import season_days
from plaincrm.index.tables import Row, Rows
from plaincrm.index.talks import Contact, talks
from plaincrm.language import unaccented
from plaincrm.money import to_units
from plaincrm.records.identity import identities
from plaincrm.records.model import Customer, Deal, LogEntry, Task
from plaincrm.records.read import Record, read_record
from plaincrm.records.schema import Schema
from plaincrm.records.values import as_text


def blob_id(data: bytes) -> str:
    """The id under which git keeps these bytes (SHA-1 of a header and the content)."""
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def read_file(
    file: int, disk_path: str, path: str, known_blob: str, read: Callable[[str], bytes]
) -> tuple[str, bytes | Rows | None]:
    """The blob id of one file and the note that `read` gives: rows where it is none, nothing where it is the known one.

    Never raises: a file whose bytes cannot be had is listed by its name, with the reason as its diagnostic.
    """
    try:
        data = read(disk_path)
    except Unreadable as error:
        return "", _rows_of_unread(file, path, error.fault)
    blob = blob_id(data)
    if blob == known_blob:
        return blob, None
    return blob, {} if is_generated(data) else data


def rows_of_all(notes: Iterable[tuple[int, str, bytes]], schema: Schema) -> list[Rows]:
    """The rows of notes by file, path in the vault and bytes.

    Each step is taken with all of them before the next one: what it needs then stays in the processor's cache, which
    saves a tenth of the time.
    """
    documents = [(file, path, read_document(data)) for file, path, data in notes]
    records = [(file, document, read_record(document, path, schema)) for file, path, document in documents]
    return [_rows(file, document, record, schema) for file, document, record in records]


def rows_of(file: int, path: str, document: Document, schema: Schema) -> Rows:
    """Every row that one note gives."""
    return _rows(file, document, read_record(document, path, schema), schema)


def _rows(file: int, document: Document, record: Record, schema: Schema) -> Rows:
    customer, source = record.customer, document.source
    entries = [_entry_row(file, customer.id, entry) for entry in customer.entries]
    sales = list(_sale_rows(file, customer, schema))
    rows: Rows = {
        "notes": [(file, customer.name, source.text)],
        "customers": [_customer_row(file, customer, entries)],
        "fields": list(_field_rows(file, customer)),
        "contacts": [
            (file, at, item.line, customer.id, item.value.name, item.value.email, item.value.phone, item.value.role)
            for at, item in enumerate(customer.fields.get("contacts", ()))
        ],
        "identities": [
            (file, kind, value, line, customer.id, shown, person)
            for kind, value, line, shown, person in identities(customer, schema)
        ],
        "entries": entries,
        "tasks": [_task_row(file, customer.id, task) for task in customer.tasks],
        "measures": list(_measure_rows(file, customer)),
        "sales": sales,
        "buyers": list(_buyer_rows(file, sales, schema)),
        "seasons": [(file, day) for day in sorted(season_days(_purchases(customer), schema.season))],
        "deals": [_deal_row(file, customer.id, deal) for deal in customer.deals],
        "links": [
            (file, at, link.line, customer.id, link.target, link.field) for at, link in enumerate(customer.links)
        ],
        "diagnostics": list(_diagnostic_rows(file, source, record.faults)),
        "ignores": [
            (file, at, *source.place(item.start), *source.place(item.end), item.code, item.reason)
            for at, item in enumerate(document.ignores)
        ],
    }
    if source.odd:
        return {table: [tuple(_clean(value) for value in row) for row in found] for table, found in rows.items()}
    return rows


def _clean(value: Any) -> Any:  # noqa: ANN401 (any value of a row)
    """Text without lone surrogates (bytes that were no UTF-8), which SQLite cannot hold."""
    if not isinstance(value, str) or value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode()
    return value


def _rows_of_unread(file: int, path: str, found: Fault) -> Rows:
    customer_id = path.rpartition("/")[2].rpartition(".")[0]
    unknown = Customer(id=customer_id, path=path, name=customer_id, fields={}, other={})
    return {
        "customers": [_customer_row(file, unknown, [])],
        "notes": [(file, customer_id, "")],
        "diagnostics": list(_diagnostic_rows(file, Source(""), [found])),
    }


def _diagnostic_rows(file: int, source: Source, faults: Iterable[Fault]) -> Iterator[Row]:
    ordered = sorted(faults, key=lambda item: (item.start, item.end, item.code))
    for at, item in enumerate(ordered):
        facts = json.dumps(dict(item.facts))
        yield (file, at, item.code, *source.place(item.start), *source.place(item.end), facts, item.fix)


def _customer_row(file: int, customer: Customer, entries: list[Row]) -> Row:
    """The row of a customer, whose `entries` are rows already."""
    sums = talks(map(_contact_of, filter(_IS_CONTACT, entries)))
    first = {key: values[0].value for key, values in customer.fields.items()}.get
    since, cadence = _iso(first("since")), first("cadence")
    return (
        file,
        customer.id,
        unicodedata.normalize("NFC", customer.id).casefold(),
        customer.name,
        unaccented(customer.name),
        first("type"),
        first("stage"),
        first("tier"),
        first("owner"),
        first("city"),
        ",".join(customer.tags),
        since,
        str(cadence) if cadence else None,
        _iso(first("next")),
        first("next_action"),
        first("next_channel"),
        _iso(customer.quiet),
        ",".join(customer.prefers),
        ",".join(customer.denied),
        _whole(first("reference")),
        _whole(first("learning")),
        first("birthday"),
        int(bool(customer.vision)),
        _iso(first("vision_review")),
        *sums,
        _displeased(customer),
        sums.spoken or since or min((_day(entry.date) for entry in customer.entries), default=""),
    )


_IS_CONTACT = itemgetter(9)


def _contact_of(entry: Row) -> Contact:
    """What the row of an entry tells of a contact."""
    *_place, date, _precision, time, _until, channel, _contact, direction, _who, _summary, resolved, _mood = entry
    return new_tuple(Contact, (date, time, channel or "", direction, resolved))


def _displeased(customer: Customer) -> str:
    said = ((key, value) for entry in customer.entries for key, value, _text, _line in entry.values)
    if not any(key in FEEDBACK and is_bad(key, value) for key, value in said):  # nearly always
        return ""
    return displeased(map(_remark_of, customer.entries))


def _remark_of(entry: LogEntry) -> Remark:
    bad = any(is_bad(item.key, item.value) for item in entry.values)
    ours = entry.reached and entry.direction != "in"
    answers = ours or entry.value("answers") is not None
    return Remark(_day(entry.date), _clock(entry.time), bad, answers, entry.value("resolved"))


def _purchases(customer: Customer) -> Iterator[tuple[str, date]]:
    return ((sale.product, entry.date) for entry, sale in customer.sales if sale.revenue > 0)


def _field_rows(file: int, customer: Customer) -> Iterator[Row]:
    for key, values in customer.fields.items():
        for at, (_key, value, _text, line) in enumerate(values):
            yield (file, key, at, line, customer.id, as_text(value), 1)
    for key, value in customer.other.items():
        if key not in customer.fields and value not in (None, "", []):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield (file, key, 0, 1, customer.id, text, 0)


def _entry_row(file: int, customer: str, entry: LogEntry) -> Row:
    resolved = entry.value("resolved")
    return (
        file,
        entry.line,
        entry.end_line,
        customer,
        _day(entry.date),
        entry.precision,
        _clock(entry.time),
        _clock(entry.end_time),
        entry.channel,
        int(entry.contact),
        entry.direction,
        entry.who,
        entry.summary,
        None if resolved is None else int(resolved),
        entry.value("mood"),
    )


def _task_row(file: int, customer: str, task: Task) -> Row:
    days = (task.due, task.scheduled, task.start, task.done, task.cancelled, task.made)
    return (
        file,
        task.line,
        customer,
        task.text,
        task.owes,
        task.status,
        int(task.open),
        *map(_iso, days),
        task.priority,
        task.recurrence,
        task.id,
        ",".join(task.depends_on),
    )


def _measure_rows(file: int, customer: Customer) -> Iterator[Row]:
    at = 0
    for entry in customer.entries:
        day = _day(entry.date)
        for key, value, _text, line in entry.values:
            number, text = (None, value) if type(value) is str else _measured(value)
            yield (file, at, line, entry.line, customer.id, day, key, number, text)
            at += 1


@lru_cache(maxsize=4096, typed=True)  # typed: 1 is not yes
def _measured(value: object) -> tuple[float | None, str]:
    """A value as a number, where it is one, and in its written form."""
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        return float(value), as_text(value)
    return None, as_text(value)


def _sale_rows(file: int, customer: Customer, schema: Schema) -> Iterator[Row]:
    bought = 0  # the line of the last entry with a purchase
    for at, (entry, sale) in enumerate(customer.sales):
        revenue, cost, margin = map(_units, (sale.revenue, sale.cost, sale.margin))
        is_purchase = revenue is not None and revenue > 0 and entry.line != bought and sale.currency in schema.counted
        if is_purchase:
            bought = entry.line
        place = (file, at, entry.line, customer.id, _day(entry.date))
        yield (*place, sale.currency, revenue, cost, margin, int(is_purchase), sale.product, sale.invoice)


def _buyer_rows(file: int, sales: list[Row], schema: Schema) -> Iterator[Row]:
    """The row of a customer with `sales`, which are rows already; none where they add up to nothing."""
    days = [sale[4] for sale in sales if sale[9]]
    abroad = int(any(sale[5] != schema.currency for sale in sales))
    if days:
        yield (file, *purchases(days), abroad)
    elif abroad:
        yield (file, None, None, 0, None, "", "", 1)


def _deal_row(file: int, customer: str, deal: Deal) -> Row:
    value, currency = deal.value or (None, None)
    days = map(_iso, (deal.opened, deal.expected, deal.won, deal.lost))
    return (file, deal.line, customer, deal.name, deal.state, _units(value), currency, deal.chance, *days, deal.reason)


@lru_cache(maxsize=4096)
def _units(amount: Decimal | None) -> int | None:
    return None if amount is None else to_units(amount)


@lru_cache(maxsize=8192)
def _day(day: date) -> str:
    return day.isoformat()


def _iso(day: date | None) -> str | None:
    return _day(day) if day else None


@lru_cache(maxsize=1500)  # the minutes of a day
def _clock(moment: Clock | None) -> str | None:
    return moment.isoformat("minutes") if moment else None


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)
