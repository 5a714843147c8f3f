"""What counts for how much, in the urgency of the agenda and the quality of the register; settings may change it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, int] = MappingProxyType(
    {
        "promise": 50,
        "missed": 45,
        "feedback": 45,
        "waiting": 40,
        "appointment": 40,
        "next": 35,
        "owed": 30,
        "deal": 25,
        "forgotten": 25,
        "playbook": 20,
        "permission": 15,
        "cadence": 15,
        "anniversary": 10,
        "season": 10,
        "vision": 10,
        "no-next": 5,
    }
)
PARTS: Mapping[str, int] = MappingProxyType(
    {
        "day-late": 1,  # for each day
        "most-late": 30,  # a promise forty days late is not more pressing than one thirty days late
        "most-late-soft": 10,  # so that a long silence does not stand above people who wait
        "day-waiting": 2,  # people who wait for us grow more pressing twice as fast as what is late
        "most-waiting": 30,
        "tier": 10,  # for each tier above the first
        "value": 5,  # for each step of the revenue of the last twelve months
        "deals": 3,  # for each step of the open deals, weighted: what may come counts for less than what came
        "mood": 10,
    }
)
WEIGHTS: Mapping[str, int] = MappingProxyType({**KINDS, **PARTS})
STEPS = (100, 1_000, 10_000, 100_000)  # of an amount in the vault's currency; each is worth as much as the one before
# How much each field counts for the quality of the register: what one cannot do without counts three times.
QUALITY: tuple[tuple[str, int], ...] = (
    ("type", 1),
    ("stage", 2),
    ("tier", 1),
    ("owner", 2),
    ("contacts", 2),
    ("email", 3),
    ("phone", 3),
    ("address", 1),
    ("city", 1),
    ("business_id", 2),
    ("since", 1),
    ("source", 1),
    ("needs", 2),
)
