"""The brief of one customer shown: one screen before the next contact, or the whole record for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from plaincrm import language
from plaincrm.dates import Day
from plaincrm.money import Money
from plaincrm.records.model import Contact, Customer, Deal, LogEntry, Sale, Task, Value
from plaincrm.records.values import as_text
from plaincrm.render.amounts import amount
from plaincrm.render.lines import BLANK, Line, Piece, clipped, line, padded, paragraphs, wrapped
from plaincrm.reports.brief import Brief

_LEFT = 14  # columns for a label
_FAULTS = 5  # of the note that are shown at its foot
_HANGING = 2  # columns by which the rest of a long line is indented


def data(brief: Brief) -> dict[str, Any]:
    """The whole record with canonical English keys, entries newest first."""
    customer = brief.customer
    return {
        "customer": customer.id,
        "name": customer.name,
        "file": customer.path,
        "fields": {key: _field(values, several=key in brief.several) for key, values in customer.fields.items()},
        "other": customer.other,
        "last_contact": brief.last_contact,
        "revenue": brief.revenue,
        "margin": brief.margin,
        "sales": brief.n,
        "referred": brief.referred,
        "materials": [material._asdict() for material in brief.materials],
        "vision": customer.vision,
        "notes": customer.notes,
        "entries": [_entry(entry) for entry in customer.entries],
        "promises": [_task(task) for task in customer.promises],
        "deals": [_deal(deal) for deal in customer.deals],
        "links": customer.links,
        "diagnostics": [item._asdict() for item in brief.diagnostics],
    }


def _field(values: tuple[Value, ...], *, several: bool) -> object:
    shown = [_of_field(value) for value in values]
    return shown if several else shown[0]


def _of_field(value: Value) -> object:
    if isinstance(value.value, Contact):
        return value.value._replace(line=value.line)
    return value.value if isinstance(value.value, bool) else as_text(value.value)


def _entry(entry: LogEntry) -> dict[str, Any]:
    return {
        "date": entry.date,
        "precision": entry.precision,
        "time": entry.time,
        "end_time": entry.end_time,
        "channel": entry.channel,
        "contact": entry.contact,
        "direction": entry.direction,
        "who": entry.who,
        "summary": entry.summary,
        "text": entry.text,
        "values": [{"key": item.key, "value": as_text(item.value), "line": item.line} for item in entry.values],
        "sales": [_sale(sale) for sale in entry.sales],
        "tasks": [_task(task) for task in entry.tasks],
        "line": entry.line,
    }


def _sale(sale: Sale) -> dict[str, Any]:
    return sale._asdict()


def _task(task: Task) -> dict[str, Any]:
    return task._asdict()


def _deal(deal: Deal) -> dict[str, Any]:
    return {**deal._asdict(), "state": deal.state}


def text(brief: Brief, width: int, *, full: bool = False) -> Iterator[Line]:
    """The brief as lines: one screen, or with `full` all that the note says."""
    customer = brief.customer
    yield line(Piece(clipped(customer.name, width), "bold"))
    tier = f"{customer.tier} customer" if customer.tier else None
    what = [customer.id, customer.type, customer.stage, tier, customer.city]
    yield from _wrapped(" · ".join(part for part in what if part), width)
    yield from _wrapped(" ".join(f"#{tag}" for tag in customer.tags), width, style="dim")
    yield BLANK
    for label, value in _facts(brief):
        yield from _labelled(label, value, width)
    if full:
        for label, value in _further(customer):
            yield from _labelled(label, value, width)
    yield from _section("Open promises", _dated((_promise(task, brief) for task in brief.promises), width))
    yield from _section("Planned", _dated(map(_talk, brief.planned), width))
    deals = [deal for deal in customer.deals if full or deal.state == "open"]
    yield from _section("Deals", (part for deal in deals for part in _wrapped(_deal_line(deal), width, "  ")))
    if full:
        yield from _whole_text(customer, width)
    else:
        yield from _section("Last talks", (line(f"  {clipped(_talk(entry), width - 2)}") for entry in brief.talks))
    yield from _foot(brief)


def _wrapped(text: str, width: int, indent: str = "", style: str = "") -> Iterator[Line]:
    for part in wrapped(text, width - len(indent), _HANGING):
        yield line(Piece(f"{indent}{part}", style))


def _labelled(label: str, value: str, width: int) -> Iterator[Line]:
    for at, part in enumerate(wrapped(value, width - _LEFT)):
        mark = clipped(label, _LEFT - 1) if not at else ""
        yield line(Piece(padded(mark, _LEFT), "dim"), part)


def _section(title: str, rows: Iterable[Line]) -> Iterator[Line]:
    for at, row in enumerate(rows):
        if not at:
            yield BLANK
            yield line(Piece(title, "bold cyan"))
        yield row


def _dated(rows: Iterable[str], width: int) -> Iterator[Line]:
    """Rows that begin with a day; what is too long goes on under what stands behind the day."""
    for row in rows:
        yield from (line(f"  {part}") for part in wrapped(row, width - 2, len("2026-11-21 ")))


def _whole_text(customer: Customer, width: int) -> Iterator[Line]:
    """The log with all that stands under its entries, the vision and the notes."""
    yield from _section("Log", (part for entry in customer.entries for part in _whole_entry(entry, width)))
    for title, body in (("Vision", customer.vision), ("Notes", customer.notes)):
        yield from _section(title, (line(f"  {part}") for part in paragraphs(body, width - 2)))


def _whole_entry(entry: LogEntry, width: int) -> Iterator[Line]:
    """An entry with the fields on its first line, which are no part of its summary, and its text."""
    beside = ", ".join(f"{value.key} {value.text}" for value in entry.values if value.line == entry.line)
    yield from _dated([f"{_talk(entry)} ({beside})" if beside else _talk(entry)], width)
    yield from (line(Piece(f"    {part}", "dim")) for part in paragraphs(entry.text, width - 4))


def _facts(brief: Brief) -> Iterator[tuple[str, str]]:
    """What the brief says of a customer, each with its label."""
    customer = brief.customer
    if customer.owner or customer.since:
        since = f"customer since {customer.since}" if customer.since else ""
        yield "Owner", ", ".join(part for part in (customer.owner, since) if part)
    for contact in customer.contacts:
        yield "Contact", as_text(contact)
    for label, values in (("Phone", customer.phone), ("E-mail", customer.email)):
        if values:
            yield label, ", ".join(values)
    ways = (("prefers", customer.prefers), ("allowed", brief.allowed), ("never", brief.denied))
    if any(channels for _word, channels in ways):
        yield "Reach by", "; ".join(f"{word} {', '.join(channels)}" for word, channels in ways if channels)
    if customer.needs:
        yield "Needs", customer.needs
    yield "Next step", _next_step(brief)
    if brief.n:
        margins = f"known margin {_amounts(brief.margin)}" if brief.margin else "no margin known"
        yield "Value", f"{_amounts(brief.revenue)} in all, {margins} (n = {brief.n})"
    if customer.referred_by:
        yield "Referred by", customer.referred_by
    if brief.referred:
        yield "Has referred", ", ".join(brief.referred)
    sent = [f"{item.note} ({item.sent})" for item in brief.materials if item.sent]
    if sent:
        yield "Sent", ", ".join(sent)
    unsent = [f"{item.note} ({item.playbook})" for item in brief.materials if not item.sent]
    if unsent:
        yield "Not yet sent", ", ".join(unsent)


_IN_THE_BRIEF = frozenset(
    (
        *("name", "type", "stage", "tier", "city", "tags", "owner", "since", "contacts", "phone", "email"),
        *("prefers", "allow", "deny", "needs", "next", "next_action", "next_channel", "quiet_until", "referred_by"),
    )
)


def _further(customer: Customer) -> Iterator[tuple[str, str]]:
    """The fields that the brief leaves out, and the user's own."""
    for key, values in customer.fields.items():
        if key not in _IN_THE_BRIEF:
            yield language.label("fields", key), ", ".join(as_text(value.value) for value in values)
    for key, value in customer.other.items():
        if value not in (None, "", []):
            yield key, ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _amounts(sums: Iterable[Money]) -> str:
    return ", ".join(f"{amount(money.amount)} {money.currency}" for money in sums)


def _next_step(brief: Brief) -> str:
    """The next date with what is to be done, or what else is planned; whether it is out of date, or too early."""
    customer, today = brief.customer, brief.today
    quiet = customer.quiet_until is not None and customer.quiet_until > today
    until = f" (quiet until {customer.quiet_until})" if quiet else ""
    if customer.next is None:
        return (f"{_talk(brief.planned[0])}" if brief.planned else "none") + until
    channel = f" by {customer.next_channel}" if customer.next_channel else ""
    talked = brief.last_contact is not None and customer.next <= brief.last_contact
    past = f" (out of date: last contact {brief.last_contact})" if talked else ""
    return f"{customer.next}{channel}: {customer.next_action or 'get in touch'}{past}{until}"


def _promise(task: Task, brief: Brief) -> str:
    who = "they owe" if task.owes == "them" else "we owe"
    days = (brief.today - task.due).days if task.due else 0
    late = f", {days} day{'s' if days > 1 else ''} late" if days > 0 else ""
    return f"{task.due or 'undated'!s:<10} {who}: {task.text}{late}"


def _talk(entry: LogEntry) -> str:
    day = str(Day(entry.date, entry.precision))
    at = f" {entry.time:%H:%M}" if entry.time else ""
    words = " ".join(part for part in (entry.channel, entry.direction) if part)
    who = f", {entry.who}" if entry.who else ""
    head = f"{day}{at} {words}{who}".rstrip()
    return f"{head}: {entry.summary}" if (words or who) and entry.summary else f"{head} {entry.summary}".rstrip()


def _deal_line(deal: Deal) -> str:
    worth = _amounts([deal.value]) if deal.value else "no value"
    chance = f", {deal.chance} %" if deal.chance is not None else ""
    if deal.state == "open":
        return f"{deal.name}: {worth}{chance}, expected {deal.expected or 'some day'}"
    why = f" ({deal.reason})" if deal.reason else ""
    return f"{deal.name}: {worth}, {deal.state} {deal.won or deal.lost}{why}"


def _foot(brief: Brief) -> Iterator[Line]:
    yield BLANK
    yield line(Piece(f"{brief.customer.path}:1", "dim"))
    for item in brief.diagnostics[:_FAULTS]:
        place = f"{item.file}:{item.line}:{item.column}"
        yield line(Piece(f"{place}: {item.severity} {item.code}: {item.message}", "yellow"))
    if len(brief.diagnostics) > _FAULTS:
        yield line(Piece(f"and {len(brief.diagnostics) - _FAULTS} more; see plaincrm check", "yellow"))
