"""Cohorts: customers by the year or quarter of their first purchase, and how many bought in each that followed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from plaincrm.index.index import Index
from plaincrm.reports.amounts import amounts
from plaincrm.reports.figures import share

By = Literal["quarter", "year"]

_NUMBER = {  # of the year or quarter of a day, as a text of SQL
    "year": "cast(substr({0}, 1, 4) as integer)",
    "quarter": "cast(substr({0}, 1, 4) as integer) * 4 + (cast(substr({0}, 6, 2) as integer) - 1) / 3",
}


class CohortCell(NamedTuple):
    """How many of a cohort bought in the `after`-th year or quarter after their first, and which share that is.

    `complete` is whether that year or quarter is over: while it is not, the share can still grow.
    """

    after: int
    period: str
    customers: int
    share: Decimal
    complete: bool


class Cohort(NamedTuple):
    """Customers whose first purchase fell in one year or quarter; cells for all that have begun since."""

    name: str
    size: int
    cells: tuple[CohortCell, ...]


def cohorts(index: Index, today: date, by: By) -> tuple[Cohort, ...]:
    """The cohorts of the table `buyers`, the earliest first, by purchases up to today."""
    began, number = _NUMBER[by].format("b.first"), _NUMBER[by].format("s.date")
    sizes = index.rows(f"select {began}, count(*) from temp.buyers b where b.first is not null group by 1")
    later = index.rows(
        "select began, number - began, count(*) from ("
        f" select {began} as began, {number} as number from temp.buyers b cross join sales s on s.file = b.file"
        f" where s.revenue > 0 and s.date > b.first and s.date <= ? and {amounts(index).counted}"
        f" and {number} > {began} group by b.file, number) group by 1, 2",
        (today.isoformat(),),
    )
    counts = {(first, after): customers for first, after, customers in later}
    counts.update({(first, 0): size for first, size in sizes})
    return tuple(_cohort(counts, first, _number(today, by), by) for first, after in sorted(counts) if not after)


def _cohort(counts: dict[tuple[int, int], int], began: int, current: int, by: By) -> Cohort:
    size = counts[began, 0]
    return Cohort(_name(began, by), size, tuple(_cells(counts, began, size, current, by)))


def _cells(counts: dict[tuple[int, int], int], began: int, size: int, current: int, by: By) -> Iterator[CohortCell]:
    for after in range(1, current - began + 1):
        customers = counts.get((began, after), 0)
        bought = share(customers, size) or Decimal(0)
        yield CohortCell(after, _name(began + after, by), customers, bought, began + after < current)


def _number(day: date, by: By) -> int:
    """The number of the year or quarter that a day is in, as the query counts them."""
    return day.year if by == "year" else day.year * 4 + (day.month - 1) // 3


def _name(number: int, by: By) -> str:
    return f"{number:04}" if by == "year" else f"{number // 4:04}-Q{number % 4 + 1}"
