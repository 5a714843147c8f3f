"""Two periods compared: who is new, gone, and how much everybody changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

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
