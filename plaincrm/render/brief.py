"""The brief of one customer shown: one screen before the next contact, or the whole record for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.records.model import Contact, Customer, Deal, LogEntry, Sale, Task, Value
from plaincrm.records.values import as_text
from plaincrm.render.lines import BLANK, Line, Piece, clipped, line, wrapped
from plaincrm.render.value import amount
from plaincrm.reports.brief import Brief

_LEFT = 13
_SHOWN_APART = frozenset(("name", "type", "stage", "tier", "owner", "contacts", "needs", "tags"))


def data(brief: Brief) -> dict[str, Any]:
    """The whole record with canonical English keys, entries newest first."""
    customer = brief.customer
    return {
        "customer": customer.id,
        "name": customer.name,
        "file": customer.path,
        "fields": {key: _field(values) for key, values in customer.fields.items()},
        "other": customer.other,
        "last_contact": brief.last_contact,
        "revenue": brief.revenue,
        "margin": brief.margin,
        "sales": brief.n,
        "referred": brief.referred,
        "vision": customer.vision,
        "notes": customer.notes,
        "entries": [_entry(entry) for entry in customer.entries],
        "promises": [_task(task) for task in customer.promises],
        "deals": [_deal(deal) for deal in customer.deals],
        "links": customer.links,
        "diagnostics": [item._asdict() for item in brief.diagnostics],
    }


def _field(values: tuple[Value, ...]) -> Any:
    from plaincrm.records.fields import CUSTOMER_FIELDS  # noqa: PLC0415 (a constant, for JSON only)

    shown = [value.value if isinstance(value.value, Contact | bool) else as_text(value.value) for value in values]
    many = values[0].key in {field.key for field in CUSTOMER_FIELDS if field.many}
    return shown if many or len(shown) > 1 else shown[0]


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
    """The brief as lines."""
    customer = brief.customer
    yield line(Piece(customer.name, "bold"), Piece(f"  {customer.id}", "dim"))
    what = [customer.type, customer.stage, f"{customer.tier} customer" if customer.tier else None, customer.city]
    yield line(" · ".join(part for part in what if part))
    if customer.tags:
        yield line(Piece(" ".join(f"#{tag}" for tag in customer.tags), "dim"))
    yield BLANK
    for label, value in _facts(brief):
        for at, part in enumerate(wrapped(value, width - _LEFT)):
            yield line(Piece((label if not at else "").ljust(_LEFT), "dim"), part)
    yield from _section("Open promises", [_promise(task, brief) for task in brief.promises], width)
    yield from _section("Planned", [_talk(entry) for entry in brief.planned], width)
    yield from _section("Deals", [_deal_line(deal) for deal in customer.deals if full or deal.state == "open"], width)
    entries = customer.entries if full else brief.talks
    yield from _section("Log" if full else "Last talks", [_talk(entry) for entry in entries], width, full=full)
    if full and customer.vision:
        yield from _section("Vision", customer.vision.split("\n"), width, full=True)
    if full and customer.notes:
        yield from _section("Notes", customer.notes.split("\n"), width, full=True)
    yield from _foot(brief)


def _facts(brief: Brief) -> Iterator[tuple[str, str]]:
    customer = brief.customer
    if customer.owner or customer.since:
        since = f"customer since {customer.since}" if customer.since else ""
        yield "Owner", ", ".join(part for part in (customer.owner, since) if part)
    for contact in customer.contacts:
        yield "Contact", as_text(contact)
    for label, values in (("Phone", customer.phone), ("E-mail", customer.email)):
        if values:
            yield label, ", ".join(values)
    ways = [f"prefers {', '.join(customer.prefers)}" if customer.prefers else ""]
    ways += [f"{word} {', '.join(found)}" for word, found in (("allowed", customer.allow), ("never", customer.deny)) if found]
    if any(ways):
        yield "Reach by", "; ".join(part for part in ways if part)
    if customer.needs:
        yield "Needs", customer.needs
    yield "Next step", _next_step(customer)
    if brief.n:
        sums = ", ".join(f"{amount(money.amount)} {money.currency}" for money in brief.revenue)
        margins = ", ".join(f"{amount(money.amount)} {money.currency}" for money in brief.margin)
        yield "Value", f"{sums} in all, known margin {margins} (n = {brief.n})"
    if customer.referred_by:
        yield "Referred by", customer.referred_by
    if brief.referred:
        yield "Has referred", ", ".join(brief.referred)


def _next_step(customer: Customer) -> str:
    quiet = f" (quiet until {customer.quiet_until})" if customer.quiet_until else ""
    if customer.next is None:
        return f"none{quiet}"
    channel = f" by {customer.next_channel}" if customer.next_channel else ""
    return f"{customer.next}{channel}: {customer.next_action or 'get in touch'}{quiet}"


def _promise(task: Task, brief: Brief) -> str:
    who = "they owe" if task.owes == "them" else "we owe"
    late = f", {(brief.today - task.due).days} days late" if task.due and task.due < brief.today else ""
    return f"{str(task.due or 'undated'):<10}  {who}: {task.text}{late}"


def _talk(entry: LogEntry) -> str:
    at = f" {entry.time:%H:%M}" if entry.time else ""
    words = " ".join(part for part in (entry.channel, entry.direction) if part)
    who = f", {entry.who}" if entry.who else ""
    head = f"{entry.date.isoformat()[: {'day': 10, 'month': 7, 'year': 4}[entry.precision]]}{at} {words}{who}"
    return f"{head}: {entry.summary}" if words or who else f"{head} {entry.summary}"


def _deal_line(deal: Deal) -> str:
    chance = f", {deal.chance} %" if deal.chance is not None else ""
    when = deal.expected or deal.won or deal.lost
    return f"{deal.name}: {deal.value or 'no value'}{chance}, {deal.state if deal.state != 'open' else 'expected'} {when or 'sometime'}"


def _section(title: str, rows: list[str], width: int, *, full: bool = False) -> Iterator[Line]:
    if not rows:
        return
    yield BLANK
    yield line(Piece(title, "bold cyan"))
    for row in rows:
        for part in wrapped(row, width - 2) if full else [clipped(row, width - 2)]:
            yield line(f"  {part}")


def _foot(brief: Brief) -> Iterator[Line]:
    yield BLANK
    yield line(Piece(f"{brief.customer.path}:1", "dim"))
    for item in brief.diagnostics:
        yield line(Piece(f"{item.file}:{item.line}:{item.column}: {item.severity} {item.code}: {item.message}", "yellow"))
