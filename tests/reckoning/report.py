"""What the report of all reports reckons itself (docs/report.md): the load of the coming weeks, and the key figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plaincrm.dates import Period
from plaincrm.records.model import Customer
from plaincrm.vault.config import Config
from tests.reckoning.deals import deals
from tests.reckoning.experience import experience
from tests.reckoning.sales import purchases, share, sold, sums

WEEKS = 8


def load(items: Iterable[Any], today: date) -> list[dict[str, Any]]:
    """The customers with something overdue, then what falls due in each week, of lines of the agenda."""
    listed = list(items)
    monday = today - timedelta(today.weekday())
    days = [day for item in listed for day in (item.due, *(other.due for other in item.beside))]
    weeks = [(first, first + timedelta(7)) for first in (monday + timedelta(7 * at) for at in range(WEEKS))]
    return [
        {"monday": None, "things": sum(item.overdue_days > 0 for item in listed)},
        *(
            {"monday": first, "things": sum(max(first, today) <= day < end for day in days if day)}
            for first, end in weeks
        ),
    ]


def key_figures(
    customers: Sequence[Customer], settings: Config, today: date, period: Period, before: Period
) -> dict[str, tuple[Decimal | int | None, int | None]]:
    """The key figures by name, each with its n; those of promises and answers are of their own reports."""
    sales, earlier = sums(sold(customers, settings, period)), sums(sold(customers, settings, before))
    days = [purchases(one, settings, date.max) for one in customers]
    now, then = ([any(map(some.covers, bought)) for bought in days] for some in (period, before))
    won = [bought for bought, is_now in zip(days, now, strict=True) if is_now and bought[0] >= period.start]
    kept = sum(one and other for one, other in zip(now, then, strict=True))
    scores = experience(customers, settings, today, period)["totals"]["scores"]
    pipeline = deals(customers, settings, today, period)["total"]
    return {
        "revenue": (sales["revenue"], sales["purchases"]),
        "margin": (sales["margin"], sales["purchases"]),
        "customers": (sum(now), None),
        "revenue_before": (earlier["revenue"], None),
        "new_customers": (len(won), None),
        "retention": (share(kept, sum(then)), sum(then)),
        **{of["question"]: (of["score"] and of["score"]["value"], of["n"]) for of in scores},
        "open_deals_forecast": (pipeline["forecast"], pipeline["weighed"]),
    }
