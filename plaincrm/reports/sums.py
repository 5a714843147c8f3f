"""What the sales of a period come to, customer by customer, and the ABC classes that follow from it: in SQL."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from plaincrm.dates import Period
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.money import from_units
from plaincrm.reports.amounts import amounts


class Query(NamedTuple):
    """SQL of one query and its parameters."""

    sql: str
    parameters: tuple[object, ...]


class Totals(NamedTuple):
    """Sums over customers with sales, in the vault's currency, excluding VAT.

    `margin` is that of the sales whose margin is known, which make up `revenue_with_margin`. A purchase is an entry
    with a sale above zero; a refund is revenue below zero and no purchase.
    """

    customers: int
    revenue: Decimal
    cost: Decimal
    margin: Decimal
    revenue_with_margin: Decimal
    purchases: int


def figures(index: Index) -> str:
    """SQL for the sums of some rows of `sales s`: revenue, cost, margin, known (revenue with a margin), in units."""
    money = amounts(index)
    return (
        f"sum({money.revenue}) as revenue, coalesce(sum({money.cost}), 0) as cost,"
        f" coalesce(sum({money.margin}), 0) as margin,"
        f" coalesce(sum(case when s.margin is not null then {money.revenue} end), 0) as known"
    )


def scope(index: Index, period: Period, where: Condition = EVERY, day: str = "s.date") -> Query:
    """SQL for the condition that a row of `sales s` counts: in the period, with a rate, of a customer of the query.

    A plus before its `day` leaves the index by dates aside.
    """
    return Query(
        f"{day} between ? and ? and {amounts(index).counted}{where.on('s.file')}",
        (period.start.isoformat(), period.end.isoformat(), *where.parameters),
    )


def sums(index: Index, period: Period, where: Condition = EVERY) -> Query:
    """The customers with sales in a period: file, revenue, cost, margin, known, purchases; amounts in units."""
    counted = scope(index, period, where, "+s.date")  # in the order of files, so that nothing has to be sorted
    return Query(
        f"select s.file, {figures(index)}, sum(s.purchase) as purchases from sales s where {counted.sql}"
        " group by s.file",
        counted.parameters,
    )


def kept(index: Index, query: Query) -> Query:
    """The same rows, worked out once for several questions: as a table of the connection, until the next is kept."""
    index.rows("drop table if exists temp.kept")
    index.rows(f"create temp table kept as {query.sql}", query.parameters)
    return Query("select * from temp.kept", ())


def total(index: Index, query: Query) -> Totals:
    """The sum of all rows of `sums`."""
    (row,) = index.rows(
        "select count(*), coalesce(sum(revenue), 0), coalesce(sum(cost), 0), coalesce(sum(margin), 0),"
        f" coalesce(sum(known), 0), coalesce(sum(purchases), 0) from ({query.sql})",
        query.parameters,
    )
    return totals_of(*row)


def totals_of(customers: int, revenue: int, cost: int, margin: int, known: int, purchases: int) -> Totals:
    """Sums whose amounts are in units."""
    return Totals(customers, from_units(revenue), from_units(cost), from_units(margin), from_units(known), purchases)


def largest(index: Index, query: Query, key: str, limit: int) -> list[tuple[int, ...]]:
    """The rows with the largest values of an expression: all without a limit, more than it where the last are alike."""
    if not limit:
        return index.rows(query.sql, query.parameters)
    least = f"select {key} from ({query.sql}) order by 1 desc limit 1 offset ?"
    return index.rows(
        f"select * from ({query.sql}) where {key} >= coalesce(({least}), {key})",
        (*query.parameters, *query.parameters, limit - 1),
    )


def class_names(index: Index) -> str:
    """The letters of the ABC classes, from the best to the last."""
    return "".join(map(_class_name, range(len(index.vault.config.classes) + 1)))


def _class_name(at: int) -> str:
    return chr(ord("A") + at)


def class_of(index: Index, revenue: Decimal, above: Decimal, whole: Decimal) -> str | None:
    """The ABC class of a customer, above whom others bring so much of the whole; None where that is not positive.

    A customer is in class A while those with more revenue bring less than the first limit, in B while they bring less
    than the second one; so whoever crosses a limit belongs to the better class, and equal revenues share theirs. Who
    brings nothing, or has had more back than paid, is in the last class.
    """
    if whole <= 0:
        return None
    limits = index.vault.config.classes
    better = (at for at, limit in enumerate(limits) if above * 100 < limit * whole) if revenue > 0 else iter(())
    return _class_name(next(better, len(limits)))


def classed(index: Index, period: Period, where: Condition = EVERY) -> Query:
    """The rows of `sums`, each with its `class` as `class_of` has it."""
    query, names = sums(index, period, where), class_names(index)
    limits = [int(limit * 100) for limit in index.vault.config.classes]  # they have two decimals at most
    cases = "".join(
        f" when coalesce(above, 0) * 10000 < {limit} * whole then '{name}'"
        for name, limit in zip(names, limits, strict=False)
    )
    return Query(
        f"select *, case when whole <= 0 then null when revenue <= 0 then '{names[-1]}'{cases} else '{names[-1]}' end"
        " as class from (select *, sum(revenue) over () as whole, sum(revenue) over"
        f" (order by revenue desc groups between unbounded preceding and 1 preceding) as above from ({query.sql}))",
        query.parameters,
    )


def class_among_all(index: Index, period: Period, file: int) -> str | None:
    """The ABC class of one customer among all with sales in a period, by the row of its file; None without sales."""
    query = classed(index, period)
    rows = index.rows(f"select class from ({query.sql}) where file = ?", (*query.parameters, file))
    return rows[0][0] if rows else None
