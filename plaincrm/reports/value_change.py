"""The value compared: what customers brought in a period against what they brought in another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Period
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.index.names import Named, named
from plaincrm.money import from_units
from plaincrm.reports.amounts import Apart, foreign
from plaincrm.reports.sums import Query, Totals, kept, largest, sums, total

Change = Literal["new", "grown", "same", "shrunk", "gone"]
CHANGES: tuple[Change, ...] = ("new", "grown", "same", "shrunk", "gone")


class CustomerChange(NamedTuple):
    """What one customer brought then and now; `new` and `gone` have sales in one of the periods only.

    Amounts are in the report's currency, excluding VAT; margins are those that are known. `change_share` is the change
    of the revenue as a fraction of the revenue before, None where that was not positive.
    """

    customer: str
    name: str
    file: str
    change: Change
    revenue_before: Decimal
    revenue: Decimal
    revenue_change: Decimal
    change_share: Decimal | None
    margin_before: Decimal
    margin: Decimal
    margin_change: Decimal


class ChangeTotals(NamedTuple):
    """How many customers changed so, and their revenue before and now."""

    change: Change
    customers: int
    revenue_before: Decimal
    revenue: Decimal


class ValueChange(NamedTuple):
    """Two periods compared: customers by how much their revenue changed, the most first; `left` were left out."""

    start: date
    end: date
    start_before: date
    end_before: date
    today: date
    currency: str
    customers: tuple[CustomerChange, ...]
    left: int
    changes: tuple[ChangeTotals, ...]
    totals: Totals
    totals_before: Totals
    converted: tuple[str, ...]
    apart: tuple[Apart, ...]
    apart_before: tuple[Apart, ...]
    unread: dict[str, str]


def value_change(
    index: Index, today: date, period: Period, before: Period, where: Condition = EVERY, limit: int = 0
) -> ValueChange:
    """What customers brought in a period, against another one; with a `limit` only so many are told one by one."""
    now, then = sums(index, period, where), sums(index, before, where)
    both = Query(
        "select file, sum(now) as now, sum(then_) as then_, sum(margin) as margin, sum(margin_then) as margin_then,"
        " case when max(side) = 0 then 'gone' when min(side) = 1 then 'new' when sum(now) > sum(then_) then 'grown'"
        " when sum(now) < sum(then_) then 'shrunk' else 'same' end as change"
        " from (select file, revenue as now, 0 as then_, margin, 0 as margin_then, 1 as side"
        f" from ({now.sql}) union all select file, 0, revenue, 0, margin, 0 from ({then.sql})) group by file",
        (*now.parameters, *then.parameters),
    )
    both = kept(index, both)
    changes = tuple(_changes(index, both))
    customers = sorted(
        _customers(index, both, limit), key=lambda one: (-abs(one.revenue_change), one.customer, one.file)
    )
    converted, apart = foreign(index, period, where)
    converted_before, apart_before = foreign(index, before, where)
    return ValueChange(
        period.start,
        period.end,
        before.start,
        before.end,
        today,
        index.vault.config.currency,
        tuple(customers[: limit or None]),
        max(0, sum(one.customers for one in changes) - limit) if limit else 0,
        changes,
        total(index, now),
        total(index, then),
        tuple(sorted({*converted, *converted_before})),
        apart,
        apart_before,
        unread(index),
    )


def _changes(index: Index, both: Query) -> list[ChangeTotals]:
    rows = index.rows(
        f"select change, count(*), sum(then_), sum(now) from ({both.sql}) group by change", both.parameters
    )
    found = {row[0]: row[1:] for row in rows}
    counts = ((change, *found.get(change, (0, 0, 0))) for change in CHANGES)
    return [
        ChangeTotals(change, customers, from_units(then), from_units(now)) for change, customers, then, now in counts
    ]


def _customers(index: Index, both: Query, limit: int) -> list[CustomerChange]:
    rows: dict[int, list[Any]] = {file: row for file, *row in largest(index, both, "abs(now - then_)", limit)}
    return [_customer(who, *rows[file]) for file, who in named(index, rows).items()]


def _customer(who: Named, now: int, then: int, margin: int, margin_then: int, change: Change) -> CustomerChange:
    revenue, before = from_units(now), from_units(then)
    return CustomerChange(
        who.customer,
        who.name,
        who.path,
        change,
        before,
        revenue,
        revenue - before,
        round((revenue - before) / before, 6) if before > 0 else None,
        from_units(margin_then),
        from_units(margin),
        from_units(margin - margin_then),
    )
