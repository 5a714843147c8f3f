"""The value: what each customer brought in a period, how much of the whole that is, and what it took."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Period, add_days
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.money import from_units
from plaincrm.reports.amounts import Apart, amounts, foreign
from plaincrm.reports.referrals import referral_margins
from plaincrm.reports.serving import Serving, has_rates, serving, work
from plaincrm.reports.sums import Totals, class_of, kept, largest, scope, sums, total
from plaincrm.vault.config import Config


class Source(NamedTuple):
    """A line that a figure comes from."""

    file: str
    line: int


class CustomerValue(NamedTuple):
    """What one customer brought in the period. Amounts exclude VAT and are in the report's currency.

    `margin` is that of the sales whose margin is known, which make up `revenue_with_margin`; `share` is of the whole
    revenue, as a fraction, None where the whole is not positive, and `abc` the class by it (`sums.class_of`). A refund
    is revenue below zero and no purchase.

    `interval_days` is the mean number of days between purchases, None with fewer than two; `length_days` counts from
    the beginning of the relation to today, or to the day of the loss, and is None where either end is not known.

    `referral_margin` is the margin of all who came through the customer (`referrals.credit`), 0 where nobody did;
    `contacts` are entries by which somebody was reached, `hours` those written in entries, both up to today, and
    `cost_to_serve` what they cost beside sales (`serving.cost_of`), None without rates. These and
    `margin_after_serving` are None where the report is not full.
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
    abc: str | None
    purchases: int
    first_purchase: date | None
    last_purchase: date | None
    length_days: int | None
    interval_days: Decimal | None
    referral_margin: Decimal | None
    contacts: int | None
    hours: Decimal | None
    cost_to_serve: Decimal | None
    margin_after_serving: Decimal | None
    reference: int | None
    learning: int | None
    sources: tuple[Source, ...]


class ServingTotals(NamedTuple):
    """Contacts, hours and cost to serve of all customers of a report; contacts that no rate covers."""

    contacts: int
    hours: Decimal
    cost_to_serve: Decimal | None
    without_rate: int


class ValueReport(NamedTuple):
    """Customers by revenue, the largest first.

    `totals` counts all of them, `rest` those that a limit left out of `customers`; `serving` is None where the report
    is not full. `planned` is the part of the revenue whose day is later than today. `converted` names the currencies
    that were turned into `currency`.
    """

    start: date
    end: date
    currency: str
    customers: tuple[CustomerValue, ...]
    totals: Totals
    rest: Totals
    serving: ServingTotals | None
    planned: Decimal
    converted: tuple[str, ...]
    apart: tuple[Apart, ...]
    unread: dict[str, str]


class _Row(NamedTuple):
    """One customer's sums, in units."""

    file: int
    revenue: int
    cost: int
    margin: int
    known: int
    purchases: int


class _About(NamedTuple):
    """What is shown beside the figures; a relation begins with `since` or the first entry, whichever is earlier."""

    customer: str
    name: str
    path: str
    since: str | None
    lost_on: str | None
    reference: int | None
    learning: int | None


def value(
    index: Index, today: date, period: Period, where: Condition = EVERY, limit: int = 0, *, full: bool = True
) -> ValueReport:
    """Revenue, cost and margin of the sales dated in the period, both ends included.

    With a `limit` only so many customers are told one by one, those with the most revenue; the sums count all. Where
    it is not `full`, only the notes of sales are looked at, which takes half the time.
    """
    query = kept(index, sums(index, period, where))
    totals = total(index, query)
    rows = [_Row(*row) for row in largest(index, query, "revenue", 0 if full else limit)]
    about = _about(index, rows)
    rows.sort(key=lambda row: (-row.revenue, about[row.file]))
    told = rows[: limit or None]
    served = _served(index, rows, period, today) if full else {}
    converted, apart = foreign(index, period, where)
    return ValueReport(
        period.start,
        period.end,
        index.vault.config.currency,
        tuple(_details(index, told, about, totals.revenue, period, today, served)),
        totals,
        _rest(totals, told),
        _all_served(index.vault.config, served.values()) if full else None,
        _planned(index, period, where, today),
        converted,
        apart,
        unread(index),
    )


def _about(index: Index, rows: list[_Row]) -> dict[int, _About]:
    found = index.rows(
        "select c.file, c.customer, c.name, f.path,"
        " coalesce(min(c.since, (select min(date) from entries e where e.file = c.file)), c.since,"
        " (select min(date) from entries e where e.file = c.file)),"
        " (select value from fields d where d.file = c.file and d.field = 'lost_on' and d.position = 0),"
        " c.reference, c.learning from customers c join files f using (file)"
        " where c.file in (select value from json_each(?))",
        (_files(rows),),
    )
    return {file: _About(*about) for file, *about in found}


def _served(index: Index, rows: list[_Row], period: Period, today: date) -> dict[int, Serving]:
    done: dict[int, list[Any]] = {row.file: [] for row in rows}
    for one in work(index, period, today, _files(rows)):
        done[one.file].append(one)
    return {file: serving(index.vault.config, of) for file, of in done.items()}


def _all_served(config: Config, served: Iterable[Serving]) -> ServingTotals:
    listed = list(served)
    costs = [one.cost or Decimal(0) for one in listed]
    return ServingTotals(
        sum(one.contacts for one in listed),
        sum((one.hours for one in listed), Decimal(0)),
        sum(costs, Decimal(0)) if has_rates(config) else None,
        sum(one.without_rate for one in listed),
    )


def _rest(totals: Totals, told: list[_Row]) -> Totals:
    """What is left of the sums without those that are told."""
    return Totals(
        totals.customers - len(told),
        totals.revenue - from_units(sum(row.revenue for row in told)),
        totals.cost - from_units(sum(row.cost for row in told)),
        totals.margin - from_units(sum(row.margin for row in told)),
        totals.revenue_with_margin - from_units(sum(row.known for row in told)),
        totals.purchases - sum(row.purchases for row in told),
    )


def _planned(index: Index, period: Period, where: Condition, today: date) -> Decimal:
    """What the sales of the period come to whose day is later than today."""
    if today >= period.end:
        return Decimal(0)
    later = scope(index, Period(max(period.start, add_days(today, 1)), period.end), where)
    query = f"select coalesce(sum({amounts(index).revenue}), 0) from sales s where {later.sql}"
    return from_units(index.rows(query, later.parameters)[0][0])


def _details(
    index: Index,
    told: list[_Row],
    about: dict[int, _About],
    whole: Decimal,
    period: Period,
    today: date,
    served: dict[int, Serving],
) -> Iterator[CustomerValue]:
    """The customers with names, shares, lengths and the lines their figures come from."""
    sources = _sources(index, told, period)
    brought = referral_margins(index, period) if served else {}
    running = above = Decimal(0)
    before: Decimal | None = None
    for row in told:
        who, days = about[row.file], sources[row.file]
        revenue, margin = from_units(row.revenue), from_units(row.margin)
        if revenue != before:
            above, before = running, revenue  # those with equal revenue share their class
        running += revenue
        serves = served.get(row.file)
        bought = sorted(day for _line, day, is_purchase in days if is_purchase)
        first, last = (bought[0], bought[-1]) if bought else (None, None)
        yield CustomerValue(
            customer=who.customer,
            name=who.name,
            file=who.path,
            revenue=revenue,
            cost=from_units(row.cost),
            margin=margin,
            revenue_with_margin=from_units(row.known),
            share=revenue / whole if whole > 0 else None,
            cumulative_share=running / whole if whole > 0 else None,
            abc=class_of(index, revenue, above, whole),
            purchases=row.purchases,
            first_purchase=first,
            last_purchase=last,
            length_days=length(_day(who.since), _day(who.lost_on), today),
            interval_days=interval(row.purchases, first, last),
            referral_margin=from_units(brought.get(row.file, 0)) if serves else None,
            contacts=serves.contacts if serves else None,
            hours=serves.hours if serves else None,
            cost_to_serve=serves.cost if serves else None,
            margin_after_serving=margin - serves.cost if serves and serves.cost is not None else None,
            reference=who.reference,
            learning=who.learning,
            sources=tuple(Source(who.path, line) for line, _day, _is_purchase in days),
        )


def _sources(index: Index, told: list[_Row], period: Period) -> dict[int, list[tuple[int, date, int]]]:
    """The entries with sales that count: line, day, and whether there is a purchase in it."""
    found: dict[int, list[tuple[int, date, int]]] = {row.file: [] for row in told}
    for file, line, day, is_purchase in index.rows(
        "select s.file, s.line, s.date, max(s.revenue > 0) from sales s where s.file in"
        f" (select value from json_each(?)) and +s.date between ? and ? and {amounts(index).counted}"
        " group by s.file, s.line order by s.file, s.line",
        (_files(told), period.start.isoformat(), period.end.isoformat()),
    ):
        found[file].append((line, date.fromisoformat(day), is_purchase))
    return found


def _files(rows: Iterable[_Row]) -> str:
    return json.dumps([row.file for row in rows])


def length(since: date | None, lost_on: date | None, today: date) -> int | None:
    """How many days a relation has lasted; a today at the end of all days is nobody's today."""
    end = min(lost_on or date.max, today)
    return max(0, (end - since).days) if since and end < date.max else None


def interval(purchases: int, first: date | None, last: date | None) -> Decimal | None:
    """The mean number of days between purchases, to one decimal; None with fewer than two."""
    if purchases < 2 or not first or not last:
        return None
    return (Decimal((last - first).days) / (purchases - 1)).quantize(Decimal("0.1"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
