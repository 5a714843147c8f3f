"""Cohorts: customers by the year or quarter of their first purchase, and how many bought in each that followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from plaincrm.index.index import Index
from plaincrm.reports.figures import share

By = Literal["quarter", "year"]


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
    """The cohorts of the view `bought`, the earliest first, by purchases up to today.

    Customers who bought in the same years or quarters are counted together.
    """
    counts: Counter[tuple[int, int]] = Counter()
    for names, customers in index.rows(f"select {by}s, count(*) from temp.bought group by 1"):
        first, *later = map(_number, names.split())
        counts[first, 0] += customers
        for number in later:
            counts[first, number - first] += customers
    current = today.year if by == "year" else today.year * 4 + (today.month - 1) // 3
    return tuple(_cohort(counts, first, current, by) for first, after in sorted(counts) if not after)


def _cohort(counts: Mapping[tuple[int, int], int], began: int, current: int, by: By) -> Cohort:
    size = counts[began, 0]
    return Cohort(_name(began, by), size, tuple(_cells(counts, began, size, current, by)))


def _cells(counts: Mapping[tuple[int, int], int], began: int, size: int, current: int, by: By) -> Iterator[CohortCell]:
    for after in range(1, current - began + 1):
        customers = counts.get((began, after), 0)
        bought = share(customers, size) or Decimal(0)
        yield CohortCell(after, _name(began + after, by), customers, bought, began + after < current)


@lru_cache(maxsize=4096)
def _number(name: str) -> int:
    """The number of the year or quarter of a name: such that one is more than the one before by one."""
    year, _, quarter = name.partition("-Q")
    return int(year) * 4 + int(quarter) - 1 if quarter else int(year)


def _name(number: int, by: By) -> str:
    return f"{number:04}" if by == "year" else f"{number // 4:04}-Q{number % 4 + 1}"
