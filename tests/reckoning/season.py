"""The season reckoned again: months by years, and the index by weights written out, as docs/season.md defines them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from plaincrm.records.model import Customer
from plaincrm.vault.config import Config
from tests.reckoning.sales import Chosen, Days, Sold, everybody, foreign, sold, sums

WEIGHTS = (1, *(2,) * 11, 1)  # of the months around one, in 24ths: half of the first and the last


def season(
    of: str,
    customers: Sequence[Customer],
    settings: Config,
    today: date,
    days: Days,
    chosen: Chosen = everybody,
) -> dict[str, Any]:
    """The answer of `plaincrm season`: what was sold up to today, by month and year, and the index."""
    asked = [customer for customer in customers if chosen(customer)]
    days = days[0], min(days[1], today)
    its = sold(asked, settings, days)
    monthly = [one for one in its if one.entry.precision != "year"]
    months = _months(asked, settings, days)
    whole = [month for month in months if days[0] <= month and _next(month) - timedelta(1) <= days[1]]
    years = sorted({month.year for month in months} | {one.entry.date.year for one in its})
    index = _index(whole, [_of(of, _in_month(monthly, month)) for month in whole])
    return {
        "from": days[0],
        "to": max(days),
        "today": today,
        "of": of,
        "currency": settings.currency,
        "years": [
            {
                "year": year,
                "over": date(year, 12, 31) < today,
                "months": [
                    _of(of, _in_month(monthly, month)) if month in months else None
                    for month in (date(year, number, 1) for number in range(1, 13))
                ],
                "no_month": _of(of, [one for one in its if one not in monthly and one.entry.date.year == year]),
                "total": _of(of, [one for one in its if one.entry.date.year == year]),
            }
            for year in years
        ],
        "total": _of(of, its),
        "index": index,
        "whole_months": len(whole),
        "first_whole": f"{whole[0]:%Y-%m}" if whole else None,
        "last_whole": f"{whole[-1]:%Y-%m}" if whole else None,
        "revenue": sums(its)["revenue"],
        "revenue_with_margin": sums(its)["revenue_with_margin"],
        **foreign(asked, settings, days),
        "unread": [],
    }


def _of(of: str, its: Sequence[Sold]) -> Decimal | int:
    """What some sales come to: money, or for purchases a whole number."""
    found: Decimal | int = sums(its)[of]
    return found


def _in_month(its: Sequence[Sold], month: date) -> list[Sold]:
    return [one for one in its if (one.entry.date.year, one.entry.date.month) == (month.year, month.month)]


def _next(month: date) -> date:
    return (month + timedelta(31)).replace(day=1)


def _months(asked: Sequence[Customer], settings: Config, days: Days) -> list[date]:
    """The first days of the months from the first sale on, which may lie before the period.

    Of a sale that is dated by its year alone nobody knows the month; what is certain begins with the next year.
    """
    begun = [
        date(day.year + 1, 1, 1) if one.entry.precision == "year" else day
        for one in sold(asked, settings, (date.min, days[1]))
        for day in [one.entry.date]
    ]
    found, month = [], max(min(begun, default=date.max), days[0]).replace(day=1)
    while month <= days[1]:
        found.append(month)
        month = _next(month)
    return found


def _index(months: Sequence[date], values: Sequence[Decimal | int]) -> list[dict[str, Any]] | None:
    """Each month by the weighted mean around it; their means by month of the year, made to add up to twelve."""
    ratios: dict[int, list[tuple[int, Fraction]]] = {number: [] for number in range(1, 13)}
    for at in range(6, len(values) - 6):
        around = zip(WEIGHTS, values[at - 6 : at + 7], strict=True)
        mean = sum(weight * Fraction(value) for weight, value in around) / 24
        if mean > 0:
            ratios[months[at].month].append((at, Fraction(mean)))
    if len(months) < 24 or not all(ratios.values()):
        return None
    means = {number: sum(Fraction(values[at]) / mean for at, mean in of) / len(of) for number, of in ratios.items()}
    whole = sum(means.values())
    if whole <= 0:
        return None
    return [
        {
            "month": number,
            "index": _six(means[number] * 12 / whole),
            "ratios": [
                {
                    "month": f"{months[at]:%Y-%m}",
                    "value": values[at],
                    "moving_average": _six(mean),
                    "ratio": _six(Fraction(values[at]) / mean),
                }
                for at, mean in ratios[number]
            ],
        }
        for number in range(1, 13)
    ]


def _six(value: Fraction) -> Decimal:
    """To six decimals."""
    return round(Decimal(value.numerator) / Decimal(value.denominator), 6)
