"""What counts of the sales of a vault, in plain Python: which of them, in which currency, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

from plaincrm.records.model import Customer, LogEntry, Sale
from plaincrm.vault.config import Config

CENT = Decimal("0.01")
SUMS = ("revenue", "cost", "margin", "revenue_with_margin")

Days = tuple[date, date]  # the first and the last day of a period, both in it
Chosen = Callable[[Customer], bool]


def everybody(_customer: Customer) -> bool:
    """The choice of a report without a query."""
    return True


class Sold(NamedTuple):
    """One sale that counts, in the vault's currency; None where the cost or the margin is not known."""

    customer: Customer
    entry: LogEntry
    sale: Sale
    revenue: Decimal
    cost: Decimal | None
    margin: Decimal | None

    @property
    def purchase(self) -> tuple[str, int] | None:
        """The entry that it makes a purchase; a refund, and a sale of nothing, makes none."""
        return (self.customer.path, self.entry.line) if self.sale.revenue > 0 else None


def rates(settings: Config) -> Mapping[str, Decimal]:
    """What one of each currency is worth in the vault's own."""
    return {**settings.rates, settings.currency: Decimal(1)}


def sold(customers: Iterable[Customer], settings: Config, days: Days) -> list[Sold]:
    """The sales dated in a period, both ends included, whose currency has a rate; each to the cent by itself."""
    found = []
    for customer in customers:
        for entry, sale in customer.sales:
            if days[0] <= entry.date <= days[1] and sale.currency in rates(settings):
                found.append(Sold(customer, entry, sale, *_amounts(sale, settings)))
    return found


def in_ours(amount: Decimal, currency: str, settings: Config) -> Decimal | None:
    """An amount in the vault's currency, to the cent; None without a rate."""
    if currency == settings.currency:
        return amount
    rate = settings.rates.get(currency)
    return None if rate is None else (amount * rate).quantize(CENT, ROUND_HALF_EVEN)


def _amounts(sale: Sale, settings: Config) -> tuple[Decimal, Decimal | None, Decimal | None]:
    def own(amount: Decimal) -> Decimal:
        found = in_ours(amount, sale.currency, settings)
        assert found is not None  # what has no rate is not counted
        return found

    revenue, cost = own(sale.revenue), None if sale.cost is None else own(sale.cost)
    if sale.margin is None:
        return revenue, cost, None
    if cost is not None and sale.cost is not None and sale.margin == sale.revenue - sale.cost:
        return revenue, cost, revenue - cost  # so that margins agree with the sums beside them
    return revenue, cost, own(sale.margin)


def sums(of: Sequence[Sold]) -> dict[str, Any]:
    """What sales come to, and of how many customers and purchases."""
    return {
        "customers": len({one.customer.path for one in of}),
        "revenue": sum((one.revenue for one in of), Decimal(0)),
        "cost": sum((one.cost or Decimal(0) for one in of), Decimal(0)),
        "margin": sum((one.margin or Decimal(0) for one in of), Decimal(0)),
        "revenue_with_margin": sum((one.revenue for one in of if one.margin is not None), Decimal(0)),
        "purchases": len({one.purchase for one in of} - {None}),
    }


def purchases(customer: Customer, settings: Config, until: date) -> list[date]:
    """The days on which the customer bought something, up to a day."""
    return sorted({one.entry.date for one in sold([customer], settings, (date.min, until)) if one.purchase})


def by_customer(of: Iterable[Sold]) -> dict[str, list[Sold]]:
    """The sales of each customer, by the path of the note."""
    found: dict[str, list[Sold]] = {}
    for one in of:
        found.setdefault(one.customer.path, []).append(one)
    return found


def foreign(customers: Iterable[Customer], settings: Config, days: Days) -> dict[str, Any]:
    """The currencies that were converted, and what stands apart because it has no rate."""
    found: dict[str, list[Decimal]] = {}
    for customer in customers:
        for entry, sale in customer.sales:
            if days[0] <= entry.date <= days[1] and sale.currency != settings.currency:
                found.setdefault(sale.currency, []).append(sale.revenue)
    return {
        "converted": [code for code in sorted(found) if code in settings.rates],
        "apart": [
            {"currency": code, "revenue": sum(found[code], Decimal(0)), "sales": len(found[code])}
            for code in sorted(found)
            if code not in settings.rates
        ],
    }


def share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """A share to six decimals; of nothing, and of what is below it, there is none."""
    return round(Decimal(part) / Decimal(whole), 6) if whole > 0 else None


def abc(revenue: Decimal, revenues: Sequence[Decimal], settings: Config) -> str | None:
    """The class of a customer among all: by what those with more revenue bring of the whole, in per cent."""
    whole = sum(revenues)
    if whole <= 0:
        return None
    limits = settings.classes
    larger = sum(one for one in revenues if one > revenue)
    passed = sum(larger * 100 >= limit * whole for limit in limits)
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[passed if revenue > 0 else len(limits)]
