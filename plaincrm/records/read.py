"""From a document to a customer: every field, entry, promise, sale and deal, and what is wrong with them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from plaincrm.dates import iso_form, parse_date
from plaincrm.document.body import Entry, TaskItem, section_kind
from plaincrm.document.document import Document
from plaincrm.document.inline import InlineField, inline_fields
from plaincrm.document.nodes import new_tuple
from plaincrm.document.tasks import Signifier
from plaincrm.errors import Fault, fault, named_field
from plaincrm.money import Money
from plaincrm.records.days import iso_hint
from plaincrm.records.entry import bad_time, misspelt_channel, read_head
from plaincrm.records.frontmatter import read_front_matter
from plaincrm.records.model import Customer, Deal, LinkTo, LogEntry, Party, Sale, Task, Value
from plaincrm.records.schema import Schema
from plaincrm.records.sound import contradictions
from plaincrm.records.values import BadValue, read_value


class Record(NamedTuple):
    """What one note gives: the customer, and every fault found on the way."""

    customer: Customer
    faults: tuple[Fault, ...]


def read_record(document: Document, path: str, schema: Schema) -> Record:
    """Read a note. Never raises: what cannot be read is told in `faults`, and the rest stands.

    `path` is the note's path in the vault; its file name without ending is the customer's id.
    """
    reader = _Reader(document, schema)
    front = read_front_matter(document, schema)
    customer_id = path.rpartition("/")[2].rpartition(".")[0]
    body = document.body
    sections = {section_kind(section.title): section for section in reversed(body.sections)}
    vision, notes = sections.get("vision"), next(iter(body.sections), None)
    customer = Customer(
        id=customer_id,
        path=path,
        name=front.name or customer_id,
        fields=front.fields,
        other=front.other,
        entries=tuple(reader.entries()),
        promises=tuple(reader.tasks(body.tasks, None)),
        deals=tuple(reader.deals()),
        links=(*front.links, *reader.links()),
        vision=document.text_of(vision.body_start, vision.end).strip() if vision else "",
        notes=document.text_of(notes.start, notes.end).strip() if notes and not notes.level else "",
    )
    faults = [
        *document.faults,
        *front.faults,
        *reader.faults,
        *contradictions(customer, document, schema),
    ]
    return Record(customer, tuple(dict.fromkeys(faults)))


class _Reader:
    """Reads the parts of one body, collecting faults."""

    def __init__(self, document: Document, schema: Schema) -> None:
        self.line = partial(bisect_right, document.source.line_starts)
        self.text = document.source.text
        self.body = document.body
        self.schema = schema
        self.faults: list[Fault] = []

    def entries(self) -> list[LogEntry]:
        """Newest first. Of one day the later time comes first.

        Where no times tell, it is what the file has higher up in a log that runs downwards, or lower down in one
        that runs upwards.
        """
        entries = [self._entry(entry) for entry in self.body.entries]
        if entries and entries[0].date < entries[-1].date:
            entries.reverse()
        return sorted(entries, key=_moment, reverse=True)

    def _entry(self, entry: Entry) -> LogEntry:
        opening = entry.opening
        assert opening.day is not None  # the body keeps no entry without a day
        made = opening.day.date if opening.day.precision == "day" else None
        words = self._words(entry)
        time, end_time, channel, direction, who, summary = read_head(words, self.schema)
        values = self.values(entry.inline, ("entry", "deal"))
        if time is None and (span := bad_time(self.text, opening.words_start)):
            self.faults.append(fault("bad-time", *span, value=self.text[slice(*span)]))
        if channel is None and (slip := misspelt_channel(words, self.schema)):
            at = self.text.find(slip.word, opening.words_start, entry.first_end)
            if at >= 0:  # else an inline field stands within the word
                self.faults.append(fault("misspelt-channel", at, at + len(slip.word), value=slip.word, near=slip.near))
        fields = (
            *opening.day,
            time,
            end_time,
            channel,
            self.schema.is_contact(channel),
            direction,
            who,
            summary,
            self.text[entry.first_end + 1 : entry.end].strip("\r\n").rstrip(),
            values,
            () if _SALE_PARTS.isdisjoint(map(_key, values)) else tuple(self._sales(entry, values)),
            tuple(self.tasks(entry.tasks, made)) if entry.tasks else (),
            self.line(entry.start),
            self.line(max(entry.start, entry.end - 1)),
        )
        return new_tuple(LogEntry, fields)

    def _words(self, entry: Entry) -> str:
        """What the first line says behind the date, without its inline fields."""
        at, pieces = entry.opening.words_start, []
        for item in entry.inline:
            if at <= item.start < entry.first_end:
                pieces.append(self.text[at : item.start].rstrip())
                at = item.end
        return ("".join(pieces) + self.text[at : entry.first_end]).strip()

    def _sales(self, entry: Entry, values: tuple[Value, ...]) -> Iterator[Sale]:
        """The sales of an entry; a cost or margin in another currency than the sale is named and not counted."""
        for parts in _sale_parts(values):
            money = parts.get("sale") or parts.get("cost") or parts["margin"]
            same = {key: part for key, part in parts.items() if getattr(part, "currency", "") in ("", money.currency)}
            if len(same) < len(parts):
                self.faults.append(fault("mixed-currencies", entry.start, entry.first_end))
            yield _sale(same, money.currency)

    def values(self, inline: Iterable[InlineField], scopes: tuple[str, ...]) -> tuple[Value, ...]:
        """The inline fields that are known; others are the user's own and stay in the text."""
        found = []
        plain_inline = self.schema.plain_inline
        for item in inline:
            key, text, start, *_ = item
            plain = plain_inline(key, text)
            if plain is None:
                self._see_inline(item, scopes)
            elif plain[1] in scopes:
                found.append(new_tuple(Value, (plain[0], plain[2], text, self.line(start))))
        return tuple(found)

    def _see_inline(self, item: InlineField, scopes: tuple[str, ...]) -> None:
        """Tell what is wrong with a field, if it is one that counts here."""
        known = self.schema.table.find_inline(item.key)
        if known and item.value and known.scope in scopes:
            try:
                read_value(item.value, known, self.schema)
            except BadValue as bad:
                facts = named_field(known.key, item.key) | {"value": item.value} | bad.facts
                self.faults.append(fault(bad.code, item.value_start, item.value_end, bad.fix, **facts))

    def tasks(self, items: Iterable[TaskItem], made: date | None) -> Iterator[Task]:
        """Promises, with the dates of the Tasks plugin; where it reads none, Dataview's own fields count."""
        for item in items:
            task = item.task
            said = {signifier.name: signifier for signifier in reversed(task.signifiers)}  # of a name the first counts
            days = {name: self._day(item, said, name) for name in _TASK_DAYS}
            priority, recurrence, named, depends = (said[key].value if key in said else "" for key in _TASK_WORDS)
            if recurrence:
                self._see_recurrence(item)
            yield Task(
                text=_bare(task.text),
                owes=self._owes(item),
                status=task.status,
                open=task.status_type not in ("done", "cancelled"),
                made=made,
                priority=priority,
                recurrence=recurrence,
                id=named,
                depends_on=tuple(part.strip() for part in depends.split(",") if part.strip()),
                line=self.line(item.start),
                **days,
            )

    def _day(self, item: TaskItem, said: dict[str, Signifier], name: str) -> date | None:
        if name in said:
            return self._date(name, said[name].value, said[name].start, said[name].end)
        key = _DATAVIEW_NAMES.get(name, name)
        for inline in item.inline:
            if inline.key.lower() == key:
                return self._date(name, inline.value, inline.value_start, inline.value_end, inline.key)
        return None

    def _date(self, name: str, text: str, start: int, end: int, typed: str = "") -> date | None:
        day = parse_date(text)
        if day is None:
            facts = named_field(name, typed or name) | {"value": text, "hint": iso_hint(text)}
            self.faults.append(fault("bad-date", start, end, iso_form(text), **facts))
        return day

    def _see_recurrence(self, item: TaskItem) -> None:
        """Name a recurrence that comes round for nobody: the Tasks plugin would drop it, or a part of it."""
        for signifier in item.task.signifiers:
            if signifier.name == "recurrence":
                from plaincrm.records.recurrence import parse_recurrence  # noqa: PLC0415 (few promises recur)

                if parse_recurrence(signifier.value) is None:
                    self.faults.append(fault("bad-recurrence", signifier.start, signifier.end, value=signifier.value))

    def _owes(self, item: TaskItem) -> Party:
        values = self.values(item.inline, ("task",))
        return next((value.value for value in values if value.key == "owes"), "us")

    def deals(self) -> Iterator[Deal]:
        """One deal a line that has `deal::`, in the deals section or anywhere else."""
        inline = [*self.body.inline]
        for entry in self.body.entries:
            inline += entry.inline
        deals = {key for key in {item.key for item in inline} if self._field(key) == "deal"}
        if not deals:
            return
        inline.sort(key=_start)
        days = self._days_of_entries()
        for line, items in groupby(inline, key=lambda item: self.line(item.start)):
            listed = list(items)
            if deals.isdisjoint(item.key for item in listed):
                continue
            known = {value.key: value.value for value in reversed(self.values(listed, ("deal",)))}
            reason = next((i.value for i in listed if self._field(i.key) == "reason"), "")
            yield Deal(
                name=known.get("deal", ""),
                value=known.get("value"),
                chance=known.get("chance"),
                opened=known.get("opened") or _before(days.get(listed[0].start), known.get("won") or known.get("lost")),
                expected=known.get("expected"),
                won=known.get("won"),
                lost=known.get("lost"),
                reason=reason,
                line=line,
            )

    def _days_of_entries(self) -> dict[int, date]:
        """The day of its entry for each inline field, by its place; none where only a month or a year is known."""
        return {
            item.start: entry.opening.day.date
            for entry in self.body.entries
            if entry.opening.day and entry.opening.day.precision == "day"
            for item in entry.inline
        }

    def _field(self, key: str) -> str | None:
        known = self.schema.table.find_inline(key)
        return known.key if known else None

    def links(self) -> Iterator[LinkTo]:
        """The links of the text."""
        for link in self.body.links:
            yield LinkTo(link.target, "", self.line(link.start))


_TASK_WORDS = ("priority", "recurrence", "id", "depends_on")
_TASK_DAYS = ("due", "scheduled", "start", "done", "cancelled")
_DATAVIEW_NAMES = {"done": "completion"}


def _start(item: InlineField) -> int:
    return item.start


def _before(day: date | None, end: date | None) -> date | None:
    """The day of a deal's entry, unless the deal was decided by then: such an entry tells nothing of the beginning."""
    return day if day and (not end or day < end) else None


def _moment(entry: LogEntry) -> tuple[date, time]:
    """What entries are ordered by; one without a time stands at the end of its day."""
    return entry.date, entry.time or time.max


def _bare(text: str) -> str:
    """A text without its inline fields and the blanks before them."""
    if "::" not in text:
        return text.strip()
    pieces, at = [], 0
    for item in inline_fields(text, listed=True):
        pieces.append(text[at : item.start].rstrip())
        at = item.end
    return ("".join(pieces) + text[at:]).strip()


_key = itemgetter(0)  # of a value
_SALE_PARTS = frozenset(("sale", "cost", "margin", "product", "invoice"))


def _sale_parts(values: tuple[Value, ...]) -> list[dict[str, Any]]:
    """What belongs to each sale of an entry: a part that is there already begins the next one.

    A cost without a sale is a sale of nothing, so that no cost is lost. A product or invoice that stands there
    once holds for all.
    """
    found = [item for item in values if item.key in _SALE_PARTS]
    sales: list[dict[str, Any]] = [{}]
    for item in found:
        if item.key in sales[-1]:
            sales.append({})
        sales[-1][item.key] = item.value
    shared = {key: part for key, part in sales[0].items() if key in ("product", "invoice")}
    return [shared | parts for parts in sales if not parts.keys().isdisjoint(("sale", "cost", "margin"))]


def _sale(parts: Mapping[str, Any], currency: str) -> Sale:
    sale, cost, margin = (parts.get(key) for key in ("sale", "cost", "margin"))
    return Sale(
        revenue=sale.amount if sale else Decimal(0),
        cost=cost.amount if cost else None,
        margin=_margin(sale, cost, margin),
        currency=currency,
        product=parts.get("product", ""),
        invoice=parts.get("invoice", ""),
    )


def _margin(sale: Money | None, cost: Money | None, margin: Money | None) -> Decimal | None:
    """The margin where given; else the sale less its cost; a refund without a cost takes its whole amount off."""
    if margin:
        return margin.amount
    revenue = sale.amount if sale else Decimal(0)
    if cost:
        return revenue - cost.amount
    return revenue if revenue < 0 else None
