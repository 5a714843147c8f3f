"""The lines of the agenda: what the rules have found of one customer, joined, with all that one needs to act on it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from plaincrm.dates import Duration, add_days
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.index.talks import APPOINTED, NEWEST, REACHED
from plaincrm.reports.agenda_answers import ASKING, answers_due
from plaincrm.reports.agenda_rules import RULES, Reason, Rule
from plaincrm.reports.reach import Reach, reach_of
from plaincrm.reports.urgency import HAPPENED, Standing, Urgency, urgency
from plaincrm.vault.config import Config


class Beside(NamedTuple):
    """A further reason to contact the customer of a line."""

    kind: str
    due: date | None
    time: str | None
    until: str | None
    what: str
    why: str
    line: int
    answer_due: datetime | None


class AgendaItem(NamedTuple):
    """One customer's line: the kind it stands under, with the other kinds in `also` and all of each in `beside`.

    Of what is due up to today it is the most pressing one; where nothing is, the earliest of what is to come.

    `file` and `line` are where the reason stands, `time` and `until` those of an appointment; `held` says why the line
    is held back, empty where it is not. Where somebody waits for an answer, `due` is the day on which they asked,
    `answer_due` the moment by which it is to be given (on the vault's clocks), and `overdue_days` counts from that.
    """

    customer: str
    name: str
    kind: str
    due: date | None
    time: str | None
    until: str | None
    overdue_days: int
    what: str
    why: str
    owner: str | None
    city: str | None
    channel: str | None
    urgency: Urgency
    last_contact: date | None
    file: str
    line: int
    also: tuple[str, ...]
    beside: tuple[Beside, ...]
    reach: str
    last_talk: str
    held: str
    answer_due: datetime | None


class OnAgenda(NamedTuple):
    """What a line needs to know of its customer."""

    file: int
    customer: str
    name: str
    owner: str | None
    city: str | None
    tier: str | None
    quiet_until: str | None
    cadence: str | None
    prefers: str
    denied: str
    path: str
    ours: str


class Held(NamedTuple):
    """Why a soft kind is held back, and until when; without a day until somebody changes the note."""

    why: str
    until: date | None


def customers_of(index: Index, files: Iterable[int], asked: Condition) -> list[OnAgenda]:
    """Those of the customers that the question is about."""
    rows = index.rows(
        "select c.file, c.customer, c.name, c.owner, c.city, c.tier, c.quiet_until, c.cadence, c.prefers, c.denied,"
        " f.path, coalesce(p.ours, c.ours)"
        " from customers c join files f using (file) left join temp.planning p using (file)"
        f" where c.file in (select value from json_each(?)) and {asked.sql}",
        (json.dumps(list(files)), *asked.parameters),
    )
    return [OnAgenda(*row) for row in rows]


def held(rule: Rule, customer: OnAgenda, gap: Duration, today: date) -> Held | None:
    """Why a kind is held back today, None where it is not."""
    return next(_holds(rule, customer, gap, today), None) if rule.soft else None


def _holds(rule: Rule, customer: OnAgenda, gap: Duration, today: date) -> Iterator[Held]:
    denied = customer.denied.split(",")
    if customer.quiet_until and customer.quiet_until > today.isoformat():
        yield Held(f"quiet until {customer.quiet_until}", date.fromisoformat(customer.quiet_until))
    if customer.cadence == "never" and rule.kind == "no-next":
        yield Held("cadence never", None)
    if "all" in denied:
        yield Held("no contact allowed", None)
    if rule.selling and "marketing" in denied:
        yield Held("no marketing allowed", None)
    if rule.chasing and customer.ours:
        over = gap.after(date.fromisoformat(customer.ours))
        if over > today:
            yield Held(f"contacted on {customer.ours}", over)


class Lines:
    """What all lines share: looked up once for the customers that are on the agenda."""

    def __init__(
        self, index: Index, config: Config, today: date, customers: list[OnAgenda], reasons: dict[int, list[Reason]]
    ) -> None:
        self.config = config
        self.today = today
        files = json.dumps([customer.file for customer in customers])
        self.reach: dict[int, Reach] = reach_of(index, files)
        self.places = _field_lines(index, files)
        self.talks = _last_talks(index, files, today)
        self.moods = _last_moods(index, files, today)
        self.revenue = _revenue(index, files, today, config.currency)
        self.deals = _open_deals(index, files, config.currency)
        asking = [(c.file, r.line) for c in customers for r in reasons[c.file] if r.rule.kind in ASKING and r.line]
        self.answers = answers_due(index, asking)

    def item(self, customer: OnAgenda, reasons: list[Reason]) -> AgendaItem:
        """One customer's line, of the reason it stands under; those held back count where there is no other."""
        holds = {reason: held(reason.rule, customer, self.config.gap, self.today) for reason in reasons}
        standing = self._standing(customer)
        points = {reason: self._urgency(reason, customer, standing) for reason in reasons}
        first, *others = sorted(
            reasons,
            key=lambda r: (
                holds[r] is not None,
                self._wait(r, customer),
                -points[r].total,
                r.due or date.max,
                r.time,
                r.what,
            ),
        )
        hold = holds[first]
        others = [reason for reason in others if hold or not holds[reason]]
        talk_date, _line, talk = self.talks.get(customer.file, (None, 0, ""))
        channel, reach = self._channel(first, customer)
        return AgendaItem(
            customer=customer.customer,
            name=customer.name,
            kind=first.rule.kind,
            due=first.due,
            time=first.time or None,
            until=first.until or None,
            overdue_days=self._days_late(first, customer),
            what=first.what,
            why=first.why,
            owner=customer.owner,
            city=customer.city,
            channel=channel,
            urgency=points[first],
            last_contact=talk_date,
            file=customer.path,
            line=self._line(first, customer),
            also=tuple(dict.fromkeys(r.rule.kind for r in others if r.rule.kind != first.rule.kind)),
            beside=tuple(
                Beside(
                    kind=r.rule.kind,
                    due=r.due,
                    time=r.time or None,
                    until=r.until or None,
                    what=r.what,
                    why=r.why,
                    line=self._line(r, customer),
                    answer_due=self._answer_due(r, customer),
                )
                for r in others
            ),
            reach=reach,
            last_talk=talk,
            held=hold.why if hold else "",
            answer_due=self._answer_due(first, customer),
        )

    def _wait(self, reason: Reason, customer: OnAgenda) -> int:
        """In how many days a reason comes: none where its day has come, most where it has none."""
        day = self._day(reason, customer)
        return max(0, (day - self.today).days) if day else date.max.toordinal()

    def _day(self, reason: Reason, customer: OnAgenda) -> date | None:
        """The day under which a reason stands: where an answer is due, that of the answer."""
        answer_due = self._answer_due(reason, customer)
        return answer_due.date() if answer_due else reason.due

    def _answer_due(self, reason: Reason, customer: OnAgenda) -> datetime | None:
        return self.answers.get((customer.file, reason.line or 0)) if reason.rule.kind in ASKING else None

    def _days_late(self, reason: Reason, customer: OnAgenda) -> int:
        """Days since the day of a reason."""
        due = self._day(reason, customer)
        return max(0, (self.today - due).days) if due else 0

    def _line(self, reason: Reason, customer: OnAgenda) -> int:
        """Where the reason stands: where the rule found it, else at its field, else at the last talk."""
        at = reason.rule.at
        place = self.places.get((customer.file, at)) if at else self.talks.get(customer.file, (None, 0, ""))[1]
        return reason.line or place or 1

    def _standing(self, customer: OnAgenda) -> Standing:
        tiers = self.config.tiers
        return Standing(
            tier=tiers.index(customer.tier) if customer.tier in tiers else 0,
            revenue=self.revenue.get(customer.file, 0),
            deals=self.deals.get(customer.file, 0),
            mood=self.moods.get(customer.file),
        )

    def _urgency(self, reason: Reason, customer: OnAgenda, standing: Standing) -> Urgency:
        rule, waits = reason.rule, reason.rule.kind in HAPPENED
        waited = max(0, (self.today - reason.due).days) if reason.due and waits else 0
        late = 0 if waits and not self._answer_due(reason, customer) else self._days_late(reason, customer)
        return urgency(rule.kind, late, waited, soft=rule.soft, standing=standing, weights=self.config.weights)

    def _channel(self, reason: Reason, customer: OnAgenda) -> tuple[str | None, str]:
        """How to reach the customer: as agreed, else as they prefer, else as we can, never by what they forbade."""
        reach = self.reach.get(customer.file, Reach())
        denied = customer.denied.split(",")
        wishes = [
            reason.channel if reason.rule.kind != "playbook" else "",  # that one is our wish, and no agreement
            *customer.prefers.split(","),
            reason.channel,
            "call" if reach.phone else "",
            "email" if reach.email else "",
        ]
        for channel in wishes:
            if channel and channel not in denied:
                return channel, reach.by(channel) or reach.other(denied)
        return None, ""


def _field_lines(index: Index, files: str) -> dict[tuple[int, str], int]:
    rows = index.rows(
        "select file, field, line from fields where file in (select value from json_each(?))"
        " and field in (select value from json_each(?)) and known = 1",
        (files, json.dumps(sorted({rule.at for rule in RULES if rule.at}))),
    )
    return {(file, field): line for file, field, line in rows}


_SO_FAR = f"file in (select value from json_each(:files)) and date <= :today and not ({APPOINTED}) order by {NEWEST}"


def _last_talks(index: Index, files: str, today: date) -> dict[int, tuple[date, int, str]]:
    """The last contact of each customer up to today: its day, its line, and what was said."""
    rows = index.rows(
        f"select file, date, line, channel, summary from entries e where {REACHED} and {_SO_FAR}",
        {"files": files, "today": today.isoformat()},
    )
    return {
        file: (date.fromisoformat(day), line, f"{channel}: {summary}" if summary else channel)
        for file, day, line, channel, summary in reversed(rows)
    }


def _last_moods(index: Index, files: str, today: date) -> dict[int, str]:
    rows = index.rows(
        f"select file, mood from entries e where mood is not null and {_SO_FAR}",
        {"files": files, "today": today.isoformat()},
    )
    return dict(reversed(rows))


def _revenue(index: Index, files: str, today: date, currency: str) -> dict[int, int]:
    """Revenue of the last twelve months in the vault's currency, in ten-thousandths."""
    start = Duration(12, "m").before(add_days(today, 1))
    rows = index.rows(
        "select file, sum(revenue) from sales where file in (select value from json_each(?)) and currency = ?"
        " and date between ? and ? group by file",
        (files, currency, start.isoformat(), today.isoformat()),
    )
    return dict(rows)


def _open_deals(index: Index, files: str, currency: str) -> dict[int, int]:
    """The open deals in the vault's currency, each by its chance; one whose chance nobody has told counts nothing."""
    rows = index.rows(
        "select file, sum(value * chance / 100) from deals where file in (select value from json_each(?))"
        " and state = 'open' and currency = ? and value * chance > 0 group by file",
        (files, currency),
    )
    return dict(rows)
