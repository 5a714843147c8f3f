"""The agenda: whom to contact today and in the coming days, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from plaincrm.checks.check import unread
from plaincrm.dates import Duration, parse_duration
from plaincrm.errors import UsageError
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.index.talks import REACHED, Contact, talks
from plaincrm.language import fold
from plaincrm.money import to_units
from plaincrm.reports.agenda_rules import RULES, SAME_CLASS, Rule
from plaincrm.reports.reach import Reach, reach_of
from plaincrm.vault.config import Config

LATENESS_LIMIT = 30  # points; a promise forty days late is not more pressing than one thirty days late
SOFT_LATENESS_LIMIT = 10  # so that a long silence does not stand above people who wait
VALUE_STEPS = (100, 1_000, 10_000, 100_000)  # revenue of the last twelve months in the vault's currency
VALUE_POINTS = 5  # for each step
MOOD_POINTS = 10


class Urgency(NamedTuple):
    """What makes a line urgent, in points that add up: `total` orders the agenda."""

    kind: int
    lateness: int
    tier: int
    value: int
    mood: int

    @property
    def total(self) -> int:
        """The sum of the parts."""
        return sum(self)


class AgendaItem(NamedTuple):
    """One customer's line: the most pressing kind, with the others in `also`.

    `file` and `line` are where the reason stands; `held` says why the line is held back, empty where it is not.
    """

    customer: str
    name: str
    kind: str
    due: date | None
    overdue_days: int
    what: str
    why: str
    owner: str | None
    channel: str | None
    urgency: Urgency
    last_contact: date | None
    file: str
    line: int
    also: tuple[str, ...]
    reach: str
    last_talk: str
    held: str


class Agenda(NamedTuple):
    """The agenda of a day. `unread` names the notes that it may lack, with the code of their first error."""

    today: date
    horizon_days: int
    items: tuple[AgendaItem, ...]
    held_back: tuple[AgendaItem, ...]
    unread: dict[str, str]


class _Reason(NamedTuple):
    """One rule's finding for one customer, before lines of one customer are joined."""

    rule: Rule
    line: int | None
    due: date | None
    what: str
    channel: str | None
    why: str


class _Customer(NamedTuple):
    """What a line needs to know of its customer."""

    file: int
    customer: str
    name: str
    owner: str | None
    tier: str | None
    quiet_until: str | None
    cadence: str | None
    prefers: str
    denied: str
    path: str
    ours: str


def agenda(
    index: Index, today: date, *, days: int | None = None, owner: str | None = None, where: Condition = EVERY
) -> Agenda:
    """Whom to contact and why: what is overdue, what is due today, what comes within `days` (both ends included).

    Raises:
        UsageError: nobody is called like the owner.
    """
    config = index.vault.config
    ahead = config.days if days is None else days
    reasons = _reasons(index, config, today, ahead)
    customers = _customers(index, reasons, _owner(index, owner) if owner else None, where)
    context = _Context(index, config, today, customers)
    lines = [context.item(customer, reasons[customer.file]) for customer in customers]
    lines.sort(key=lambda item: (-item.urgency.total, item.due or date.max, item.name.casefold(), item.file))
    return Agenda(
        today,
        ahead,
        tuple(item for item in lines if not item.held),
        tuple(item for item in lines if item.held),
        unread(index),
    )


def _reasons(index: Index, config: Config, today: date, ahead: int) -> dict[int, list[_Reason]]:
    """Every rule's findings, by file."""
    _prepare(index, config, today)
    days = {"today": today.isoformat(), "horizon": _days_after(today, ahead).isoformat()}
    blocked = _blocked_tasks(index)
    found: dict[int, list[_Reason]] = {}
    for rule in RULES:
        for customers in ("customers", "temp.planning"):
            query = rule.query.format(customers=customers, same_class=SAME_CLASS)
            for file, line, due, what, channel, *facts in index.rows(query, days):
                if (file, line) in blocked:
                    continue
                day = date.fromisoformat(due) if due else None
                found.setdefault(file, []).append(_Reason(rule, line, day, what, channel, rule.why.format(*facts)))
    return found


def _prepare(index: Index, config: Config, today: date) -> None:
    """The tables that the rules ask besides those of the index: classes of customers, and customers with plans."""
    for table in ("class", "planning"):
        index.rows(f"drop table if exists temp.{table}")
    index.rows("create temp table class (stage, tier, cadence, rhythm, lapsed, forgotten, active)")
    index.db.executemany("insert into temp.class values (?, ?, ?, ?, ?, ?, ?)", _classes(index, config, today))
    index.rows("create temp table planning as select * from customers where false")
    day = today.isoformat()
    planning = [list(row) for row in index.rows("select * from customers where latest > ?", (day,))]
    if not planning:
        return
    names = [row[1] for row in index.rows("pragma table_info(customers)")]
    first = names.index("latest")
    for row in planning:
        contacts = index.rows(
            "select date, time, channel, direction, resolved from entries where file = ? and contact = 1 and date <= ?",
            (row[0], day),
        )
        sums = talks(map(Contact._make, contacts))
        begun = index.rows("select min(date) from entries where file = ?", (row[0],))[0][0]
        row[first:] = ["", *sums[1:], sums.spoken or row[names.index("since")] or begun]
    index.db.executemany(f"insert into temp.planning values ({', '.join('?' * len(names))})", planning)


def _classes(index: Index, config: Config, today: date) -> Iterator[tuple[Any, ...]]:
    """Stage, tier and cadence of customers as they occur together, with the rhythm that follows from them."""
    for stage, tier, cadence in index.rows("select distinct stage, tier, cadence from customers"):
        if stage in config.closed:
            continue
        general = config.tier_cadence.get(tier) or config.stage_cadence.get(stage) or config.cadence
        rhythm = cadence or (str(general) if general else None)
        length = parse_duration(rhythm) if rhythm else None
        lapsed = forgotten = None
        if length:
            several = Duration(length.count * max(config.forgotten, 1), length.unit)
            lapsed, forgotten = _latest_start(length, today).isoformat(), _latest_start(several, today).isoformat()
        yield stage, tier, cadence, rhythm, lapsed, forgotten, int(stage in config.active)


def _latest_start(length: Duration, today: date) -> date:
    """The latest day from which a length of time is over by today: at month ends that is not today less the length."""
    day = length.before(today)
    while day < today and length.after(day + timedelta(1)) <= today:
        day += timedelta(1)
    return day


def _days_after(day: date, days: int) -> date:
    return Duration(max(1, days), "d").after(day) if days else day


def _blocked_tasks(index: Index) -> set[tuple[int, int]]:
    """Promises that wait for another one: `dependsOn` names a task that is still open."""
    waiting = index.rows("select file, line, depends_on from tasks where open = 1 and depends_on <> ''")
    if not waiting:
        return set()
    still_open = {row[0] for row in index.rows("select id from tasks where open = 1 and id <> ''")}
    return {(file, line) for file, line, ids in waiting if still_open.intersection(ids.split(","))}


def _owner(index: Index, name: str) -> str:
    """One of us as the notes know them: a slip in the name must not look like a day without work."""
    named: tuple[str, ...] = tuple(
        row[0] for row in index.rows("select distinct owner from customers where owner is not null")
    )
    known = tuple(dict.fromkeys((*index.vault.config.owners, *sorted(named))))
    found = next((owner for owner in known if fold(owner) == fold(name)), None)
    if found is None:
        from plaincrm.records.values import nearest  # noqa: PLC0415 (for mistakes only)

        near = nearest(name, [owner.casefold() for owner in known])
        remedy = f"Did you mean {near}?" if near else f"Owners are {', '.join(known)}." if known else ""
        raise UsageError(f"Nobody here is called {name}.", remedy)
    return found


def _customers(index: Index, reasons: Iterable[int], owner: str | None, where: Condition) -> list[_Customer]:
    rows = index.rows(
        "select c.file, c.customer, c.name, c.owner, c.tier, c.quiet_until, c.cadence, c.prefers, c.denied, f.path,"
        " coalesce(p.ours, c.ours)"
        " from customers c join files f using (file) left join temp.planning p using (file)"
        " where c.file in (select value from json_each(?)) and (? is null or c.owner = ?)"
        f" and coalesce(c.stage, '') not in (select value from json_each(?)) and ({where.sql})",
        (json.dumps(list(reasons)), owner, owner, json.dumps(index.vault.config.closed), *where.parameters),
    )
    return [_Customer(*row) for row in rows]


class _Context:
    """What all lines share: looked up once for the customers that are on the agenda."""

    def __init__(self, index: Index, config: Config, today: date, customers: list[_Customer]) -> None:
        self.config = config
        self.today = today
        files = json.dumps([customer.file for customer in customers])
        self.reach: dict[int, Reach] = reach_of(index, files)
        self.lines = _field_lines(index, files)
        self.talks = _last_talks(index, files, today)
        self.moods = _last_moods(index, files, today)
        self.revenue = _revenue(index, files, today, config.currency)

    def item(self, customer: _Customer, reasons: list[_Reason]) -> AgendaItem:
        """One customer's line, of the most pressing reason; those held back count where there is no other."""
        held = {reason: self._held(reason.rule, customer) for reason in reasons}
        reasons = sorted(reasons, key=lambda r: (bool(held[r]), -self._urgency(r, customer).total, r.due or date.max))
        first = reasons[0]
        talk_date, talk_line, talk = self.talks.get(customer.file, (None, 0, ""))
        channel, reach = self._channel(first, customer)
        at = self.lines.get((customer.file, first.rule.at), 1) if first.rule.at else talk_line or 1
        also = [reason.rule.kind for reason in reasons if held[first] or not held[reason]]
        return AgendaItem(
            customer=customer.customer,
            name=customer.name,
            kind=first.rule.kind,
            due=first.due,
            overdue_days=max(0, (self.today - first.due).days) if first.due else 0,
            what=first.what,
            why=first.why,
            owner=customer.owner,
            channel=channel,
            urgency=self._urgency(first, customer),
            last_contact=talk_date,
            file=customer.path,
            line=first.line or at,
            also=tuple(kind for kind in dict.fromkeys(also) if kind != first.rule.kind),
            reach=reach,
            last_talk=talk,
            held=held[first],
        )

    def _urgency(self, reason: _Reason, customer: _Customer) -> Urgency:
        late = max(0, (self.today - reason.due).days) if reason.due else 0
        tiers = self.config.tiers
        revenue = self.revenue.get(customer.file, 0)
        return Urgency(
            kind=reason.rule.weight,
            lateness=min(late, SOFT_LATENESS_LIMIT if reason.rule.soft else LATENESS_LIMIT),
            tier=10 * tiers.index(customer.tier) if customer.tier in tiers else 0,
            value=VALUE_POINTS * sum(revenue >= to_units(Decimal(step)) for step in VALUE_STEPS),
            mood=MOOD_POINTS if self.moods.get(customer.file) == "-" else 0,
        )

    def _held(self, rule: Rule, customer: _Customer) -> str:
        """Why a soft kind is held back today, empty where it is not."""
        if not rule.soft:
            return ""
        today = self.today.isoformat()
        if customer.quiet_until and customer.quiet_until > today:
            return f"quiet until {customer.quiet_until}"
        if customer.cadence == "never" and rule.kind == "no-next":
            return "cadence never"
        if "all" in customer.denied.split(","):
            return "no contact allowed"
        if rule.chasing and customer.ours and self.config.gap.after(date.fromisoformat(customer.ours)) > self.today:
            return f"contacted on {customer.ours}"
        return ""

    def _channel(self, reason: _Reason, customer: _Customer) -> tuple[str | None, str]:
        """How to reach the customer: as agreed, else as they prefer, else as we can, never by what they forbade."""
        reach = self.reach.get(customer.file, Reach())
        denied = customer.denied.split(",")
        wishes = [
            reason.channel,
            *customer.prefers.split(","),
            "call" if reach.phone else "",
            "email" if reach.email else "",
        ]
        for channel in wishes:
            if channel and channel not in denied:
                return channel, reach.by(channel) or reach.other(denied)
        return None, ""


def _field_lines(index: Index, files: str) -> dict[tuple[int, str], int]:
    rows = index.rows(
        "select file, field, line from fields"
        " where file in (select value from json_each(?)) and field in ('next', 'stage') and known = 1",
        (files,),
    )
    return {(file, field): line for file, field, line in rows}


_UP_TO_TODAY = (
    "file in (select value from json_each(?)) and date <= ? order by file, date, coalesce(time, '99'), line desc"
)


def _last_talks(index: Index, files: str, today: date) -> dict[int, tuple[date, int, str]]:
    """The last contact of each customer up to today: its day, its line, and what was said."""
    rows = index.rows(
        f"select file, date, line, channel, summary from entries e where {REACHED} and {_UP_TO_TODAY}",
        (files, today.isoformat()),
    )
    return {
        file: (date.fromisoformat(day), line, f"{channel}: {summary}" if summary else channel)
        for file, day, line, channel, summary in rows
    }


def _last_moods(index: Index, files: str, today: date) -> dict[int, str]:
    rows = index.rows(
        f"select file, mood from entries where mood is not null and {_UP_TO_TODAY}", (files, today.isoformat())
    )
    return dict(rows)


def _revenue(index: Index, files: str, today: date, currency: str) -> dict[int, int]:
    """Revenue of the last twelve months in the vault's currency, in ten-thousandths."""
    start = Duration(12, "m").before(_days_after(today, 1))
    rows = index.rows(
        "select file, sum(revenue) from sales where file in (select value from json_each(?)) and currency = ?"
        " and date between ? and ? group by file",
        (files, currency, start.isoformat(), today.isoformat()),
    )
    return dict(rows)
