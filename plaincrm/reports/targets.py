"""The targets of the settings: what was aimed at, what is there, the gap, and which customers can close it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from math import ceil
from typing import Any, NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Period, parse_period
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.index.query import compile_query
from plaincrm.money import from_units
from plaincrm.reports.amounts import Apart, amounts, foreign
from plaincrm.vault.targets import MONEY, PERIODS, Wanted


class Target(NamedTuple):
    """One target as of today.

    `wanted`, `actual` and `gap` (what is missing, never below zero) are money or numbers of customers, purchases or
    leads; `reached` is the actual as a fraction of the wanted. Of a field `share` per cent of the `base` customers are
    wanted. A target of a period has its days, and `by_now`: the part of it that the days gone by are of the period's.
    """

    target: str
    kind: str
    of: str
    money: bool
    start: date | None
    end: date | None
    share: Decimal | None
    base: int | None
    wanted: Decimal
    by_now: Decimal | None
    actual: Decimal
    gap: Decimal
    reached: Decimal | None


class Closing(NamedTuple):
    """A customer that can close gaps: the `fields` it lacks, and `why` else; with the revenue of twelve months."""

    customer: str
    name: str
    owner: str | None
    revenue: Decimal
    fields: tuple[str, ...]
    why: tuple[str, ...]
    file: str


class TargetsReport(NamedTuple):
    """All targets, and the customers who can close their gaps, those who brought most in twelve months first.

    `closing` counts the customers, `worklist` has as many of them as a limit allows.
    """

    today: date
    currency: str
    targets: tuple[Target, ...]
    closing: int
    worklist: tuple[Closing, ...]
    converted: tuple[str, ...]
    apart: tuple[Apart, ...]
    unread: dict[str, str]


def targets(index: Index, today: date, limit: int = 0) -> TargetsReport:
    """Every target of the settings against what there is up to today, in the order of the settings.

    Raises:
        QueryError: the query of a target is none.
    """
    wanted = index.vault.config.targets
    found = tuple(_target(index, today, one) for one in wanted)
    open_ones = [one for one, target in zip(wanted, found, strict=True) if target.gap > 0]
    closing, worklist = _worklist(index, today, open_ones, limit)
    year = Period(period_of("year", today).start, today)
    converted, apart = foreign(index, year) if any(one.of in MONEY for one in wanted) else ((), ())
    return TargetsReport(today, index.vault.config.currency, found, closing, worklist, converted, apart, unread(index))


def period_of(kind: str, today: date) -> Period:
    """The calendar year, quarter or month of today; twelve months up to today for what has none."""
    found = parse_period(f"this-{kind}" if kind in PERIODS else "12m", today)
    assert found is not None  # these are forms of periods
    return found


def _target(index: Index, today: date, wanted: Wanted) -> Target:
    timed = wanted.kind in PERIODS
    period = period_of(wanted.kind, today)
    until = Period(period.start, min(period.end, today))
    amount, share, base, by_now = wanted.amount, None, None, None
    if wanted.kind == "field":
        (base, actual), share = _coverage(index, today, wanted), wanted.amount
        amount = Decimal(ceil(base * share / 100))  # so many customers that the share is reached
    else:
        actual = _actual(index, wanted, until)
    if timed:
        gone = Decimal((until.end - until.start).days + 1) / ((period.end - period.start).days + 1)
        by_now = round(amount * gone, 2 if wanted.of in MONEY else 1)
    return Target(
        wanted.key,
        wanted.kind,
        wanted.of,
        wanted.of in MONEY and timed,
        period.start if timed else None,
        period.end if timed else None,
        share,
        base,
        amount,
        by_now,
        actual,
        max(amount - actual, Decimal(0)),
        round(actual / amount, 6) if amount else None,
    )


def _actual(index: Index, wanted: Wanted, period: Period) -> Decimal:
    days = (period.start.isoformat(), period.end.isoformat())
    if wanted.kind == "stage":
        [(count,)] = index.rows("select count(*) from customers where stage = ?", (wanted.of,))
    elif wanted.kind == "customers":
        [(count,)] = index.rows(
            "select count(distinct file) from sales where revenue > 0 and date between ? and ?", days
        )
    elif wanted.of in ("new", "leads"):
        [(count,)] = index.rows(f"select count(*) from ({first_days(wanted.of)}) where first between ? and ?", days)
    else:
        return _sold(index, wanted.of, days)
    return Decimal(count)


def first_days(of: str) -> str:
    """SQL for the first day of each customer: its first purchase (`new`), or `since` or its first entry (`leads`)."""
    if of == "new":
        return "select file, min(date) as first from sales where revenue > 0 group by file"
    return (
        "select file, min(day) as first from (select file, since as day from customers where since is not null"
        " union all select file, date from entries) group by file"
    )


def _sold(index: Index, of: str, days: tuple[str, str]) -> Decimal:
    counted = amounts(index)
    measure = {
        "revenue": f"coalesce(sum({counted.revenue}), 0)",
        "margin": f"coalesce(sum({counted.margin}), 0)",
        "purchases": "count(distinct case when s.revenue > 0 then s.file || ' ' || s.line end)",
    }[of]
    [(sold,)] = index.rows(f"select {measure} from sales s where s.date between ? and ? and {counted.counted}", days)
    return Decimal(sold) if of == "purchases" else from_units(sold)


def among(index: Index, today: date, query: str) -> Condition:
    """The active customers, or those among them that a query names."""
    config = index.vault.config
    active = ", ".join("?" for _stage in config.active)
    more = compile_query(query, config, today)
    return Condition(f"c.stage in ({active}) and ({more.sql})", (*config.active, *more.parameters))


def has_field(field: str) -> Condition:
    """Whether a customer has a field; an address or number of a contact person counts as the customer's."""
    own = "exists (select 1 from fields f where f.file = c.file and f.field = ?)"
    if field in ("email", "phone"):
        own += f" or exists (select 1 from contacts k where k.file = c.file and k.{field} <> '')"
    return Condition(f"({own})", (field,))


def _coverage(index: Index, today: date, wanted: Wanted) -> tuple[int, Decimal]:
    """How many customers should have a field, and how many do."""
    meant, has = among(index, today, wanted.query), has_field(wanted.of)
    [(base, having)] = index.rows(
        f"select count(*), coalesce(sum({has.sql}), 0) from customers c where {meant.sql}",
        (*has.parameters, *meant.parameters),
    )
    return base, Decimal(having)


def _worklist(index: Index, today: date, wanted: list[Wanted], limit: int) -> tuple[int, tuple[Closing, ...]]:
    """How many customers can close the gaps, and the first of them."""
    parts = list(_closing(index, today, wanted))
    if not parts:
        return 0, ()
    gaps = " union all ".join(part.sql for part in parts)
    given = tuple(parameter for part in parts for parameter in part.parameters)
    [(count,)] = index.rows(f"select count(distinct file) from ({gaps})", given)
    counted, year = amounts(index), period_of("", today)
    rows = index.rows(
        f"with gaps(at, is_field, file, what) as ({gaps}),"
        f" sold as (select s.file, sum({counted.revenue}) as revenue from sales s"
        f" where s.date between ? and ? and {counted.counted} group by s.file),"
        " told as (select g.file, f.path, coalesce(s.revenue, 0) as revenue from (select distinct file from gaps) g"
        " join files f using (file) left join sold s using (file) order by revenue desc, path limit ?)"
        " select t.path, c.customer, c.name, c.owner, t.revenue, g.is_field, g.what from told t"
        " join gaps g using (file) join customers c using (file) order by t.revenue desc, t.path, g.at",
        (*given, year.start.isoformat(), year.end.isoformat(), limit or -1),
    )
    return count, tuple(
        _customer(head, [(bool(is_field), what) for *_head, is_field, what in of])
        for head, of in groupby(rows, key=lambda row: row[:5])
    )


def _customer(head: tuple[Any, ...], gaps: list[tuple[bool, str]]) -> Closing:
    path, customer, name, owner, revenue = head
    fields, why = (tuple(what for is_field, what in gaps if is_field is one) for one in (True, False))
    return Closing(customer, name, owner, from_units(revenue), fields, why, path)


def _closing(index: Index, today: date, wanted: list[Wanted]) -> Iterator[Condition]:
    """Rows (at, is_field, file, what) of each gap: who lacks a field, has not bought for a year, or never has."""
    for at, one in enumerate(wanted):
        meant = among(index, today, one.query)
        day = today.isoformat()
        if one.kind == "field":
            has = has_field(one.of)
            yield Condition(
                f"select {at}, 1, c.file, ? from customers c where {meant.sql} and not {has.sql}",
                (one.of, *meant.parameters, *has.parameters),
            )
        elif one.kind == "customers":
            start = period_of("", today).start.isoformat()
            yield Condition(
                f"select {at}, 0, c.file, 'bought last on ' || max(s.date) from customers c join sales s using (file)"
                f" where {meant.sql} and s.revenue > 0 and s.date <= ? group by c.file having max(s.date) < ?",
                (*meant.parameters, day, start),
            )
        elif one.of == "new":
            yield Condition(
                f"select {at}, 0, c.file, 'has not bought yet' from customers c where {meant.sql} and not exists"
                " (select 1 from sales s where s.file = c.file and s.revenue > 0 and s.date <= ?)",
                (*meant.parameters, day),
            )
