"""Experience reckoned a second time (docs/experience.md)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from math import atan, cos, pi, prod, sin, sqrt
from pathlib import Path
from statistics import mean, median, variance
from typing import Any

import plaincrm
from plaincrm.dates import Period
from plaincrm.records.model import Customer, LogEntry
from plaincrm.vault.config import Config
from tests.reckoning.growth import plain
from tests.reckoning.means import before, in_order

Z = 1.959964
SCALES = {"nps": (0, 10), "ces": (1, 7), "csat": (1, 5)}
GOOD = {"nps": (9, 10), "ces": (5, 7), "csat": (4, 5)}
BAD = {"nps": (0, 6), "ces": (1, 3), "csat": (1, 2)}
BEFORE_A_SALE = ("need", "comparison", "decision", "order")
STEPS = list(tomllib.loads((Path(plaincrm.__file__).parent / "language/en.toml").read_text("utf-8"))["steps"])

Said = tuple[Customer, LogEntry]


def experience(
    customers: Sequence[Customer],
    settings: Config,
    today: date,
    period: Period,
    by: str = "step",
    segments: Mapping[str, set[str]] | None = None,
) -> dict[str, Any]:
    """The whole answer; `segments` are the ids of the customers in each."""
    past = Period(period.start, min(period.end, today))
    least = settings.min_n
    said = [(one, entry) for one in customers for entry in one.entries if past.covers(entry.date) and tells(entry)]
    channels = grouped(said, "channel", settings, segments)
    known = [of["share_settled"]["value"] for of in channels if of["share_settled"]]
    return {
        "from": period.start,
        "to": period.end,
        "today": today,
        "by": by,
        "min_n": least,
        "totals": felt(None, [entry for _customer, entry in said], least),
        "answers": [
            {"question": question, "answer": Decimal(answer), "n": given.count(answer)}
            for question, (lowest, highest) in SCALES.items()
            for given in [answers((entry for _customer, entry in said), question)]
            for answer in sorted({*map(Decimal, range(lowest, highest + 1)), *given}, reverse=True)
        ],
        "quarters": grouped(said, "quarter", settings, segments),
        "groups": grouped(said, by, settings, segments),
        "channels": channels,
        "process": round(prod(known, start=Decimal(1)), 6) if len(known) > 1 else None,
        "complaints": complaints(customers, settings, today, past),
        "measure_every": str(settings.measure_every),
        "unmeasured": unmeasured(customers, settings, past),
        "unread": [],
    }


def tells(entry: LogEntry) -> bool:
    """Whether an entry says what the customer thinks of us."""
    keys = {"nps", "ces", "csat", "expect", "got", "complaint", "mood", "resolved"}
    return any(value.key in keys for value in entry.values)


# ---- groups ----


def grouped(
    said: Sequence[Said],
    by: str,
    settings: Config,
    segments: Mapping[str, set[str]] | None,
) -> list[dict[str, Any]]:
    """What was said in each group, in the order of the groups; an entry may be in several."""
    found: dict[str | None, list[LogEntry]] = {}
    for customer, entry in said:
        for name in names_of(customer, entry, by, segments or {}):
            found.setdefault(name, []).append(entry)
    if by == "product":
        found = spelt_once(found)
    listed = {"step": STEPS, "tier": settings.tiers[::-1], "segment": list(segments or {})}.get(by, ())
    return [felt(name, found[name], settings.min_n) for name in in_order(found, listed)]


def names_of(customer: Customer, entry: LogEntry, by: str, segments: Mapping[str, set[str]]) -> list[str | None]:
    """The groups of an entry."""
    if by == "segment":
        return [name for name, members in segments.items() if customer.id in members] or [None]
    if by == "quarter":
        return [f"{entry.date.year}-Q{(entry.date.month + 2) // 3}"]
    if by == "product":
        return [product(customer, entry)]
    return [{"step": entry.value("step"), "channel": entry.channel, "owner": customer.owner, "tier": customer.tier}[by]]


def product(customer: Customer, entry: LogEntry) -> str | None:
    """The product that an entry is of: its own, else what was bought last by that day."""
    own: str | None = entry.value("product")
    if own or entry.value("step") in BEFORE_A_SALE:
        return own
    bought = [
        (sold.date, sale.product)
        for sold, sale in customer.sales
        if sale.revenue > 0 and sale.product and sold.date <= entry.date
    ]
    return max(bought)[1] if bought else None


def spelt_once(found: Mapping[str | None, list[LogEntry]]) -> dict[str | None, list[LogEntry]]:
    """Products whose names differ by case and accents only as one, by the last of the names."""
    once: dict[str | None, list[LogEntry]] = {}
    for name, entries in found.items():
        alike = [other for other in found if other is not None and name is not None and plain(other) == plain(name)]
        once.setdefault(max(alike, default=None), []).extend(entries)
    return once


def felt(name: str | None, entries: Sequence[LogEntry], least: int) -> dict[str, Any]:
    """What some entries say, in figures."""
    moods = [entry.value("mood") for entry in entries]
    good, neutral, bad = (moods.count(sign) for sign in "+0-")
    gaps = [
        entry.value("got") - entry.value("expect")
        for entry in entries
        if entry.value("got") is not None and entry.value("expect") is not None
    ]
    poor, fair, excellent = (sum(gap < 0 for gap in gaps), gaps.count(0), sum(gap > 0 for gap in gaps))
    settled = [entry.value("resolved") for entry in entries if entry.value("resolved") is not None]
    felt_so = good + neutral + bad
    return {
        "name": name,
        "scores": [score(question, answers(entries, question), least) for question in SCALES],
        "mood_good": good,
        "mood_neutral": neutral,
        "mood_bad": bad,
        "balance": round(Decimal(good - bad) / felt_so, 2) if felt_so >= least and felt_so else None,
        "poor": poor,
        "fair": fair,
        "excellent": excellent,
        "share_met": some(fair + excellent, len(gaps), least),
        "settled": settled.count(True),
        "unsettled": settled.count(False),
        "share_settled": some(settled.count(True), len(settled), least),
        "complaints": sum(value.key == "complaint" for entry in entries for value in entry.values),
    }


def answers(entries: Iterable[LogEntry], question: str) -> list[Decimal]:
    return [Decimal(value.value) for entry in entries for value in entry.values if value.key == question]


def score(question: str, given: Sequence[Decimal], least: int) -> dict[str, Any]:
    good, bad = (
        sum(lowest <= answer <= highest for answer in given) for lowest, highest in (GOOD[question], BAD[question])
    )
    n = len(given)
    told = None
    if n >= max(least, 1):
        told = net(good, bad, n) if question == "nps" else average([float(answer) for answer in given], question)
    counts = {"good": good, "middle": n - good - bad, "bad": bad}
    return {"question": question, "n": n, **counts, "score": told, "share_good": some(good, n, least)}


# ---- intervals ----


def some(part: int, whole: int, least: int) -> dict[str, Any] | None:
    """A share with Wilson's interval."""
    if whole < max(least, 1):
        return None
    p, n = part / whole, whole
    half = Z * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    low, high = ((p + Z**2 / (2 * n) + sign * half) / (1 + Z**2 / n) for sign in (-1, 1))
    return estimate(p, low, high, (0, 1))


def net(promoters: int, detractors: int, n: int) -> dict[str, Any]:
    """The Net Promoter Score with the adjusted interval of Wald."""
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    half = 100 * Z * sqrt((p + d - (p - d) ** 2) / (n + 3))
    return estimate(100 * (promoters - detractors) / n, 100 * (p - d) - half, 100 * (p - d) + half, (-100, 100))


def average(given: Sequence[float], question: str) -> dict[str, Any]:
    """A mean with Student's interval; one answer has none."""
    if len(given) == 1:
        return {"value": decimal(given[0]), "low": None, "high": None}
    half = student(len(given) - 1) * sqrt(variance(given) / len(given))
    return estimate(mean(given), mean(given) - half, mean(given) + half, SCALES[question])


def estimate(value: float, low: float, high: float, scale: tuple[int, int]) -> dict[str, Any]:
    """A figure with its bounds, which are held within the scale and around the figure."""
    least, most = scale
    return {
        "value": decimal(value),
        "low": decimal(max(least, min(low, value))),
        "high": decimal(min(most, max(high, value))),
    }


def decimal(number: float) -> Decimal:
    return round(Decimal(number), 6)


@cache
def student(freedom: int) -> float:
    """The 97.5 % point of Student's distribution, halving the interval in which its integral comes to 95 %."""
    low, high = 0.0, 20.0
    for _time in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, freedom) < 0.95 else (low, middle)
    return low


def within(t: float, freedom: int) -> float:
    """The probability of -t to t (Abramowitz and Stegun, 26.7.3 and 26.7.4)."""
    angle = atan(t / sqrt(freedom))
    terms, term = [], 1.0
    if freedom % 2:
        term = cos(angle)
        for power in range(1, freedom - 1, 2):
            terms.append(term)
            term *= cos(angle) ** 2 * (power + 1) / (power + 2)
        return 2 / pi * (angle + sin(angle) * sum(terms))
    for power in range(0, freedom - 1, 2):
        terms.append(term)
        term *= cos(angle) ** 2 * (power + 1) / (power + 2)
    return sin(angle) * sum(terms)


# ---- complaints and touchpoints ----


def complaints(customers: Sequence[Customer], settings: Config, today: date, past: Period) -> dict[str, Any]:
    """Every complaint up to today and its answer; and how many there were to a hundred active customers."""
    made = [
        told
        for customer in customers
        for entry in customer.entries
        if entry.date <= today
        for value in entry.values
        if value.key == "complaint"
        for told in [complaint(customer, entry, value.text, value.line, today, past)]
        if told["counted"] or told["state"] == "open"
    ]
    in_period = [one for one in made if one["counted"]]
    days = [one["days"] for one in in_period if one["days"] is not None]
    active: dict[str, set[str]] = {}
    for customer in customers:
        seen = [entry.date for entry in customer.entries if entry.reached]
        seen += [entry.date for entry, sale in customer.sales if sale.revenue > 0]
        for day in filter(past.covers, seen):
            active.setdefault(f"{day:%Y-%m}", set()).add(customer.path)
    months = [f"{one['made']:%Y-%m}" for one in in_period]
    rates = [rate(name, months.count(name), active.get(name, set()), settings) for name in sorted({*months, *active})]
    return {
        "months": rates,
        "total": rate(None, len(in_period), set().union(*active.values()), settings),
        "answered": len(days),
        "open": sum(one["state"] == "open" for one in in_period),
        "median_days": Decimal(str(median(days))) if days else None,
        "longest_days": max(days, default=None),
        "complaints": sorted(made, key=lambda one: (-one["made"].toordinal(), one["file"], one["line"])),
    }


def rate(month: str | None, made: int, active: set[str], settings: Config) -> dict[str, Any]:
    enough = len(active) >= max(settings.min_n, 1)
    per_100 = round(Decimal(100 * made) / len(active), 1) if enough else None
    return {"month": month, "complaints": made, "active": len(active), "per_100": per_100}


def complaint(customer: Customer, entry: LogEntry, text: str, line: int, today: date, past: Period) -> dict[str, Any]:
    """A complaint and its first answer: where times are missing, they ask in the morning and we answer at night."""
    if entry.value("resolved"):
        answer: LogEntry | None = entry
    else:
        asked = (entry.date, str(entry.time or "00:00"))
        later = [
            other
            for other in customer.entries
            if other is not entry and other.date <= today and (other.date, clock(other)) >= asked and answers_it(other)
        ]
        answer = min(later, key=lambda other: (other.date, clock(other), other.line), default=None)
    return {
        "customer": customer.id,
        "name": customer.name,
        "owner": customer.owner,
        "made": entry.date,
        "text": text,
        "state": "answered" if answer else "open",
        "answered": answer.date if answer else None,
        "days": (answer.date - entry.date).days if answer else None,
        "counted": past.covers(entry.date),
        "file": customer.path,
        "line": line,
        "answer_line": answer.line if answer else None,
    }


def clock(entry: LogEntry) -> str:
    return str(entry.time or "99:99")


def answers_it(entry: LogEntry) -> bool:
    if entry.value("resolved") is not None:
        return bool(entry.value("resolved"))
    return (entry.reached and entry.direction != "in") or entry.value("answers") is not None


def unmeasured(customers: Sequence[Customer], settings: Config, past: Period) -> list[dict[str, Any]]:
    """Channels and steps at which somebody was reached in the period, and nobody was asked lately."""
    found: dict[tuple[str, str], list[LogEntry]] = {}
    for customer in customers:
        for entry in customer.entries:
            if entry.reached and entry.date <= past.end:
                points = {("channel", entry.channel)} | {("step", v.value) for v in entry.values if v.key == "step"}
                for kind, name in points:
                    if name:
                        found.setdefault((kind, name), []).append(entry)
    rows = []
    for (kind, name), entries in found.items():
        keys = {"nps", "ces", "csat", "got", "mood", "resolved"}
        asked = [entry.date for entry in entries if any(value.key in keys for value in entry.values)]
        talks = sum(past.covers(entry.date) for entry in entries)
        last = max(asked, default=None)
        if talks and (last is None or last < before(past.end, settings.measure_every)):
            rows.append({"kind": kind, "name": name, "talks": talks, "measured": last})
    return sorted(rows, key=lambda row: (row["kind"], -row["talks"], row["name"]))
