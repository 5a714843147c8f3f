"""The value: what each customer brought in a period, and how much of the whole that is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Period
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.money import from_units, to_units


class Source(NamedTuple):
    """A line that a figure comes from."""

    file: str
    line: int


class CustomerValue(NamedTuple):
    """What one customer brought in the period. Amounts exclude VAT and are in the report's currency.

    `margin` is that of the sales whose margin is known, which make up `revenue_with_margin`; `share` is of the whole
    revenue, as a fraction, None where the whole is not positive. A refund is revenue below zero and no purchase.
    `interval_days` is the mean number of days between purchases, None with fewer than two; `length_days` counts from
    the beginning of the relation to today, or to the day of the loss, and is None where either end is not known.
    """

    customer: str
    name: str
    file: str
    revenue: Decimal
    cost: Decimal
    margin: Decimal
    revenue_with_margin: Decimal
    share: Decimal | None
    cumulative_share: Decimal | None
    purchases: int
    first_purchase: date | None
    last_purchase: date | None
    length_days: int | None
    interval_days: Decimal | None
    reference: int | None
    learning: int | None
    sources: tuple[Source, ...]


class Totals(NamedTuple):
    """The sums over all customers of the report."""

    customers: int
    revenue: Decimal
    cost: Decimal
    margin: Decimal
    revenue_with_margin: Decimal
    purchases: int


class Apart(NamedTuple):
    """Revenue in a currency for which the settings have no rate: it stands apart and is in no sum."""

    currency: str
    revenue: Decimal
    sales: int


class ValueReport(NamedTuple):
    """Customers by revenue, the largest first.

    `totals` counts all of them, `rest` those that a limit left out of `customers`. `converted` names the currencies
    that were turned into `currency`.
    """

    start: date
    end: date
    currency: str
    customers: tuple[CustomerValue, ...]
    totals: Totals
    rest: Totals
    converted: tuple[str, ...]
    apart: tuple[Apart, ...]
    unread: dict[str, str]


class _Sum(NamedTuple):
    """Sales of one customer summed up: those in one currency, or in all of them.

    Amounts are in ten-thousandths of the currency's unit. There is one for each customer, so no more is made of it
    than is needed for all.
    """

    file: int
    customer: str
    name: str
    currency: str
    revenue: int
    cost: int
    margin: int
    revenue_with_margin: int
    purchases: int
    first: str | None
    last: str | None

    @property
    def units(self) -> tuple[int, int, int, int]:
        return self.revenue, self.cost, self.margin, self.revenue_with_margin

    def times(self, rate: Decimal) -> _Sum:
        """In another currency, to the cent."""
        if rate == 1:
            return self
        revenue, cost, margin, known = (to_units((from_units(u) * rate).quantize(_CENT)) for u in self.units)
        return self._replace(revenue=revenue, cost=cost, margin=margin, revenue_with_margin=known)

    def plus(self, other: _Sum) -> _Sum:
        """With those in another currency that were converted."""
        return self._replace(
            revenue=self.revenue + other.revenue,
            cost=self.cost + other.cost,
            margin=self.margin + other.margin,
            revenue_with_margin=self.revenue_with_margin + other.revenue_with_margin,
            purchases=self.purchases + other.purchases,
            first=min((day for day in (self.first, other.first) if day), default=None),
            last=max((day for day in (self.last, other.last) if day), default=None),
        )


_CENT = Decimal("0.01")


def value(index: Index, today: date, period: Period, where: Condition = EVERY, limit: int = 0) -> ValueReport:
    """Revenue, cost and margin of the sales dated in the period, both ends included.

    With a `limit` only so many customers are told one by one, those with the most revenue; the sums count all.
    """
    config = index.vault.config
    currency = config.currency
    sums = _sums(index, period, where)
    foreign = [row for row in sums if row.currency != currency]
    customers = {row.file: row for row in sums if row.currency == currency}
    for row in foreign:
        if row.currency in config.rates:
            converted, had = row.times(config.rates[row.currency]), customers.get(row.file)
            customers[row.file] = had.plus(converted) if had else converted
    ranked = sorted(customers.values(), key=lambda row: (-row.revenue, row.customer, row.name, row.file))
    totals = _totals(ranked)
    told = ranked[: limit or None]
    return ValueReport(
        period.start,
        period.end,
        currency,
        tuple(_details(index, told, totals.revenue, period, today)),
        totals,
        _totals(ranked[len(told) :]),
        tuple(sorted({row.currency for row in foreign if row.currency in config.rates})),
        tuple(_apart(row for row in foreign if row.currency not in config.rates)),
        unread(index),
    )


def _sums(index: Index, period: Period, where: Condition) -> list[_Sum]:
    """One scan of the sales of the period, by customer and currency."""
    chosen = "" if where is EVERY else f" and file in (select c.file from customers c where {where.sql})"
    rows = index.rows(
        "select file, customer, name, currency, revenue, cost, margin, known, purchases, first, last"
        " from (select file, currency, sum(revenue) as revenue, coalesce(sum(cost), 0) as cost,"
        " coalesce(sum(margin), 0) as margin, coalesce(sum(case when margin is not null then revenue end), 0) as known,"
        " count(distinct case when revenue > 0 then line end) as purchases,"
        " min(case when revenue > 0 then date end) as first, max(case when revenue > 0 then date end) as last"
        f" from sales where date between ? and ?{chosen} group by file, currency) s cross join customers using (file)",
        (period.start.isoformat(), period.end.isoformat(), *where.parameters),
    )
    return list(map(_Sum._make, rows))


def _totals(rows: list[_Sum]) -> Totals:
    return Totals(
        customers=len(rows),
        revenue=from_units(sum(row.revenue for row in rows)),
        cost=from_units(sum(row.cost for row in rows)),
        margin=from_units(sum(row.margin for row in rows)),
        revenue_with_margin=from_units(sum(row.revenue_with_margin for row in rows)),
        purchases=sum(row.purchases for row in rows),
    )


def _apart(rows: Iterable[_Sum]) -> Iterator[Apart]:
    for currency, of in groupby(sorted(rows, key=lambda row: row.currency), key=lambda row: row.currency):
        listed = list(of)
        revenue = from_units(sum(row.revenue for row in listed))
        yield Apart(currency, revenue, sum(row.purchases for row in listed))


def _details(index: Index, rows: list[_Sum], whole: Decimal, period: Period, today: date) -> Iterator[CustomerValue]:
    """The customers, the largest first, with names, shares, lengths and the lines their figures come from."""
    files = json.dumps([row.file for row in rows])
    about = _about(index, files)
    sources = _sources(index, files, period)
    running = Decimal(0)
    for row in rows:
        path, since, lost_on, reference, learning = about[row.file]
        amounts = [from_units(units) for units in row.units]
        running += amounts[0]
        yield CustomerValue(
            row.customer,
            row.name,
            path,
            amounts[0],
            amounts[1],
            amounts[2],
            amounts[3],
            amounts[0] / whole if whole > 0 else None,
            running / whole if whole > 0 else None,
            row.purchases,
            _day(row.first),
            _day(row.last),
            _length(_day(since), _day(lost_on), today),
            _interval(row),
            reference,
            learning,
            tuple(Source(path, line) for line in sources.get(row.file, ())),
        )


def _about(index: Index, files: str) -> dict[int, tuple[Any, ...]]:
    """What is shown beside the figures; a relation begins with `since` or the first entry, whichever is earlier."""
    rows = index.rows(
        "select c.file, f.path,"
        " coalesce(min(c.since, (select min(date) from entries e where e.file = c.file)), c.since,"
        " (select min(date) from entries e where e.file = c.file)),"
        " (select value from fields d where d.file = c.file and d.field = 'lost_on' and d.position = 0),"
        " c.reference, c.learning from customers c join files f using (file)"
        " where c.file in (select value from json_each(?))",
        (files,),
    )
    return {row[0]: row[1:] for row in rows}


def _sources(index: Index, files: str, period: Period) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for file, line in index.rows(
        "select distinct file, line from sales where file in (select value from json_each(?))"
        " and +date between ? and ? order by file, line",
        (files, period.start.isoformat(), period.end.isoformat()),
    ):
        found.setdefault(file, []).append(line)
    return found


def _length(since: date | None, lost_on: date | None, today: date) -> int | None:
    """How many days a relation has lasted; a today at the end of all days is nobody's today."""
    end = min(lost_on or date.max, today)
    return max(0, (end - since).days) if since and end < date.max else None


def _interval(row: _Sum) -> Decimal | None:
    first, last = _day(row.first), _day(row.last)
    if row.purchases < 2 or not first or not last:
        return None
    return (Decimal((last - first).days) / (row.purchases - 1)).quantize(Decimal("0.1"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
