"""The promises report: what was promised and fell due, and whether it was kept, by us and by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Period
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.index.names import find_owner
from plaincrm.reports.figures import share

By = Literal["owner", "customer", "month"]
State = Literal["kept", "late", "broken", "called-off", "undated", "open"]
PARTIES: tuple[Literal["us", "them"], ...] = ("us", "them")


class Promise(NamedTuple):
    """A promise with a due day.

    `state`: `kept` on its day or before, kept `late`, `broken` (open after its day, or called off after it),
    `called-off` by its day, `undated` (done or called off, nobody knows when), `open` until its day. `late_days` are
    those it was or is late; `counted` says whether it fell due in the period.
    """

    customer: str
    name: str
    owner: str | None
    owes: str
    text: str
    made: date | None
    due: date
    done: date | None
    cancelled: date | None
    state: State
    late_days: int | None
    is_open: bool
    counted: bool
    file: str
    line: int

    @property
    def month(self) -> str:
        """The month in which it was due."""
        return self.due.isoformat()[:7]


class Kept(NamedTuple):
    """The sums of one party's promises. `n` are those kept, late and broken; all others are counted apart.

    `mean_late_days` is of the `late_or_open`: those kept late, and those still open after their day, until today.
    """

    owes: str
    name: str | None
    n: int
    kept: int
    late: int
    broken: int
    share_kept: Decimal | None
    late_or_open: int
    mean_late_days: Decimal | None
    called_off: int
    undated: int


class PromisesReport(NamedTuple):
    """Promises that fell due in a period, and all that are still open, by their due day.

    `groups` and `totals` have a row for each party, ours first.
    """

    start: date
    end: date
    today: date
    by: By
    groups: tuple[Kept, ...]
    totals: tuple[Kept, ...]
    promises: tuple[Promise, ...]
    unread: dict[str, str]


def promises(
    index: Index, today: date, period: Period, where: Condition = EVERY, by: By = "owner", owner: str | None = None
) -> PromisesReport:
    """Whether promises that fell due in the period were kept. What is due later than today has not fallen due yet.

    Raises:
        UsageError: nobody is called like the owner.
    """
    listed = tuple(_promises(index, today, period, where, find_owner(index, owner) if owner else None))
    counted = [promise for promise in listed if promise.counted]
    return PromisesReport(
        period.start,
        period.end,
        today,
        by,
        tuple(_groups(counted, by)),
        tuple(_kept(party, None, [promise for promise in counted if promise.owes == party]) for party in PARTIES),
        listed,
        unread(index),
    )


_DATED = """
    select c.customer, c.name, c.owner, t.owes, t.text, t.made, t.due, t.done, t.cancelled, t.open, f.path, t.line
    from tasks t join customers c using (file) join files f using (file)
    where t.due is not null and (t.due between ? and ? or t.open = 1) and (? is null or c.owner = ?) and (%s)
    order by t.due, f.path, t.line
    """


def _promises(index: Index, today: date, period: Period, where: Condition, owner: str | None) -> Iterator[Promise]:
    span = (period.start.isoformat(), period.end.isoformat())
    for customer, name, of, owes, text, *days, is_open, path, line in index.rows(
        _DATED % where.sql, (*span, owner, owner, *where.parameters)
    ):
        made, due, done, cancelled = (date.fromisoformat(day) if day else None for day in days)
        assert due is not None  # the query asks for those that have one
        state, late_days = _judged(due, done, cancelled, bool(is_open), today)
        yield Promise(
            customer,
            name,
            of,
            owes,
            text,
            made,
            due,
            done,
            cancelled,
            state,
            late_days,
            bool(is_open),
            period.covers(due),
            path,
            line,
        )


def _judged(
    due: date, done: date | None, cancelled: date | None, is_open: bool, today: date
) -> tuple[State, int | None]:
    """What became of a promise, and how many days late it was or is.

    Who calls off by the day has said so in time; who does so later has not kept it, as much as who says nothing.
    """
    if is_open:
        return ("broken", (today - due).days) if due < today else ("open", None)
    if cancelled:
        return ("broken" if cancelled > due else "called-off"), None
    if done is None:
        return "undated", None
    return ("late", (done - due).days) if done > due else ("kept", None)


def _groups(listed: Iterable[Promise], by: By) -> Iterator[Kept]:
    """The sums of each party's groups by name; those without one come last."""
    groups: dict[tuple[int, bool, str], list[Promise]] = {}
    for promise in listed:
        of = getattr(promise, by)
        groups.setdefault((PARTIES.index("us" if promise.owes == "us" else "them"), of is None, of or ""), []).append(
            promise
        )
    for party, nameless, name in sorted(groups):
        yield _kept(PARTIES[party], None if nameless else name, groups[party, nameless, name])


def _kept(owes: str, name: str | None, listed: list[Promise]) -> Kept:
    states = [promise.state for promise in listed]
    kept, late, broken = states.count("kept"), states.count("late"), states.count("broken")
    days = [promise.late_days for promise in listed if promise.late_days is not None]
    return Kept(
        owes,
        name,
        kept + late + broken,
        kept,
        late,
        broken,
        share(kept, kept + late + broken),
        len(days),
        round(Decimal(sum(days)) / len(days), 1) if days else None,
        states.count("called-off"),
        states.count("undated"),
    )
