"""Deals reckoned a second time (docs/deals.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from plaincrm.dates import Period
from plaincrm.records.model import Customer, Deal
from plaincrm.vault.config import Config
from tests.reckoning.growth import plain
from tests.reckoning.means import in_order
from tests.reckoning.sales import CENT, in_ours, share


def deals(customers: Sequence[Customer], settings: Config, today: date, period: Period) -> dict[str, Any]:
    """The whole answer."""
    told = [told_of(customer, deal, settings, today) for customer in customers for deal in customer.deals]
    waiting = [one for one in told if one["state"] == "open"]
    decided = [one for one in told if one["decided"] and period.covers(one["decided"])]
    won, lost = ([one for one in decided if one["state"] == state] for state in ("won", "lost"))
    stages = in_order({one["stage"] for one in waiting}, settings.stages)
    months = sorted({month(one, today) or "~" for one in waiting}, key=lambda name: (name != "overdue", name))
    return {
        "from": period.start,
        "to": period.end,
        "today": today,
        "currency": settings.currency,
        "stages": [pipeline(stage, [one for one in waiting if one["stage"] == stage]) for stage in stages],
        "months": [
            pipeline(None if name == "~" else name, [one for one in waiting if (month(one, today) or "~") == name])
            for name in months
        ],
        "total": pipeline(None, waiting),
        "aged": sum(one["days"] is not None for one in waiting),
        "won": summed("won", won, decided),
        "lost": summed("lost", lost, decided),
        "reasons": reasons(lost),
        "deals": [
            *sorted(waiting, key=lambda one: (one["expected"] or date.max, one["file"], one["line"])),
            *sorted(decided, key=lambda one: (-one["decided"].toordinal(), one["file"], one["line"])),
        ],
        **other_currencies([*waiting, *decided], settings),
        "unread": [],
    }


def told_of(customer: Customer, deal: Deal, settings: Config, today: date) -> dict[str, Any]:
    """One deal on a day: what is decided later is open."""
    day = deal.won or deal.lost
    decided = day if day and day <= today else None
    amount = deal.value.amount if deal.value else None
    value = in_ours(deal.value.amount, deal.value.currency, settings) if deal.value else None
    late = not decided and deal.expected is not None and deal.expected < today
    forecast = None
    if value is not None and deal.chance is not None:
        forecast = (value * deal.chance / 100).quantize(CENT, ROUND_HALF_EVEN)
    days = None
    if deal.opened and deal.opened <= (decided or today):
        days = ((decided or today) - deal.opened).days
    return {
        "customer": customer.id,
        "name": customer.name,
        "owner": customer.owner,
        "stage": customer.stage,
        "deal": deal.name,
        "state": "open" if not decided else "won" if deal.won else "lost",
        "amount": amount,
        "currency": deal.value.currency if deal.value else None,
        "value": value,
        "chance": deal.chance,
        "forecast": forecast,
        "expected": deal.expected,
        "overdue_days": (today - deal.expected).days if late and deal.expected else None,
        "opened": deal.opened,
        "decided": decided,
        "days": days,
        "reason": deal.reason,
        "file": customer.path,
        "line": deal.line,
    }


def month(one: dict[str, Any], today: date) -> str | None:
    """The month in which an open deal is expected to be decided."""
    if one["expected"] is None:
        return None
    return "overdue" if one["expected"] < today else f"{one['expected']:%Y-%m}"


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def pipeline(name: str | None, some: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "deals": len(some),
        "valued": sum(one["value"] is not None for one in some),
        "value": total(one["value"] for one in some),
        "weighed": sum(one["forecast"] is not None for one in some),
        "forecast": total(one["forecast"] for one in some),
    }


def summed(state: str, some: Sequence[dict[str, Any]], decided: Sequence[dict[str, Any]]) -> dict[str, Any]:
    days = [one["days"] for one in some if one["days"] is not None]
    worth = total(one["value"] for one in some)
    return {
        "state": state,
        "deals": len(some),
        "share": share(len(some), len(decided)),
        "valued": sum(one["value"] is not None for one in some),
        "value": worth,
        "share_of_value": share(worth, total(one["value"] for one in decided)),
        "timed": len(days),
        "mean_days": round(Decimal(sum(days)) / len(days), 1) if days else None,
    }


def reasons(lost: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Why deals were lost; case and accents make no other reason."""
    found = []
    for reason in {plain(one["reason"]) for one in lost}:
        some = [one for one in lost if plain(one["reason"]) == reason]
        sums = pipeline(max(one["reason"] for one in some) or None, some)
        found.append({"reason": sums["name"], **{key: sums[key] for key in ("deals", "valued", "value")}})
    return sorted(found, key=lambda row: (row["reason"] is None, -row["deals"], -row["value"], row["reason"] or ""))


def other_currencies(some: Sequence[dict[str, Any]], settings: Config) -> dict[str, Any]:
    """The currencies that were converted, and what stands apart."""
    found: dict[str, list[Decimal]] = {}
    for one in some:
        if one["currency"] not in (None, settings.currency):
            found.setdefault(one["currency"], []).append(one["amount"])
    return {
        "converted": [code for code in sorted(found) if code in settings.rates],
        "apart": [
            {"currency": code, "value": sum(found[code]), "deals": len(found[code])}
            for code in sorted(found)
            if code not in settings.rates
        ],
    }
