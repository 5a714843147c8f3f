"""Seasons: the days of the year about which a customer bought the same in several years."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from plaincrm.dates import Duration, add_months
from plaincrm.language import unaccented

YEARS = 10  # what lies further apart is no season


def season_days(purchases: Iterable[tuple[str, date]], window: Duration) -> set[str]:
    """The days of the year (`05-14`) of purchases to which there is one of the same product in another year.

    That one lies at most `window` before or after the day. Case and accents make no other product.
    """
    by_product: defaultdict[str, set[date]] = defaultdict(set)
    for product, day in purchases:
        by_product[unaccented(product)].add(day)
    return {f"{day:%m-%d}" for days in by_product.values() if len(days) > 1 for day in _recurring(sorted(days), window)}


def _recurring(days: list[date], window: Duration) -> Iterable[date]:
    for day in days:
        for years in range(1, min(days[-1].year - day.year + 1, YEARS) + 1):
            again = add_months(day, 12 * years)
            at = bisect_left(days, max(window.before(again), window.after(day)))
            if at < len(days) and days[at] <= window.after(again):
                yield from (day, days[at])
