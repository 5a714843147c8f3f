"""The walk finds what differs, what is missing on either side, and what only calls itself no figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reckoning.walk import agree, answer_of

ANSWER = answer_of({"n": 2, "rows": [{"name": "Acme", "sum": Decimal("5.50"), "on": date(2026, 1, 2), "risk": None}]})
RECKONED = {"n": 2, "rows": [{"name": "Acme", "sum": Decimal("5.5"), "on": date(2026, 1, 2), "risk": None}]}


def changed(**leaves: Any) -> dict[str, Any]:
    """The reckoning with another row; a leaf of ... is left out."""
    row = {key: value for key, value in (RECKONED["rows"][0] | leaves).items() if value is not ...}  # type: ignore[index]
    return {"n": 2, "rows": [row]}


def test_all_that_agrees_is_counted() -> None:
    assert agree(ANSWER, RECKONED) == 5
    assert agree(ANSWER, changed(name=...), {"rows[].name"}) == 4


DIFFERENT = {
    "another amount": (
        changed(sum=Decimal("5.51")),
        "rows[0].sum is '5.50' in the answer, reckoned is Decimal('5.51')",
    ),
    "another text": (changed(name="Acne"), "rows[0].name is 'Acme' in the answer, reckoned is 'Acne'"),
    "another day": (changed(on=date(2026, 1, 3)), "rows[0].on"),
    "a figure for nothing": (changed(risk=0), "rows[0].risk is None in the answer, reckoned is 0"),
    "true is not one": ({**RECKONED, "n": True}, "n is 2 in the answer, reckoned is True"),
    "nobody has reckoned a leaf": (changed(sum=...), "rows[0].sum is '5.50' in the answer, and nobody has reckoned it"),
    "nobody has reckoned a part": ({"n": 2}, "rows[0].on is '2026-01-02' in the answer, and nobody has reckoned it"),
    "the answer lacks a leaf": (changed(margin=1), "rows[0].margin is 1, and the answer has no such thing"),
    "a row too many": ({**RECKONED, "rows": RECKONED["rows"] * 2}, "rows has 1 in the answer, reckoned are 2"),  # type: ignore[operator]
    "a row too few": ({**RECKONED, "rows": []}, "rows has 1 in the answer, reckoned are 0"),
    "a part of another shape": ({**RECKONED, "rows": {}}, "rows is [{"),
}


@pytest.mark.parametrize(("reckoned", "told"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_does_not_agree_is_told(reckoned: dict[str, Any], told: str) -> None:
    with pytest.raises(AssertionError, match="leaves:") as fault:
        agree(ANSWER, reckoned)
    assert told in str(fault.value)


@pytest.mark.parametrize("leaf", ["sum", "on", "risk"])
def test_a_number_a_day_and_nothing_cannot_be_called_no_figure(leaf: str) -> None:
    with pytest.raises(AssertionError, match="nobody has reckoned it"):
        agree(ANSWER, changed(**{leaf: ...}), {f"rows[].{leaf}"})
