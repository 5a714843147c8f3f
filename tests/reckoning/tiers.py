"""The pyramid reckoned again: who is in which tier, and what the rules say, as docs/tiers.md defines them."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from plaincrm.records.model import Customer
from plaincrm.vault.config import Config
from tests.reckoning.sales import Chosen, Days, abc, by_customer, everybody, foreign, share, sold, sums

SIGNS = {">=": operator.ge, ">": operator.gt}


def tiers(customers: Sequence[Customer], settings: Config, days: Days, chosen: Chosen = everybody) -> dict[str, Any]:
    """The answer of `plaincrm tiers`; classes are those among all customers, whoever is asked about."""
    of = by_customer(sold(customers, settings, days))
    revenues = [sums(its)["revenue"] for its in of.values()]
    rules = _rules(settings)
    judged = []
    for customer in filter(chosen, customers):
        figures = sums(of.get(customer.path, []))
        letter = abc(figures["revenue"], revenues, settings) if customer.path in of else None
        former = (customer.stage or "") in settings.closed
        nothing = former or (customer.tier is None and not figures["purchases"])
        judged.append(
            {
                **figures,
                "customer": customer.id,
                "name": customer.name,
                "file": customer.path,
                "tier": customer.tier,
                "former": former,
                "class": letter,
                "bought": customer.path in of,
                "proposed": None if nothing else _proposed(figures, letter, rules, settings),
            }
        )
    moves = [
        {
            "direction": direction,
            **{key: row[key] for key in ("customer", "name", "file", "tier", "proposed", "revenue", "margin")},
            "purchases": row["purchases"],
            "class": row["class"],
        }
        for direction in ("up", "down", "unset")
        for row in sorted(judged, key=lambda row: (-row["revenue"], row["customer"], row["file"]))
        if direction == _direction(row, settings)
    ]
    return {
        "from": days[0],
        "to": days[1],
        "currency": settings.currency,
        "rules": [{"tier": tier, "rule": " ".join(text for text, *_rest in bounds)} for tier, bounds in rules],
        "by_class": not settings.tier_rules,
        "tiers": _pyramid(judged, settings),
        "counts": {name: sum(move["direction"] == name for move in moves) for name in ("up", "down", "unset")},
        "moves": moves,
        **foreign(filter(chosen, customers), settings, days),
        "since": None,
        "changed": [],
        "unread": [],
    }


def _rules(settings: Config) -> list[tuple[str, tuple[Any, ...]]]:
    """The rules from the top tier down; without any, class A is for the top tier, B for the next, and so on."""
    above = settings.tiers[:0:-1]
    if settings.tier_rules:
        return [(tier, settings.tier_rules[tier]) for tier in above if tier in settings.tier_rules]
    letters = "ABCDEFGHIJ"[: len(settings.classes)]
    return [
        (tier, ((f"class:{letter}", "class", "", 0, (letter,)),)) for tier, letter in zip(above, letters, strict=False)
    ]


def _proposed(
    figures: dict[str, Any], letter: str | None, rules: list[tuple[str, tuple[Any, ...]]], settings: Config
) -> str:
    for tier, bounds in rules:
        if all(
            letter in classes if classes else SIGNS[sign](figures[figure], least)
            for _text, figure, sign, least, classes in bounds
        ):
            return tier
    return settings.tiers[0]


def _direction(row: dict[str, Any], settings: Config) -> str | None:
    if row["proposed"] in (None, row["tier"]):
        return None
    if row["tier"] is None:
        return "unset"
    return "up" if settings.tiers.index(row["proposed"]) > settings.tiers.index(row["tier"]) else "down"


def _pyramid(judged: list[dict[str, Any]], settings: Config) -> list[dict[str, Any]]:
    """Every tier from the top, then those without one, then those who are customers no more, where there are any."""
    groups: list[tuple[str | None, bool]] = [(tier, False) for tier in reversed(settings.tiers)]
    for former in (False, True):
        if any(row["former"] == former and (former or row["tier"] is None) for row in judged):
            groups.append((None, former))
    whole, margin = (sum((row[key] for row in judged), Decimal(0)) for key in ("revenue", "margin"))
    found = []
    for tier, former in groups:
        rows = [row for row in judged if row["former"] == former and (former or row["tier"] == tier)]
        revenue, of_margin = (sum((row[key] for row in rows), Decimal(0)) for key in ("revenue", "margin"))
        found.append(
            {
                "tier": tier,
                "former": former,
                "customers": len(rows),
                "proposed": sum(tier is not None and row["proposed"] == tier for row in judged),
                "buyers": sum(row["bought"] for row in rows),
                "revenue": revenue,
                "margin": of_margin,
                "revenue_with_margin": sum((row["revenue_with_margin"] for row in rows), Decimal(0)),
                "share_of_customers": share(len(rows), len(judged)),
                "share_of_revenue": share(revenue, whole),
                "share_of_margin": share(of_margin, margin),
            }
        )
    return found
