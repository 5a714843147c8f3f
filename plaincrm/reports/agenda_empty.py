"""Why the agenda of a day is empty, and when the next line comes."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.reports.agenda_lines import customers_of, held
from plaincrm.reports.agenda_rules import SAME_CLASS, reasons_of
from plaincrm.reports.agenda_tables import prepare

_FAR = 366  # days in which the next line is looked for


class Upcoming(NamedTuple):
    """The next line that will be on the agenda."""

    due: date
    customer: str
    name: str
    kind: str


class Empty(NamedTuple):
    """Why there is no line.

    There are `none` at all, `nobody` matches, all are `closed`, all is `held` back, or nothing is `due`.

    `rhythm` tells whether anybody of those asked for has one; without one, nobody can be forgotten in time.
    """

    why: str
    rhythm: bool
    next: Upcoming | None


def why_empty(index: Index, horizon: date, today: date, asked: Condition, where: Condition) -> Empty:
    """Why there is no line for the customers asked for, of whom `where` says no more than the user did."""
    if not _any(index, f"customers c where {asked.sql}", asked):
        gone = _any(index, f"customers c where {where.sql}", where)
        known = gone or _any(index, "customers", EVERY)
        return Empty("closed" if gone else "nobody" if known else "none", rhythm=True, next=None)
    rhythm = _any(
        index, f"class k cross join customers c where lapsed is not null and {SAME_CLASS} and {asked.sql}", asked
    )
    lapses = _next_lapse(index, asked)
    given, _unsound = prepare(index, today, _FAR)
    reasons = reasons_of(index, given)
    holding, coming = False, [lapses] if lapses else []
    for customer in customers_of(index, reasons, asked):
        for reason in reasons[customer.file]:
            hold = held(reason.rule, customer, index.vault.config.gap, today)
            holding = holding or (hold is not None and (reason.due or today) <= horizon)
            day = max(reason.due or today, hold.until or date.max if hold else today)
            if today < day < date.max:
                coming.append(Upcoming(day, customer.customer, customer.name, reason.rule.kind))
    return Empty("held" if holding else "due", rhythm, min(coming, default=None))


def _any(index: Index, rest: str, condition: Condition) -> bool:
    return bool(index.rows(f"select 1 from {rest} limit 1", condition.parameters))


def _next_lapse(index: Index, asked: Condition) -> Upcoming | None:
    """The first customer whose rhythm is over, of those whose rhythm is not over yet."""
    rows = index.rows(
        "select max(after(c.counted, k.rhythm), coalesce(c.quiet_until, '')) as due, c.customer, c.name"
        f" from class k cross join customers c where {SAME_CLASS} and c.counted > k.lapsed and {asked.sql}"
        " and instr(',' || coalesce(c.denied, '') || ',', ',all,') = 0"
        " order by due, c.customer limit 1",
        asked.parameters,
    )
    return next((Upcoming(date.fromisoformat(row[0]), row[1], row[2], "cadence") for row in rows), None)
