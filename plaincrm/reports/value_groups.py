"""The value by group: what the customers of each tier, tag or segment brought, each product, month or ABC class."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Period, months_of
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.reports.amounts import YEARLY, Apart, foreign
from plaincrm.reports.groups import BY as TRAITS
from plaincrm.reports.groups import By as Trait
from plaincrm.reports.groups import groups, in_order
from plaincrm.reports.one_spelling import one_spelling
from plaincrm.reports.sums import Query, Totals, classed, figures, scope, sums, total, totals_of

By = Literal["tier", "stage", "owner", "type", "city", "tag", "segment", "class", "product", "month"]
BY: tuple[By, ...] = (*TRAITS, "class", "product", "month")


class GroupValue(NamedTuple):
    """What one group brought: its sums, and its share of the whole revenue as a fraction.

    `name` is None for what is in no group; `share` is None where the whole is not positive.
    """

    name: str | None
    sums: Totals
    share: Decimal | None


class ValueGroups(NamedTuple):
    """The groups of a period: tiers from the most to the least, stages and segments as in the settings, months by time.

    Others come by revenue, the largest first. With `overlap` a customer may be in several groups, whose sums are then
    more than `totals`.
    """

    start: date
    end: date
    today: date
    currency: str
    by: By
    overlap: bool
    groups: tuple[GroupValue, ...]
    totals: Totals
    converted: tuple[str, ...]
    apart: tuple[Apart, ...]
    unread: dict[str, str]


def value_groups(index: Index, today: date, period: Period, by: By, where: Condition = EVERY) -> ValueGroups:
    """Revenue, cost and margin of the sales dated in the period, by group."""
    totals = total(index, sums(index, period, where))
    query, overlap = _query(index, today, period, by, where)
    found: dict[str | None, Totals] = {
        name: totals_of(*units) for name, *units in index.rows(query.sql, query.parameters)
    }
    names = _months(found, period) if by == "month" else _ordered(index, by, found)
    converted, apart = foreign(index, period, where)
    return ValueGroups(
        period.start,
        period.end,
        today,
        index.vault.config.currency,
        by,
        overlap,
        tuple(
            GroupValue(name, of, of.revenue / totals.revenue if totals.revenue > 0 else None)
            for name in names
            for of in [found.get(name) or totals_of(0, 0, 0, 0, 0, 0)]
        ),
        totals,
        converted,
        apart,
        unread(index),
    )


def _query(index: Index, today: date, period: Period, by: By, where: Condition) -> tuple[Query, bool]:
    """The sums of each group, and whether groups overlap."""
    if by == "product" or by == "month":  # noqa: PLR1714 (which tells the types what is left)
        key = (
            "nullif(s.product, '')"
            if by == "product"
            else f"case when {YEARLY} then null else substr(s.date, 1, 7) end"
        )
        counted = scope(index, period, where)
        bought = "count(distinct case when s.revenue > 0 then s.file || ':' || s.line end)"
        group, name = one_spelling(key) if by == "product" else (key, key)
        columns = f"{name}, count(distinct s.file), {figures(index)}, {bought}"
        return Query(f"select {columns} from sales s where {counted.sql} group by {group}", counted.parameters), False
    added = "count(*), sum(revenue), sum(cost), sum(margin), sum(known), sum(purchases)"
    if by == "class":
        query = classed(index, period, where)
        return Query(f"select class, {added} from ({query.sql}) group by 1", query.parameters), False
    query, of = sums(index, period, where), groups(index, by, today)
    named = f"select distinct file, name from ({of.sql})" if of.overlap else of.sql
    return Query(
        f"select name, {added} from ({query.sql}) join ({named}) using (file) group by 1",
        (*query.parameters, *of.parameters),
    ), of.overlap


def _ordered(index: Index, by: By, found: dict[str | None, Totals]) -> list[str | None]:
    if by in ("tier", "stage", "segment"):
        of: Trait = by
        return in_order(index, of, set(found))
    if by == "class":
        return sorted(found, key=lambda name: (name is None, name or ""))
    return sorted(found, key=lambda name: (name is None, -found[name].revenue, name or ""))


def _months(found: dict[str | None, Totals], period: Period) -> list[str | None]:
    """The months of a period; where it has no beginning or end, from the first sale or to the last.

    What is dated by its year alone stands in none of them.
    """
    none = [None] if None in found else []
    sold = sorted(name for name in found if name)
    if not sold:
        return [*none]
    start = date.fromisoformat(f"{sold[0]}-01") if period.start == date.min else period.start
    end = date.fromisoformat(f"{sold[-1]}-01") if period.end == date.max else period.end
    return [*(f"{month.start:%Y-%m}" for month in months_of(Period(start, end))), *none]
