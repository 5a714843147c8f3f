"""What the second reckonings have in common: shares, days of the calendar, and one currency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from dateutil.relativedelta import relativedelta

import plaincrm
from plaincrm.dates import Duration
from plaincrm.records.model import Customer, LogEntry, Sale
from plaincrm.vault.config import Config

CENT = Decimal("0.01")
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}


def share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """A part as a fraction of the whole, to six decimals; of nothing there is none."""
    return round(Decimal(part) / Decimal(whole), 6) if whole else None


def after(day: date, length: Duration) -> date:
    """The day so much later on the calendar."""
    return day + relativedelta(**{_UNITS[length.unit]: length.count})  # type: ignore[arg-type]


def before(day: date, length: Duration) -> date:
    """The day so much earlier on the calendar."""
    return day - relativedelta(**{_UNITS[length.unit]: length.count})  # type: ignore[arg-type]


def in_ours(amount: Decimal | None, currency: str, settings: Config) -> Decimal | None:
    """An amount in the vault's currency, to the cent; None without a rate."""
    if amount is None or currency == settings.currency:
        return amount
    rate = settings.rates.get(currency)
    return None if rate is None else (amount * Decimal(rate)).quantize(CENT, ROUND_HALF_EVEN)


def counted(customer: Customer, settings: Config) -> Iterator[tuple[LogEntry, Decimal, Decimal | None]]:
    """The entry, revenue and margin of each sale that there is a rate for, in the vault's currency."""
    for entry, sale in customer.sales:
        revenue = in_ours(sale.revenue, sale.currency, settings)
        if revenue is not None:
            yield entry, revenue, _margin(sale, revenue, settings)


def _margin(sale: Sale, revenue: Decimal, settings: Config) -> Decimal | None:
    cost = in_ours(sale.cost, sale.currency, settings)
    if (
        sale.margin is not None
        and cost is not None
        and sale.cost is not None
        and sale.margin == sale.revenue - sale.cost
    ):
        return revenue - cost
    return in_ours(sale.margin, sale.currency, settings)


def purchases(customer: Customer, settings: Config, until: date) -> list[date]:
    """The days on which the customer bought something, up to a day."""
    bought = {entry.date for entry, revenue, _margin in counted(customer, settings) if revenue > 0}
    return sorted(day for day in bought if day <= until)


def other_currencies(customers: Iterable[Customer], settings: Config, start: date, end: date) -> dict[str, Any]:
    """Of the sales from one day to another: the currencies that were converted, and what stands apart."""
    found: dict[str, list[Decimal]] = {}
    for customer in customers:
        for entry, sale in customer.sales:
            if start <= entry.date <= end and sale.currency != settings.currency:
                found.setdefault(sale.currency, []).append(sale.revenue)
    return {
        "converted": [currency for currency in sorted(found) if currency in settings.rates],
        "apart": [
            {"currency": currency, "revenue": sum(found[currency], Decimal(0)), "sales": len(found[currency])}
            for currency in sorted(found)
            if currency not in settings.rates
        ],
    }


def in_order(names: Iterable[str | None], listed: Iterable[str] = ()) -> list[str | None]:
    """Names of groups as listed, then by themselves; None comes last."""
    ranks = list(listed)
    return sorted(
        names, key=lambda name: (name is None, ranks.index(name) if name in ranks else len(ranks), name or "")
    )


def members(vault: plaincrm.Vault, today: date) -> dict[str, set[str]]:
    """The ids of the customers in each segment of the settings."""
    return {name: {one.id for one in vault.query(f"@{name}", today=today)} for name in vault.config.segments}
