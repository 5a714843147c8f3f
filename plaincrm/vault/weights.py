"""What makes a line of the agenda urgent: the points of each kind and of each part; settings may change them."""

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
