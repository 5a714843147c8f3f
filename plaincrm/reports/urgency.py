"""Urgency: what makes one line of the agenda stand before another, in points that add up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from plaincrm.money import to_units
from plaincrm.vault.weights import STEPS

HAPPENED = frozenset(("missed", "waiting", "feedback"))  # kinds whose day is that of what happened: somebody waits


class Urgency(NamedTuple):
    """What makes a line urgent, in points that add up: `total` orders the agenda."""

    kind: int
    lateness: int
    waiting: int
    tier: int
    value: int
    deals: int
    mood: int

    @property
    def total(self) -> int:
        """The sum of the parts."""
        return sum(self)


class Standing(NamedTuple):
    """What of a customer counts for the urgency of all its lines; amounts are in ten-thousandths."""

    tier: int  # its place in the order, from 0
    revenue: int  # of the last twelve months
    deals: int  # open ones, each by its chance
    mood: str | None  # the last one in the log


def urgency(
    kind: str, late: int, waited: int, *, soft: bool, standing: Standing, weights: Mapping[str, int]
) -> Urgency:
    """The urgency of a line that is so many days late, and about which somebody has waited so many days."""
    return Urgency(
        kind=weights[kind],
        lateness=min(weights["day-late"] * late, weights["most-late-soft" if soft else "most-late"]),
        waiting=min(weights["day-waiting"] * waited, weights["most-waiting"]),
        tier=weights["tier"] * standing.tier,
        value=weights["value"] * _steps(standing.revenue),
        deals=weights["deals"] * _steps(standing.deals),
        mood=weights["mood"] if standing.mood == "-" else 0,
    )


def _steps(units: int) -> int:
    return sum(units >= to_units(Decimal(step)) for step in STEPS)
