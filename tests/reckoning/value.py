"""The value reckoned again: by customer, by group, and against another period, as docs/value.md defines them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plaincrm.records.model import Customer
from plaincrm.vault.config import Config
from tests.reckoning.sales import (
    CENT,
    SUMS,
    Chosen,
    Days,
    Sold,
    abc,
    by_customer,
    everybody,
    foreign,
    share,
    sold,
    sums,
)


def value(
    customers: Sequence[Customer], settings: Config, today: date, days: Days, chosen: Chosen = everybody
) -> dict[str, Any]:
    """The answer of `plaincrm value`: customers with sales by their revenue, the largest first."""
    of = sold(filter(chosen, customers), settings, days)
    found = [_customer(its[0].customer, its, settings, today, days) for its in by_customer(of).values()]
    found.sort(key=lambda row: (-row["revenue"], row["customer"], row["file"]))
    revenues = [row["revenue"] for row in found]
    whole, running = sum(revenues, Decimal(0)), Decimal(0)
    through = brought(customers, settings, days)
    for row in found:
        running += row["revenue"]
        row["share"] = share(row["revenue"], whole)
        row["cumulative_share"] = share(running, whole)
        row["class"] = abc(row["revenue"], revenues, settings)
        row["referral_margin"] = through[row["file"]]
    without = sum(row.pop("without_rate") for row in found)
    costs = [row["cost_to_serve"] for row in found]
    return {
        "from": days[0],
        "to": days[1],
        "currency": settings.currency,
        "customers": found,
        "totals": {
            **sums(of),
            "contacts": sum(row["contacts"] for row in found),
            "hours": sum((row["hours"] for row in found), Decimal(0)),
            "cost_to_serve": sum(costs, Decimal(0)) if rated(settings) else None,
            "without_rate": without,
        },
        "planned": sum((one.revenue for one in of if one.entry.date > today), Decimal(0)),
        **foreign(filter(chosen, customers), settings, days),
        "unread": [],
    }


def _customer(customer: Customer, of: list[Sold], settings: Config, today: date, days: Days) -> dict[str, Any]:
    bought = {one.purchase: one.entry.date for one in of if one.purchase}
    first, last = min(bought.values(), default=None), max(bought.values(), default=None)
    between = Decimal((last - first).days) / (len(bought) - 1) if first and last and len(bought) > 1 else None
    begun = min([entry.date for entry in customer.entries] + [customer.since or date.max])
    ended = min(customer.lost_on or today, today)
    its = sums(of)
    served = serving(customer, settings, today, days)
    cost = served["cost_to_serve"]
    return {
        "customer": customer.id,
        "name": customer.name,
        "file": customer.path,
        **{name: its[name] for name in SUMS},
        "purchases": len(bought),
        "first_purchase": first,
        "last_purchase": last,
        "interval_days": between if between is None else round(between, 1),
        "length_days": max(0, (ended - begun).days),
        **served,
        "margin_after_serving": None if cost is None else its["margin"] - cost,
        "reference": customer.reference if customer.reference is None else int(customer.reference),
        "learning": customer.learning if customer.learning is None else int(customer.learning),
        "sources": [{"file": customer.path, "line": line} for line in sorted({one.entry.line for one in of})],
    }


def rated(settings: Config) -> bool:
    """Whether the settings say what serving costs."""
    return settings.serving_hour is not None or bool(settings.serving_contact)


def serving(customer: Customer, settings: Config, today: date, days: Days) -> dict[str, Any]:
    """Contacts and hours of a period up to today, entry by entry, and what they cost beside sales."""
    contacts = without = 0
    hours = cost = Decimal(0)
    for entry in customer.entries:
        if not days[0] <= entry.date <= min(days[1], today):
            continue
        written = [Decimal(str(item.value)) for item in entry.values if item.key == "hours"]
        contacts += entry.reached
        hours += sum(written)
        if entry.sales:
            continue  # what was done for a sale is in the sale's cost
        if written and settings.serving_hour is not None:
            cost += sum(written) * settings.serving_hour
        elif entry.reached and entry.channel in settings.serving_contact:
            cost += settings.serving_contact[entry.channel]
        else:
            without += entry.reached
    return {
        "contacts": contacts,
        "hours": hours,
        "cost_to_serve": cost.quantize(CENT) if rated(settings) else None,
        "without_rate": without,
    }


def brought(customers: Sequence[Customer], settings: Config, days: Days) -> dict[str, Decimal]:
    """The margin credited to each customer: everybody's goes once to each who is found by walking up from there."""
    by_id = {customer.id.casefold(): customer for customer in customers}
    credited = {customer.path: Decimal(0) for customer in customers}
    margins = {path: sums(of)["margin"] for path, of in by_customer(sold(customers, settings, days)).items()}
    for customer in customers:
        passed, at = {customer.path}, by_id.get((customer.referred_by or "").casefold())
        while at and at.path not in passed:
            passed.add(at.path)
            credited[at.path] += margins.get(customer.path, Decimal(0))
            at = by_id.get((at.referred_by or "").casefold())
    return credited


def value_by(
    by: str,
    customers: Sequence[Customer],
    settings: Config,
    days: Days,
    chosen: Chosen = everybody,
    segments: Mapping[str, Chosen] | None = None,
) -> dict[str, Any]:
    """The answer of `plaincrm value --by`; `segments` are those of the settings as conditions in Python."""
    of = sold(filter(chosen, customers), settings, days)
    groups: dict[str | None, list[Sold]] = {}
    revenues = {path: sums(its)["revenue"] for path, its in by_customer(of).items()}
    for one in of:
        customer = one.customer
        names: Iterable[str | None]
        if by == "tag":
            names = set(customer.tags) or {None}
        elif by == "segment":
            names = [name for name, inside in (segments or {}).items() if inside(customer)] or [None]
        elif by == "class":
            names = [abc(revenues[customer.path], list(revenues.values()), settings)]
        elif by == "product":
            names = [one.sale.product or None]
        elif by == "month":
            names = [None if one.entry.precision == "year" else f"{one.entry.date:%Y-%m}"]
        else:
            names = [getattr(customer, by)]
        for name in names:
            groups.setdefault(name, []).append(one)
    whole = sums(of)["revenue"]
    return {
        "from": days[0],
        "to": days[1],
        "currency": settings.currency,
        "by": by,
        "overlap": by in ("tag", "segment"),
        "groups": [
            {"name": name, **(its := sums(groups.get(name, []))), "share": share(its["revenue"], whole)}
            for name in _in_order(by, groups, settings, days)
        ],
        "totals": sums(of),
        **foreign(filter(chosen, customers), settings, days),
        "unread": [],
    }


def _in_order(by: str, groups: Mapping[str | None, list[Sold]], settings: Config, days: Days) -> list[str | None]:
    """Tiers from the top, stages and segments as in the settings, classes by letter, all months; others by revenue."""
    if by == "month":
        return [*_months(sorted(name for name in groups if name), days), *([None] if None in groups else [])]
    listed = {"tier": settings.tiers[::-1], "stage": settings.stages, "segment": tuple(settings.segments)}.get(by)

    def place(name: str | None) -> tuple[bool, Any, str]:
        if listed is not None:
            return name is None, listed.index(name) if name in listed else len(listed), name or ""
        return name is None, 0 if by == "class" else -sums(groups[name])["revenue"], name or ""

    return sorted(groups, key=place)


def _months(sold_in: list[str], days: Days) -> Iterable[str]:
    """Every month of a period; where it has no beginning or end, from the first month with a sale or to the last."""
    if not sold_in:
        return
    first = sold_in[0] if days[0] == date.min else f"{days[0]:%Y-%m}"
    last = sold_in[-1] if days[1] == date.max else f"{days[1]:%Y-%m}"
    month = date.fromisoformat(f"{first}-01")
    while f"{month:%Y-%m}" <= last:
        yield f"{month:%Y-%m}"
        month = (month + timedelta(31)).replace(day=1)


def value_change(
    customers: Sequence[Customer], settings: Config, days: Days, before: Days, chosen: Chosen = everybody
) -> dict[str, Any]:
    """The answer of `plaincrm value --compare`: customers by how much their revenue changed."""
    asked = [customer for customer in customers if chosen(customer)]
    now, then = sold(asked, settings, days), sold(asked, settings, before)
    of_now, of_then = by_customer(now), by_customer(then)
    found = [
        _changed(customer, of_then.get(customer.path, []), of_now.get(customer.path, []))
        for customer in asked
        if customer.path in of_now or customer.path in of_then
    ]
    found.sort(key=lambda row: (-abs(row["revenue_change"]), row["customer"], row["file"]))
    return {
        "from": days[0],
        "to": days[1],
        "before": {"from": before[0], "to": before[1]},
        "currency": settings.currency,
        "customers": found,
        "changes": [
            {
                "change": change,
                "customers": len(rows := [row for row in found if row["change"] == change]),
                "revenue_before": sum((row["revenue_before"] for row in rows), Decimal(0)),
                "revenue": sum((row["revenue"] for row in rows), Decimal(0)),
            }
            for change in ("new", "grown", "same", "shrunk", "gone")
        ],
        "totals": sums(now),
        "totals_before": sums(then),
        "converted": sorted({c for of in (days, before) for c in foreign(asked, settings, of)["converted"]}),
        "apart": foreign(asked, settings, days)["apart"],
        "apart_before": foreign(asked, settings, before)["apart"],
        "unread": [],
    }


def _changed(customer: Customer, then: list[Sold], now: list[Sold]) -> dict[str, Any]:
    was, is_now = sums(then), sums(now)
    more = is_now["revenue"] - was["revenue"]
    kept = "grown" if more > 0 else "shrunk" if more < 0 else "same"
    return {
        "customer": customer.id,
        "name": customer.name,
        "file": customer.path,
        "change": "new" if not then else "gone" if not now else kept,
        "revenue_before": was["revenue"],
        "revenue": is_now["revenue"],
        "revenue_change": more,
        "change_share": share(more, was["revenue"]),
        "margin_before": was["margin"],
        "margin": is_now["margin"],
        "margin_change": is_now["margin"] - was["margin"],
    }
