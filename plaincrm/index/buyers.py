"""What a customer's purchases add up to: when they were, and until when a silence is nothing out of the usual."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from plaincrm.dates import add_days

LEAST = 3  # days with a purchase, below which there is no rhythm


class Purchases(NamedTuple):
    """Days are ISO text; years and quarters are those with a purchase, ascending: `2024 2026`, `2024-Q4 2026-Q1`.

    `cools` is the last day plus the longest interval between two that follow each other: on any later day the silence
    is longer than every interval. It is None where `days` are fewer than `LEAST`.
    """

    first: str
    last: str
    days: int
    cools: str | None
    years: str
    quarters: str


def purchases(days: Iterable[str]) -> Purchases:
    """The sums of one purchase or more, by their days in whatever order, each any number of times."""
    bought = sorted({*days})
    quarters = dict.fromkeys(map(_quarter, bought))
    return Purchases(
        bought[0],
        bought[-1],
        len(bought),
        _cools(bought) if len(bought) >= LEAST else None,
        " ".join(dict.fromkeys(quarter[:4] for quarter in quarters)),
        " ".join(quarters),
    )


def _cools(bought: list[str]) -> str:
    days = [*map(_date, bought)]
    return add_days(days[-1], max((later - earlier).days for earlier, later in pairwise(days))).isoformat()


@lru_cache(maxsize=8192)  # the days of twenty years; many customers buy on each
def _date(day: str) -> date:
    return date.fromisoformat(day)


@lru_cache(maxsize=8192)
def _quarter(day: str) -> str:
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"
