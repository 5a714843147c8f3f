"""What every form of the brief says: the facts with their labels, and the parts under their titles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from plaincrm import language
from plaincrm.dates import Day
from plaincrm.money import Money
from plaincrm.records.model import Customer, Deal, LogEntry, Task
from plaincrm.records.values import as_text
from plaincrm.render.amounts import amount
from plaincrm.reports.brief import Brief, Worth

_MOODS = 12  # the newest that are shown
_AGREED = 3  # promises of one talk that are shown
_FAULTS = 5  # of the note that are shown at its foot


class Row(NamedTuple):
    """One thing of a part, with what belongs to it below it, and Markdown of the note; `lead` stands before it."""

    text: str
    more: tuple[str, ...] = ()
    body: str = ""
    lead: str = ""


class Part(NamedTuple):
    """Things under a title. Those of a brief that are `clipped` have one line each."""

    title: str
    rows: tuple[Row, ...]
    clipped: bool = False


def kind(brief: Brief) -> str:
    """Id, type, stage, tier and city."""
    customer = brief.customer
    tier = f"{customer.tier} customer" if customer.tier else None
    what = (customer.id, customer.type, customer.stage, tier, customer.city)
    return " · ".join(part for part in what if part)


def tags(brief: Brief) -> str:
    """The tags as Obsidian has them."""
    return " ".join(f"#{tag}" for tag in brief.customer.tags)


def place(brief: Brief) -> str:
    """The note, at its newest entry."""
    return f"{brief.customer.path}:{brief.newest_line}"


Fact = tuple[str, list[str]]  # a label, and what stands behind it with commas
REACHED = ("Contact", "Reach at")  # labels of numbers and addresses


def facts(brief: Brief, *, full: bool) -> Iterator[Fact]:
    """What the brief says of a customer; what is empty is left out."""
    for label, values in (*_who(brief), *_so_far(brief), *(_further(brief.customer) if full else ())):
        if kept := [value for value in values if value]:
            yield label, kept


def _who(brief: Brief) -> Iterator[Fact]:
    customer = brief.customer
    since = f"customer since {customer.since}" if customer.since else ""
    yield "Owner", [customer.owner or "", since]
    town = " ".join(part for part in (customer.postcode, customer.city) if part)
    yield "Where", [customer.address, town] if customer.address else []
    for contact in customer.contacts:
        name = f"{contact.name} ({contact.role})" if contact.role else contact.name
        yield REACHED[0], [name, *_ways([contact.email], [contact.phone], brief)]
    yield REACHED[1], _ways(customer.email, customer.phone, brief)
    said = (("prefers", customer.prefers), ("allowed", brief.allowed), ("never", brief.denied))
    yield "Reach by", ["; ".join(f"{word} {', '.join(channels)}" for word, channels in said if channels)]
    yield "Needs", [customer.needs or ""]
    yield "Next step", [_next_step(brief)]


def _ways(emails: Iterable[str], phones: Iterable[str], brief: Brief) -> list[str]:
    """Addresses and numbers, those of a channel that is preferred first, and what is forbidden with each."""
    ways = [("email", value) for value in emails if value] + [("call", value) for value in phones if value]
    prefers, denied = [*brief.customer.prefers, "email", "call"], brief.denied
    ways.sort(key=lambda way: (way[0] in denied, prefers.index(way[0])))
    return [f"{value} (never {channel})" if channel in denied else value for channel, value in ways]


def _so_far(brief: Brief) -> Iterator[Fact]:
    """What has been: sales, how content they are, who came by whom, what was sent."""
    if brief.n:
        yield "Last 12 months", [*_worth(brief.recent), *_class(brief)] if brief.recent.n else ["no sales"]
        yield "In all", _worth(Worth(brief.revenue, brief.margin, brief.n))
    yield "Scores", [f"{_SCORES[s.name]} {as_text(s.value)}/{s.most} ({s.date}, n = {s.n})" for s in brief.scores]
    if brief.moods:
        last = brief.moods[-_MOODS:]
        n = f", the last {len(last)} of {len(brief.moods)}" if len(last) < len(brief.moods) else ""
        days = str(last[0].date) if len(last) == 1 else f"{last[0].date} to {last[-1].date}"
        yield "Mood", [f"{' '.join(item.mood for item in last)} ({days}{n})"]
    yield "Referred by", [brief.customer.referred_by or ""]
    yield "Has referred", [*brief.referred]
    yield "Sent", [f"{item.note} ({item.sent})" for item in brief.materials if item.sent]
    yield "Not yet sent", [f"{item.note} ({item.playbook})" for item in brief.materials if not item.sent]


_SCORES = {"nps": "NPS", "csat": "CSAT", "ces": "CES", "expect": "expected", "got": "got"}


def _class(brief: Brief) -> list[str]:
    return [f"class {brief.abc}"] if brief.abc else []


def _worth(worth: Worth) -> list[str]:
    margin = f"known margin {_amounts(worth.margin)}" if worth.margin else "no margin known"
    return [_amounts(worth.revenue), f"{margin} (n = {worth.n})"]


def _amounts(sums: Iterable[Money]) -> str:
    return ", ".join(f"{amount(money.amount)} {money.currency}" for money in sums)


_IN_THE_BRIEF = frozenset(
    (
        *("name", "type", "stage", "tier", "city", "tags", "owner", "since", "contacts", "phone", "email"),
        *("prefers", "allow", "deny", "needs", "next", "next_action", "next_channel", "quiet_until", "referred_by"),
    )
)


def _further(customer: Customer) -> Iterator[Fact]:
    """The fields that the brief leaves out, and the user's own."""
    where = ("address", "postcode") if customer.address else ()
    for key, values in customer.fields.items():
        if key not in _IN_THE_BRIEF and key not in where:
            yield language.label("fields", key), [as_text(value.value) for value in values]
    for key, value in customer.other.items():
        yield key, [*map(str, value)] if isinstance(value, list) else ["" if value is None else str(value)]


def _next_step(brief: Brief) -> str:
    """The next date with what is to be done, or what else is planned; whether it is out of date, or too early."""
    customer, today = brief.customer, brief.today
    quiet = customer.quiet
    until = f" (quiet until {quiet})" if quiet and quiet > today else ""
    if customer.next is None:
        return (f"{_talk(brief.planned[0])}" if brief.planned else "none") + until
    channel = f" by {customer.next_channel}" if customer.next_channel else ""
    talked = brief.last_contact is not None and customer.next <= brief.last_contact
    past = f" (out of date: last contact {brief.last_contact})" if talked else ""
    return f"{customer.next}{channel}: {customer.next_action or 'get in touch'}{past}{until}"


def parts(brief: Brief, *, full: bool) -> Iterator[Part]:
    """What stands under titles; with `full` all that the note says. A part without anything in it is left out."""
    customer = brief.customer
    deals = [deal for deal in customer.deals if full or deal.state == "open"]
    found = [
        Part("Open promises", tuple(_promise(task, brief) for task in brief.promises)),
        Part("Planned", tuple(Row(_talk(entry)) for entry in brief.planned)),
        Part("Deals", tuple(Row(_deal(deal)) for deal in deals)),
    ]
    if full:
        found.append(Part("Log", tuple(map(_whole_entry, customer.entries))))
        found += [Part(title, (Row("", body=body),) if body.strip() else ()) for title, body in _texts(customer)]
    else:
        talks = tuple(Row(_talk(entry), tuple(_agreed(entry.tasks))) for entry in brief.talks)
        found.append(Part("Last talks", talks, clipped=True))
    return (part for part in found if part.rows)


def _texts(customer: Customer) -> Sequence[tuple[str, str]]:
    return ("Vision", customer.vision), ("Notes", customer.notes)


def _whole_entry(entry: LogEntry) -> Row:
    """An entry with the fields on its first line, which are no part of its summary, and its text."""
    beside = ", ".join(f"{value.key} {value.text}" for value in entry.values if value.line == entry.line)
    return Row(f"{_talk(entry)} ({beside})" if beside else _talk(entry), body=entry.text)


def _agreed(tasks: Sequence[Task]) -> Iterator[str]:
    """What was promised at a talk, and what became of it."""
    for task in tasks[:_AGREED]:
        day = f"done {task.done}" if task.done else f"cancelled {task.cancelled}" if task.cancelled else ""
        state = day or (f"for {task.due}" if task.due and task.open else "" if task.open else "done")
        yield f"{_who_owes(task)}: {task.text}{f' ({state})' if state else ''}"
    if len(tasks) > _AGREED:
        yield f"and {len(tasks) - _AGREED} more"


def _who_owes(task: Task) -> str:
    return "they owe" if task.owes == "them" else "we owe"


def _promise(task: Task, brief: Brief) -> Row:
    days = (brief.today - task.due).days if task.due else 0
    late = f", {days} day{'s' if days > 1 else ''} late" if days > 0 else ""
    return Row(f"{_who_owes(task)}: {task.text}{late}", lead=str(task.due or "undated"))


def _talk(entry: LogEntry) -> str:
    day = str(Day(entry.date, entry.precision))
    at = f" {entry.time:%H:%M}" if entry.time else ""
    words = " ".join(part for part in (entry.channel, entry.direction) if part)
    who = f", {entry.who}" if entry.who else ""
    head = f"{day}{at} {words}{who}".rstrip()
    return f"{head}: {entry.summary}" if (words or who) and entry.summary else f"{head} {entry.summary}".rstrip()


def _deal(deal: Deal) -> str:
    worth = _amounts([deal.value]) if deal.value else "no value"
    chance = f", {deal.chance} %" if deal.chance is not None else ""
    if deal.state == "open":
        return f"{deal.name}: {worth}{chance}, expected {deal.expected or 'some day'}"
    why = f" ({deal.reason})" if deal.reason else ""
    return f"{deal.name}: {worth}, {deal.state} {deal.won or deal.lost}{why}"


def faults(brief: Brief) -> Iterator[str]:
    """What a check says of the note."""
    for item in brief.diagnostics[:_FAULTS]:
        yield f"{item.file}:{item.line}:{item.column}: {item.severity} {item.code}: {item.message}"
    if len(brief.diagnostics) > _FAULTS:
        yield f"and {len(brief.diagnostics) - _FAULTS} more; see plaincrm check"
