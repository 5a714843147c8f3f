"""Targets reckoned a second time (docs/targets.md)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import Any

from dateutil.relativedelta import relativedelta

from plaincrm.records.model import Customer
from plaincrm.vault.config import Config
from plaincrm.vault.targets import Wanted
from tests.reckoning.quality import filled
from tests.reckoning.sales import foreign, share, sold, sums


def targets(
    customers: Sequence[Customer], settings: Config, today: date, among: Mapping[str, set[str]] | None = None
) -> dict[str, Any]:
    """The whole answer; `among` are the ids of the customers of each query that a target has."""
    meant = {"": {one.id for one in customers}, **(among or {})}
    rows = [(wanted, target(customers, settings, today, wanted, meant[wanted.query])) for wanted in settings.targets]
    missing = [wanted for wanted, row in rows if row["gap"] > 0]
    year = today + relativedelta(years=-1, days=1)
    work = [closing(one, settings, today, year, missing, meant) for one in customers if one.stage in settings.active]
    told = sorted((one for one in work if one["fields"] or one["why"]), key=lambda one: (-one["revenue"], one["file"]))
    money = any(wanted.of in ("revenue", "margin") for wanted in settings.targets)
    apart = foreign(customers if money else (), settings, (today.replace(month=1, day=1), today))
    return {
        "today": today,
        "currency": settings.currency,
        "targets": [row for _wanted, row in rows],
        "closing": len(told),
        "worklist": told,
        **apart,
        "unread": [],
    }


def target(
    customers: Sequence[Customer], settings: Config, today: date, wanted: Wanted, meant: set[str]
) -> dict[str, Any]:
    span = calendar(wanted.kind, today)
    money = span is not None and wanted.of in ("revenue", "margin")
    goal, base, by_now = wanted.amount, None, None
    if span:
        start, end = span
        part = goal * ((today - start).days + 1) / ((end - start).days + 1)
        by_now = part.quantize(Decimal("0.01") if money else Decimal("0.1"), ROUND_HALF_EVEN)
        actual = measured(customers, settings, wanted.of, start, today)
    elif wanted.kind == "field":
        asked = [one for one in customers if one.stage in settings.active and one.id in meant]
        base, actual = len(asked), Decimal(sum(filled(one, wanted.of) for one in asked))
        goal = (len(asked) * wanted.amount / 100).to_integral_value(ROUND_CEILING)
    elif wanted.kind == "stage":
        actual = Decimal(sum(one.stage == wanted.of for one in customers))
    else:
        actual = Decimal(sum(bool(bought(one, today + relativedelta(years=-1, days=1), today)) for one in customers))

    def figure(number: Decimal | None) -> Decimal | int | None:
        """Money and what is not whole is decimal text in JSON, other numbers are whole."""
        return number if number is None or money or number != int(number) else int(number)

    return {
        "target": wanted.key,
        "kind": wanted.kind,
        "of": wanted.of,
        "money": money,
        "start": span[0] if span else None,
        "end": span[1] if span else None,
        "share": wanted.amount if wanted.kind == "field" else None,
        "base": base,
        "wanted": figure(goal),
        "by_now": by_now,
        "actual": figure(actual),
        "gap": figure(max(goal - actual, Decimal(0))),
        "reached": share(actual, goal),
    }


def calendar(kind: str, today: date) -> tuple[date, date] | None:
    """The first and the last day of the year, quarter or month of today."""
    if kind not in ("year", "quarter", "month"):
        return None
    months = {"year": 12, "quarter": 3, "month": 1}[kind]
    first = (today.month - 1) // months * months + 1
    last = first + months - 1
    return date(today.year, first, 1), date(today.year, last, monthrange(today.year, last)[1])


def bought(customer: Customer, start: date, end: date) -> list[date]:
    """The days of purchases, in whatever currency."""
    return [entry.date for entry, sale in customer.sales if sale.revenue > 0 and start <= entry.date <= end]


def measured(customers: Sequence[Customer], settings: Config, of: str, start: date, end: date) -> Decimal:
    if of in ("new", "leads"):
        firsts = (
            min(bought(one, date.min, date.max), default=date.max) if of == "new" else known(one) for one in customers
        )
        return Decimal(sum(start <= day <= end for day in firsts))
    return Decimal(sums(sold(customers, settings, (start, end)))[of])


def known(customer: Customer) -> date:
    """Since when we know a customer."""
    days = [entry.date for entry in customer.entries] + ([customer.since] if customer.since else [])
    return min(days, default=date.max)


def closing(
    customer: Customer,
    settings: Config,
    today: date,
    year: date,
    missing: Sequence[Wanted],
    meant: Mapping[str, set[str]],
) -> dict[str, Any]:
    """What an active customer lacks of the targets with a gap."""
    fields, why = [], []
    ever = bought(customer, date.min, today)
    for wanted in missing:
        if wanted.kind == "field" and customer.id in meant[wanted.query] and not filled(customer, wanted.of):
            fields.append(wanted.of)
        if wanted.kind == "customers" and ever and max(ever) < year:
            why.append(f"bought last on {max(ever)}")
        if wanted.of == "new" and not ever:
            why.append("has not bought yet")
    return {
        "customer": customer.id,
        "name": customer.name,
        "owner": customer.owner,
        "revenue": sums(sold([customer], settings, (year, today)))["revenue"],
        "fields": fields,
        "why": why,
        "file": customer.path,
    }
