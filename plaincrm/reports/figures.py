"""Figures that several reports give, each only as good as the number it is of."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

FEW = 5  # a figure of fewer than these says so


def share(part: int, whole: int) -> Decimal | None:
    """A part as a fraction of the whole, to six decimals; None of nothing."""
    return round(Decimal(part) / whole, 6) if whole else None


def median(values: Sequence[int]) -> Decimal | None:
    """The value in the middle, or half way between the two that are; None of nothing."""
    ordered, middle = sorted(values), len(values) // 2
    if len(ordered) % 2:
        return Decimal(ordered[middle])
    return Decimal(ordered[middle - 1] + ordered[middle]) / 2 if ordered else None


def nearest_rank(values: Sequence[int], percent: int) -> int | None:
    """The smallest of the values that so many per cent of them do not exceed; None of nothing.

    This is the percentile by the nearest-rank definition: always one of the values, never one between two.
    """
    return sorted(values)[max(1, -(-len(values) * percent // 100)) - 1] if values else None
