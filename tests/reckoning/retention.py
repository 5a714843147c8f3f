"""The retention reckoned again: bridge, rates, cohorts, losses and rhythms, as docs/retention.md defines them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from plaincrm.records.model import Customer, LogEntry
from plaincrm.vault.config import Config
from tests.reckoning.sales import Chosen, Days, Sold, everybody, foreign, share, sold, sums


class _Buyer(NamedTuple):
    """One customer with sales: all of them, those of either period, and the days of purchases up to today."""

    customer: Customer
    ever: list[Sold]
    was: dict[str, Any]
    is_now: dict[str, Any]
    move: str | None
    days: list[date]


def retention(
    by: str,
    customers: Sequence[Customer],
    settings: Config,
    today: date,
    days: Days,
    before: Days,
    chosen: Chosen = everybody,
) -> dict[str, Any]:
    """The answer of `plaincrm retention`."""
    asked = [customer for customer in customers if chosen(customer)]
    buyers = [
        _buyer(customer, of, today, days, before)
        for customer in asked
        if (of := sold([customer], settings, (date.min, date.max)))
    ]
    return {
        "from": days[0],
        "to": days[1],
        "before": {"from": before[0], "to": before[1]},
        "today": today,
        "currency": settings.currency,
        **_bridge(buyers),
        "by": by,
        "cohorts": _cohorts(buyers, by, today),
        **_losses(buyers, today, days, before),
        "rhythms": _rhythms(buyers, settings, today),
        **foreign(asked, settings, (before[0], days[1])),
        "unread": [],
    }


def _buyer(customer: Customer, of: list[Sold], today: date, days: Days, before: Days) -> _Buyer:
    in_before, in_now = ([one for one in of if a <= one.entry.date <= b] for a, b in (before, days))
    was, is_now = sums(in_before), sums(in_now)
    bought = [one.entry.date for one in of if one.purchase]
    more = is_now["revenue"] - was["revenue"]
    if bool(was["purchases"]) == bool(is_now["purchases"]):  # in both, or refunds alone
        move = ("grown" if more > 0 else "shrunk" if more < 0 else "same") if in_before or in_now else None
    elif was["purchases"]:
        move = "lost"
    else:
        move = "returned" if min(bought) < days[0] else "won"
    return _Buyer(customer, of, was, is_now, move, sorted({day for day in bought if day <= today}))


def _bridge(buyers: list[_Buyer]) -> dict[str, Any]:
    def base(when: str) -> dict[str, Any]:
        of = [getattr(one, when) for one in buyers]
        money = {key: sum((its[key] for its in of), Decimal(0)) for key in ("revenue", "margin", "revenue_with_margin")}
        return {"customers": sum(its["purchases"] > 0 for its in of), **money}

    steps = []
    for move, sign in {"won": 1, "returned": 1, "grown": 0, "shrunk": 0, "same": 0, "lost": -1}.items():
        of = [one for one in buyers if one.move == move]
        count = sum(one.was["purchases"] + one.is_now["purchases"] > 0 for one in of)
        change = {key: sum((one.is_now[key] - one.was[key] for one in of), Decimal(0)) for key in ("revenue", "margin")}
        steps.append({"move": move, "customers": count, "change": sign * count, **change})
    opening, closing = base("was"), base("is_now")
    kept = sum(one.was["purchases"] > 0 and one.is_now["purchases"] > 0 for one in buyers)
    repeated = sum(one.is_now["purchases"] > 1 for one in buyers)
    added = {step["move"]: step["revenue"] for step in steps}
    gross = opening["revenue"] + added["shrunk"] + added["lost"]
    return {
        "opening": opening,
        "steps": steps,
        "closing": closing,
        "rates": {
            "retention": share(kept, opening["customers"]),
            "kept": kept,
            "net_revenue": share(gross + added["grown"], opening["revenue"]),
            "gross_revenue": share(gross, opening["revenue"]),
            "repeat_purchase": share(repeated, closing["customers"]),
            "repeated": repeated,
        },
    }


def _cohorts(buyers: list[_Buyer], by: str, today: date) -> list[dict[str, Any]]:
    def name(day: date) -> str:
        return f"{day.year}" if by == "year" else f"{day.year}-Q{(day.month + 2) // 3}"

    def after(first: str) -> list[str]:
        """The years or quarters that have begun since one."""
        found = {name(day) for year in range(int(first[:4]), today.year + 1) for day in quarters(year) if day <= today}
        return sorted(one for one in found if one > first)

    bought = [[name(day) for day in one.days] for one in buyers if one.days]
    return [
        {
            "name": first,
            "size": len(of := [names for names in bought if names[0] == first]),
            "cells": [
                {
                    "after": at,
                    "period": later,
                    "customers": len(again := [names for names in of if later in names]),
                    "share": share(len(again), len(of)),
                    "complete": later < name(today),
                }
                for at, later in enumerate(after(first), 1)
            ],
        }
        for first in sorted({names[0] for names in bought})
    ]


def quarters(year: int) -> list[date]:
    """The first days of its quarters."""
    return [date(year, month, 1) for month in (1, 4, 7, 10)]


def _losses(buyers: list[_Buyer], today: date, days: Days, before: Days) -> dict[str, Any]:
    end = min(days[1], today)
    lost = []
    for one in buyers:
        customer = one.customer
        told = customer.lost_on if customer.lost_on and before[0] <= customer.lost_on <= end else None
        if one.days and (one.move == "lost" or (told and told >= days[0])):
            last = one.days[-1]
            spoken = _last_contact(customer, told - timedelta(1) if told else end)
            lost.append(
                {
                    "customer": customer.id,
                    "name": customer.name,
                    "owner": customer.owner,
                    "reason": customer.lost_reason if told or customer.lost_on is None else None,
                    "lost_on": told,
                    "revenue": one.was["revenue"],
                    "last_purchase": last,
                    "last_contact": spoken and spoken.date,
                    "last_channel": spoken and spoken.channel,
                    "silent_days": spoken and ((told or end) - spoken.date).days,
                    "counted": one.move == "lost",
                    "file": customer.path,
                    "line": customer.fields["lost_on"][0].line if told else _line(one, last),
                }
            )
    lost.sort(key=lambda row: (-row["revenue"], row["customer"], row["file"]))
    reasons = [
        {"reason": reason, "customers": len(of), "revenue": sum((row["revenue"] for row in of), Decimal(0))}
        for reason in {row["reason"] for row in lost}
        for of in [[row for row in lost if row["reason"] == reason]]
    ]
    reasons.sort(key=lambda row: (row["reason"] is None, -row["customers"], row["reason"] or ""))
    return {"lost": lost, "reasons": reasons}


def _last_contact(customer: Customer, until: date) -> LogEntry | None:
    """The newest entry up to a day by which somebody was reached."""
    return next((entry for entry in customer.entries if entry.reached and entry.date <= until), None)


def _line(one: _Buyer, day: date) -> int:
    """The lowest line of a purchase of that day."""
    return max(its.entry.line for its in one.ever if its.purchase and its.entry.date == day)


def _rhythms(buyers: list[_Buyer], settings: Config, today: date) -> dict[str, Any]:
    staying = [one for one in buyers if one.days and _stays(one, settings, today)]
    told = [_rhythm(one, today) for one in staying if len(one.days) >= 3]
    told.sort(key=lambda row: (row["state"] != "cooling", -row["revenue"], row["customer"], row["file"]))
    return {
        "known": len(told),
        "cooling": sum(row["state"] == "cooling" for row in told),
        "too_few": len(staying) - len(told),
        "customers": told,
    }


def _stays(one: _Buyer, settings: Config, today: date) -> bool:
    """Whether somebody stands in no closed stage, and was not lost since the last purchase."""
    lost_on = one.customer.lost_on
    return one.customer.stage not in settings.closed and not (lost_on and one.days[-1] <= lost_on <= today)


def _rhythm(one: _Buyer, today: date) -> dict[str, Any]:
    gaps = [(later - earlier).days for earlier, later in pairwise(one.days)]
    n, last, silence, usual = len(gaps), one.days[-1], (today - one.days[-1]).days, Decimal(median(gaps))
    as_long = sum(gap >= silence for gap in gaps)
    return {
        "customer": one.customer.id,
        "name": one.customer.name,
        "owner": one.customer.owner,
        "revenue": one.was["revenue"] + one.is_now["revenue"],
        "file": one.customer.path,
        "line": _line(one, last),
        "n": n,
        "usual": usual,
        "shortest": min(gaps),
        "longest": max(gaps),
        "last": last,
        "silence": silence,
        "longer": as_long,
        "chance": share(1 + as_long, n + 1),
        "expected": last + timedelta(round(usual)),
        "earliest": last + timedelta(min(gaps)),
        "latest": last + timedelta(max(gaps)),
        "within": share(n - 1, n + 1),
        "state": "cooling" if silence > max(gaps) else "late" if silence > usual else "in-rhythm",
    }
