"""The quality of the register reckoned a second time (docs/quality.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from plaincrm.dates import Duration
from plaincrm.records.model import Customer
from plaincrm.vault.config import Config
from tests.reckoning.means import before, in_order
from tests.reckoning.sales import share

OF_COMPANIES = ("business_id", "vat_id", "contacts", "industry", "size", "parent")
OF_PEOPLE = ("birthday", "company", "role")

Faults = Mapping[str, set[str]]  # by path, the fields in which check finds a fault


def quality(
    customers: Sequence[Customer],
    settings: Config,
    today: date,
    by: str = "tier",
    faults: Faults | None = None,
    segments: Mapping[str, set[str]] | None = None,
) -> dict[str, Any]:
    """The whole answer."""
    since = before(today, settings.verify_after or Duration(12, "m"))
    weights = {field: weight for field, weight in settings.quality if weight}
    wrong = faults or {}

    def counts(field: str, some: Iterable[Customer]) -> tuple[int, ...]:
        """Places, and those that are filled, right, fresh, and both."""
        could = [one for one in some if may_have(one, field)]
        there = [one for one in could if filled(one, field) or field in wrong.get(one.path, ())]
        right = [one for one in there if field not in wrong.get(one.path, ())]
        new = [one for one in there if fresh(one, since, today)]
        return len(could), len(there), len(right), len(new), sum(one in new for one in right)

    def fields(some: Sequence[Customer]) -> list[dict[str, Any]]:
        rows = [(field, weight, counts(field, some)) for field, weight in weights.items()]
        return [soundness(field, weight, of[0], of) for field, weight, of in rows if of[0]]

    def summed(name: str | None, some: Sequence[Customer]) -> dict[str, Any]:
        rows = [(weight, counts(field, some)) for field, weight in weights.items()]
        sums = tuple(sum(weight * of[at] for weight, of in rows) for at in range(5))
        return soundness(name, 1, len(some), sums)

    members = groups(customers, by, segments or {})
    listed = {"tier": settings.tiers[::-1], "stage": settings.stages, "segment": list(segments or {})}.get(by, ())
    return {
        "today": today,
        "by": by,
        "fresh_since": since,
        "fields": fields(customers),
        "groups": [
            summed(name, members[name]) | {"fields": fields(members[name])} for name in in_order(members, listed)
        ],
        "totals": summed(None, customers),
        "contacts": contacts(customers),
        "permissions": permissions(customers, today),
        "unread": [],
    }


def soundness(name: str | None, weight: int, customers: int, counts: tuple[int, ...]) -> dict[str, Any]:
    applies, there, right, new, usable = counts
    return {
        "name": name,
        "weight": weight,
        "customers": customers,
        "applies": applies,
        "filled": there,
        "valid": right,
        "fresh": new,
        "usable": usable,
        "coverage": share(there, applies),
        "validity": share(right, there),
        "freshness": share(new, there),
        "score": share(usable, applies),
    }


def may_have(customer: Customer, field: str) -> bool:
    if field in OF_COMPANIES:
        return customer.type == "company"
    return field not in OF_PEOPLE or customer.type == "person"


def filled(customer: Customer, field: str) -> bool:
    """Whether something stands there; mail and phone may be those of a contact person."""
    of_contacts = field in ("email", "phone") and any(getattr(contact, field) for contact in customer.contacts)
    return bool(customer.fields.get(field)) or of_contacts


def fresh(customer: Customer, since: date, today: date) -> bool:
    talks = [entry.date for entry in customer.entries if entry.reached and entry.date <= today]
    return max([customer.verified or date.min, *talks]) >= since


def groups(
    customers: Sequence[Customer], by: str, segments: Mapping[str, set[str]]
) -> dict[str | None, list[Customer]]:
    found: dict[str | None, list[Customer]] = {}
    names: Mapping[str, Callable[[Customer], Iterable[str | None]]] = {
        "tag": lambda one: dict.fromkeys(one.tags),
        "segment": lambda one: [name for name, members in segments.items() if one.id in members],
    }
    for customer in customers:
        of = names[by](customer) if by in names else [getattr(customer, by)]
        for name in list(of) or [None]:
            found.setdefault(name, []).append(customer)
    return found


def contacts(customers: Sequence[Customer]) -> dict[str, int]:
    known = [len(one.contacts) for one in customers if one.type == "company"]
    return {"none": known.count(0), "one": known.count(1), "several": sum(n > 1 for n in known)}


def permissions(customers: Sequence[Customer], today: date) -> list[dict[str, Any]]:
    """What is known of each channel: the front matter goes first, then what the log says last, of one day a ban."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for customer in customers:
        logged: dict[str, tuple[date, str]] = {}
        for entry in customer.entries:
            for value in entry.values:
                if value.key in ("allow", "deny") and entry.date <= today:
                    told = (entry.date, value.key)
                    logged[value.value] = max(told, logged.get(value.value, told))
        noted = dict.fromkeys(customer.allow, "allow") | dict.fromkeys(customer.deny, "deny")
        for channel in {*logged, *noted}:
            said = noted.get(channel) or logged[channel][1]
            dated = channel in logged and logged[channel][1] == said
            found.setdefault(str(channel), []).append((said, dated))
    rows = [
        {
            "channel": channel,
            "allowed": sum(said == "allow" for said, _dated in known),
            "denied": sum(said == "deny" for said, _dated in known),
            "dated": sum(dated for _said, dated in known),
            "share_known": share(len(known), len(customers)),
        }
        for channel, known in found.items()
    ]
    return sorted(rows, key=lambda row: (-(row["allowed"] + row["denied"]), row["channel"]))
