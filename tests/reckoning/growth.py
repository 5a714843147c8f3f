"""Growth reckoned a second time (docs/growth.md): the state of each customer day by day, and the way of each."""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from statistics import median
from typing import Any

from plaincrm.dates import Period
from plaincrm.language import canonical
from plaincrm.records.model import Customer
from plaincrm.vault.config import Config
from tests.reckoning.means import after, in_order
from tests.reckoning.sales import foreign, purchases, share, sold, sums

STEPS = ("contact", "need", "comparison", "decision", "order", "purchase")
later = cache(after)

# What a customer left, when, and after how many days: stage, day, days. Only git knows that.
Stay = tuple[str, date, int]


def growth(
    customers: Sequence[Customer],
    settings: Config,
    today: date,
    period: Period,
    everybody: Sequence[Customer] = (),
    stays: Sequence[Stay] = (),
    since: date | None = None,
) -> dict[str, Any]:
    """The whole answer; `everybody` may have referred some of the customers, and git knows `stays` since a day."""
    shown = Period(period.start, min(period.end, today))
    return {
        "from": period.start,
        "to": period.end,
        "today": today,
        "currency": settings.currency,
        "active": str(settings.growth_active),
        "lost": str(settings.growth_lost),
        "months": list(months(customers, settings, today, shown)),
        "stages": stages(customers, settings, [stay for stay in stays if shown.covers(stay[1])]),
        "history_since": since,
        "steps": steps(customers, settings, today, shown),
        **origins(customers, everybody or customers, settings, today, shown),
        **foreign(customers, settings, shown),
        "unread": [],
    }


def months(customers: Sequence[Customer], settings: Config, today: date, shown: Period) -> Iterator[dict[str, Any]]:
    """Who is what at the end of each month, and who became so on its days."""
    bought = [purchases(customer, settings, today) for customer in customers]
    begun = min((days[0] for days in bought if days), default=date.max)
    day = max(shown.start, begun).replace(day=1)
    while day <= shown.end:
        end = min(day.replace(day=monthrange(day.year, day.month)[1]), today)
        new = returned = lost = 0
        at_end: Counter[str] = Counter()
        for customer, days in zip(customers, bought, strict=True):
            was = state(days, customer.lost_on, day - timedelta(1), settings)
            for ordinal in range(day.toordinal(), end.toordinal() + 1):
                on = date.fromordinal(ordinal)
                now = state(days, customer.lost_on, on, settings)
                new += on in days[:1]
                returned += on in days and was == "lost"
                lost += now == "lost" and (was in ("active", "cooling") or on in days)
                was = now
            at_end[was] += 1
        active, cooling = at_end["active"], at_end["cooling"]
        told = {"new": new, "returned": returned, "lost": lost, "active": active, "cooling": cooling}
        yield {"month": f"{day:%Y-%m}", **told, "base": active + cooling}
        day = (day + timedelta(31)).replace(day=1)


def state(days: list[date], lost_on: date | None, on: date, settings: Config) -> str:
    """What a customer is on a day who has bought on these days."""
    last = max((day for day in days if day <= on), default=None)
    if last is None:
        return "none"
    if later(last, settings.growth_lost) <= on or (lost_on and last <= lost_on <= on):
        return "lost"
    return "active" if on < later(last, settings.growth_active) else "cooling"


def stages(customers: Sequence[Customer], settings: Config, left: Sequence[Stay]) -> list[dict[str, Any]]:
    """Who stands where, and how long those had stood there who left."""
    counts = Counter(customer.stage for customer in customers)
    found = []
    for stage in in_order({*counts, *(stay[0] for stay in left)}, settings.stages):
        days = [stay[2] for stay in left if stay[0] == stage]
        found.append({"stage": stage, "customers": counts[stage], "timed": len(days), "days": middle(days)})
    return found


def steps(customers: Sequence[Customer], settings: Config, today: date, shown: Period) -> list[dict[str, Any]]:
    """Of those whose first contact is in the period: which steps they took, and after how many days."""
    took: dict[str, list[int]] = {step: [] for step in STEPS}
    furthest = []
    for customer in customers:
        past = sorted((entry for entry in customer.entries if entry.date <= today), key=lambda entry: entry.date)
        known = [entry.date for entry in past[:1]] + ([customer.since] if customer.since else [])
        if not known or not shown.covers(min(known)):
            continue
        came = min(known)
        bought = purchases(customer, settings, today)[:1]
        days = {"contact": came}
        for entry in past:
            for value in entry.values:
                if value.key == "step" and value.value in STEPS and entry.date <= (bought or [today])[0]:
                    days.setdefault(value.value, entry.date)
        days |= {"purchase": bought[0]} if bought else {}
        for step, day in days.items():
            took[step].append((day - came).days)
        furthest.append(max(map(STEPS.index, days)))
    return [
        {
            "step": step,
            "stage": "lead" if step == "contact" else "customer" if step == "purchase" else "prospect",
            "reached": sum(one >= at for one in furthest),
            "share": share(sum(one >= at for one in furthest), len(furthest)),
            "noted": len(took[step]),
            "days": middle(took[step]),
        }
        for at, step in enumerate(STEPS)
    ]


def origins(
    customers: Sequence[Customer], everybody: Sequence[Customer], settings: Config, today: date, shown: Period
) -> dict[str, Any]:
    """The sources and the referrers of those who bought for the first time in the period."""
    sources: dict[str, list[Any]] = {}
    spelt: dict[str, Counter[str]] = {}
    referrers: dict[str, list[Any]] = {}
    ids = {plain(one.id): one for one in reversed(everybody)}
    for customer in customers:
        if not any(map(shown.covers, purchases(customer, settings, today)[:1])):
            continue
        its = sums(sold([customer], settings, shown))
        brought = [1, its["revenue"], its["margin"], its["revenue_with_margin"]]
        told = customer.source or ("referral" if customer.referred_by else None)
        source = (canonical("sources", told) or told) if told else ""
        spelt.setdefault(plain(source), Counter())[source] += 1
        add(sources, plain(source), brought)
        if customer.referred_by:
            target = customer.referred_by.rpartition("/")[2].removesuffix(".md")
            found = ids.get(plain(target))
            add(referrers, found.path if found else customer.referred_by, brought)
    paths = {one.path: one for one in everybody}
    named = [
        {
            "customer": paths[key].id if key in paths else key,
            "name": paths[key].name if key in paths else None,
            "file": key if key in paths else "",
            **together(brought),
        }
        for key, brought in referrers.items()
    ]
    told_sources = [
        {"source": min(spelt[key], key=lambda one: (-spelt[key][one], one)) or None, **together(brought)}
        for key, brought in sources.items()
    ]
    return {
        "sources": sorted(
            told_sources,
            key=lambda row: (row["source"] is None, -row["customers"], -row["revenue"], row["source"] or ""),
        ),
        "referrers": sorted(named, key=lambda row: (-row["customers"], -row["revenue"], row["customer"], row["file"])),
    }


def add(table: dict[str, list[Any]], key: str, more: list[Any]) -> None:
    table[key] = [one + other for one, other in zip(table.get(key, [0, 0, 0, 0]), more, strict=True)]


def together(brought: list[Any]) -> dict[str, Any]:
    return dict(zip(("customers", "revenue", "margin", "revenue_with_margin"), brought, strict=True))


def plain(text: str) -> str:
    """Text without case and accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def middle(days: Sequence[int]) -> Decimal | None:
    return Decimal(str(median(days))) if days else None
