"""Cohorts: customers by the year or quarter of their first purchase, and how many bought in each that followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from plaincrm.index.index import Index
from plaincrm.reports.figures import share

By = Literal["quarter", "year"]

_NUMBER = {  # of the year or quarter of a day, as a text of SQL
    "year": "cast(substr({0}, 1, 4) as integer)",
    "quarter": "cast(substr({0}, 1, 4) as integer) * 4 + (cast(substr({0}, 6, 2) as integer) - 1) / 3",
}
_BITS = 60  # of years or quarters, in one whole number of SQLite's


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


def marks(index: Index, today: date, by: By) -> dict[str, str]:
    """Columns of the table `buyers` with a bit for each year or quarter in which a customer bought."""
    number = _NUMBER[by].format("s.date")
    return {
        f"marks{start}": f"sum(distinct case when {number} between {start} and {start + _BITS - 1}"
        f" then 1 << ({number} - {start}) end)"
        for start in _starts(index, today, by)
    }


def cohorts(index: Index, today: date, by: By) -> tuple[Cohort, ...]:
    """The cohorts of the table `buyers` with its `marks`, the earliest first, by purchases up to today.

    Customers who bought in the same years or quarters are counted together.
    """
    starts = _starts(index, today, by)
    named = ", ".join(f"marks{start}" for start in starts)
    counts: Counter[tuple[int, int]] = Counter()
    rows = index.rows(f"select count(*), {named} from temp.buyers where purchases group by {named}") if starts else []
    for customers, *found in rows:
        bought = [start + bit for start, of in zip(starts, found, strict=True) for bit in _bits(of or 0)]
        counts.update({(bought[0], at - bought[0]): customers for at in bought})
    current = _number(today, by)
    return tuple(_cohort(counts, first, current, by) for first, after in sorted(counts) if not after)


def _starts(index: Index, today: date, by: By) -> range:
    """The first year or quarter of each column of marks, from the first sale of all."""
    ((first,),) = index.rows("select min(date) from sales")
    return range(_number(date.fromisoformat(first), by), _number(today, by) + 1, _BITS) if first else range(0)


def _cohort(counts: Mapping[tuple[int, int], int], began: int, current: int, by: By) -> Cohort:
    size = counts[began, 0]
    return Cohort(_name(began, by), size, tuple(_cells(counts, began, size, current, by)))


def _cells(counts: Mapping[tuple[int, int], int], began: int, size: int, current: int, by: By) -> Iterator[CohortCell]:
    for after in range(1, current - began + 1):
        customers = counts.get((began, after), 0)
        bought = share(customers, size) or Decimal(0)
        yield CohortCell(after, _name(began + after, by), customers, bought, began + after < current)


def _bits(number: int) -> Iterator[int]:
    """The places of the ones, from the lowest."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _number(day: date, by: By) -> int:
    """The number of the year or quarter that a day is in, as the query counts them."""
    return day.year if by == "year" else day.year * 4 + (day.month - 1) // 3


def _name(number: int, by: By) -> str:
    return f"{number:04}" if by == "year" else f"{number // 4:04}-Q{number % 4 + 1}"
