"""Two periods compared: who is new, gone, and how much everybody changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plaincrm.reports.value_change import CHANGES
from tests.keeping import example_vault
from tests.making import vault_of

TODAY = date(2026, 11, 21)


def note(*sales: str) -> str:
    return "---\nname: X\n---\n" + "".join(
        f"- {day} visit [sale:: {amount}]\n" for day, amount in map(str.split, sales)
    )


NOTES = {
    "grown.md": note("2025-03-01 100", "2026-03-01 150"),
    "shrunk.md": note("2025-03-01 100", "2026-03-01 10"),
    "same.md": note("2025-03-01 70", "2026-04-01 70"),
    "new.md": note("2024-03-01 5", "2026-03-01 40"),
    "gone.md": note("2025-03-01 60"),
    "refunded.md": note("2025-03-01 -20", "2026-03-01 20"),
    "never.md": note("2020-03-01 60"),
}


def test_what_became_of_each(tmp_path: Path) -> None:
    report = vault_of(tmp_path, NOTES).value_change("2026", "2025", TODAY)
    told = {row.customer: (row.change, row.revenue_change, row.change_share) for row in report.customers}
    assert list(told.items()) == [
        ("shrunk", ("shrunk", -90, Decimal("-0.9"))),
        ("gone", ("gone", -60, -1)),
        ("grown", ("grown", 50, Decimal("0.5"))),
        ("new", ("new", 40, None)),
        ("refunded", ("grown", 40, None)),
        ("same", ("same", 0, 0)),
    ]
    assert {one.change: (one.customers, one.revenue_before, one.revenue) for one in report.changes} == {
        "new": (1, 0, 40),
        "grown": (2, 80, 170),
        "same": (1, 70, 70),
        "shrunk": (1, 100, 10),
        "gone": (1, 60, 0),
    }
    assert (report.totals.revenue, report.totals_before.revenue) == (290, 310)


def test_a_limit_tells_those_who_changed_most(tmp_path: Path) -> None:
    report = vault_of(tmp_path, NOTES).value_change("2026", "2025", TODAY, limit=4)
    assert [row.customer for row in report.customers] == ["shrunk", "gone", "grown", "new"]
    assert report.left == 2
    assert vault_of(tmp_path, NOTES).value_change("2026", "2025", TODAY, limit=50).left == 0


@pytest.mark.parametrize(
    ("period", "before"), [("2026", "2025"), ("12m", "2024"), ("2025-Q3", "2025-Q2"), ("2026", "2026")]
)
def test_the_example_vault_agrees_with_the_value_of_both_periods(period: str, before: str) -> None:
    vault = example_vault()
    report = vault.value_change(period, before, TODAY)
    now = {row.customer: row for row in vault.value(period, today=TODAY, full=False).customers}
    then = {row.customer: row for row in vault.value(before, today=TODAY, full=False).customers}
    assert {row.customer for row in report.customers} == now.keys() | then.keys()
    for row in report.customers:
        one, other = now.get(row.customer), then.get(row.customer)
        assert (row.revenue, row.margin) == ((one.revenue, one.margin) if one else (0, 0))
        assert (row.revenue_before, row.margin_before) == ((other.revenue, other.margin) if other else (0, 0))
        assert (row.change == "new", row.change == "gone") == (other is None, one is None)
        assert row.margin_change == row.margin - row.margin_before
    assert sum(one.revenue for one in report.changes) == report.totals.revenue
    assert sum(one.revenue_before for one in report.changes) == report.totals_before.revenue
    assert [one.change for one in report.changes] == list(CHANGES)
    assert sum(one.customers for one in report.changes) == len(report.customers)


def test_currencies_stand_apart_in_both(tmp_path: Path) -> None:
    notes = {"a.md": "---\nname: A\n---\n- 2025-01-01 visit [sale:: 5 USD]\n- 2026-01-01 visit [sale:: 7 SEK]\n"}
    report = vault_of(tmp_path, notes, "[rates]\nSEK = 0.5\n").value_change("2026", "2025", TODAY)
    assert [(one.currency, one.revenue) for one in report.apart_before] == [("USD", 5)]
    assert (report.converted, report.apart, report.totals.revenue) == (("SEK",), (), Decimal("3.5"))
