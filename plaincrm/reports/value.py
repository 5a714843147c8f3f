"""The value: what each customer brought in a period, and how much of the whole that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from plaincrm.checks.check import unread
from plaincrm.dates import Period
from plaincrm.index.index import Index
from plaincrm.index.condition import EVERY, Condition
from plaincrm.money import from_units


class Source(NamedTuple):
    """A line that a figure comes from."""

    file: str
    line: int


class CustomerValue(NamedTuple):
    """What one customer brought in the period. Amounts exclude VAT and are in the report's currency.

    `margin` is that of the sales whose margin is known, which make up `revenue_with_margin`; `share` is of the whole
    revenue, as a fraction, None where the whole is not positive. A refund is revenue below zero and no purchase.
    `interval_days` is the mean number of days between purchases, None with fewer than two.
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
    """Customers by revenue, the largest first. `converted` names the currencies that were turned into `currency`."""

    start: date
    end: date
    currency: str
    customers: tuple[CustomerValue, ...]
    totals: Totals
    converted: tuple[str, ...]
    apart: tuple[Apart, ...]
    unread: dict[str, str]


class _Sum(NamedTuple):
    """The sales of one customer in one currency, or of one customer in all of them."""

    file: int
    currency: str
    revenue: Decimal
    cost: Decimal
    margin: Decimal
    revenue_with_margin: Decimal
    purchases: int
    first: str | None
    last: str | None


def value(index: Index, today: date, period: Period, where: Condition = EVERY) -> ValueReport:
    """Revenue, cost and margin of the sales dated in the period, both ends included."""
    config = index.vault.config
    currency = config.currency
    rates = {currency: Decimal(1), **config.rates}
    sums = list(_sums(index, period, where))
    mine = [_converted(row, rates[row.currency]) for row in sums if row.currency in rates]
    customers = [_joined(list(rows)) for _file, rows in groupby(mine, key=lambda row: row.file)]
    customers.sort(key=lambda row: (-row.revenue, row.file))
    totals = _totals(customers)
    return ValueReport(
        period.start,
        period.end,
        currency,
        tuple(_details(index, customers, totals, period, today)),
        totals,
        tuple(sorted({row.currency for row in sums if row.currency in rates} - {currency})),
        tuple(_apart(row for row in sums if row.currency not in rates)),
        unread(index),
    )


def _sums(index: Index, period: Period, where: Condition) -> Iterator[_Sum]:
    """One scan of the sales of the period, by customer and currency."""
    chosen = "" if where is EVERY else f" and file in (select c.file from customers c where {where.sql})"
    for file, currency, *units, purchases, first, last in index.rows(
        "select file, currency, sum(revenue), sum(cost), sum(margin), sum(case when margin is not null then revenue end),"
        " count(distinct case when revenue > 0 then line end), min(case when revenue > 0 then date end),"
        " max(case when revenue > 0 then date end)"
        f" from sales where date between ? and ?{chosen} group by file, currency order by file",  # noqa: S608
        (period.start.isoformat(), period.end.isoformat(), *where.parameters),
    ):
        amounts = [from_units(amount or 0) for amount in units]
        yield _Sum(file, currency, *amounts, purchases, first, last)


def _converted(row: _Sum, rate: Decimal) -> _Sum:
    """A sum in the report's currency, to the cent."""
    if rate == 1:
        return row
    cents = [(amount * rate).quantize(Decimal("0.01")) for amount in row[2:6]]
    return row._replace(**dict(zip(_Sum._fields[2:6], cents, strict=True)))


def _joined(rows: list[_Sum]) -> _Sum:
    """One customer's sums of all currencies as one."""
    if len(rows) == 1:
        return rows[0]
    amounts: list[Any] = [sum(row[at] for row in rows) for at in range(2, 7)]
    firsts, lasts = [row.first for row in rows if row.first], [row.last for row in rows if row.last]
    return _Sum(rows[0].file, "", *amounts, min(firsts, default=None), max(lasts, default=None))


def _totals(rows: list[_Sum]) -> Totals:
    def total(at: int) -> Any:
        return sum((row[at] for row in rows), Decimal(0))

    return Totals(len(rows), total(2), total(3), total(4), total(5), sum(row.purchases for row in rows))


def _apart(rows: Iterable[_Sum]) -> Iterator[Apart]:
    for currency, of in groupby(sorted(rows, key=lambda row: row.currency), key=lambda row: row.currency):
        listed = list(of)
        yield Apart(currency, sum((row.revenue for row in listed), Decimal(0)), sum(row.purchases for row in listed))


def _details(
    index: Index, rows: list[_Sum], totals: Totals, period: Period, today: date
) -> Iterator[CustomerValue]:
    """The customers with names, shares, lengths and the lines their figures come from."""
    about = _about(index)
    sources = _sources(index, period)
    running = Decimal(0)
    for row in rows:
        customer, name, path, since, lost_on, reference, learning = about[row.file]
        running += row.revenue
        end = min(date.fromisoformat(lost_on) if lost_on else today, today)
        yield CustomerValue(
            customer,
            name,
            path,
            row.revenue,
            row.cost,
            row.margin,
            row.revenue_with_margin,
            row.revenue / totals.revenue if totals.revenue > 0 else None,
            running / totals.revenue if totals.revenue > 0 else None,
            row.purchases,
            _day(row.first),
            _day(row.last),
            max(0, (end - date.fromisoformat(since)).days) if since else None,
            _interval(row),
            reference,
            learning,
            tuple(Source(path, line) for line in sources.get(row.file, ())),
        )


def _about(index: Index) -> dict[int, tuple[Any, ...]]:
    """What is shown beside the figures; a relation begins with `since` or with the first entry, whichever is earlier."""
    rows = index.rows(
        "select c.file, c.customer, c.name, f.path,"
        " coalesce(min(c.since, (select min(date) from entries e where e.file = c.file)), c.since,"
        " (select min(date) from entries e where e.file = c.file)),"
        " (select value from fields d where d.file = c.file and d.field = 'lost_on' and d.position = 0),"
        " c.reference, c.learning from customers c join files f using (file)"
        " where c.file in (select distinct file from sales)"
    )
    return {row[0]: row[1:] for row in rows}


def _sources(index: Index, period: Period) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for file, line in index.rows(
        "select distinct file, line from sales where date between ? and ? order by file, line",
        (period.start.isoformat(), period.end.isoformat()),
    ):
        found.setdefault(file, []).append(line)
    return found


def _interval(row: _Sum) -> Decimal | None:
    first, last = _day(row.first), _day(row.last)
    if row.purchases < 2 or not first or not last:
        return None
    return (Decimal((last - first).days) / (row.purchases - 1)).quantize(Decimal("0.1"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
