"""The pyramid of tiers, the rules that propose one, and who should move."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plaincrm.dates import Period
from plaincrm.index.index import open_index
from plaincrm.reports.tiers import tiers
from plaincrm.vault.rules import Bound, parse_rule
from plaincrm.vault.vault import load_vault
from tests.making import make_vault, vault_of

TODAY = date(2026, 11, 21)


def note(tier: str = "", stage: str = "", *sales: str) -> str:
    front = "".join(f"{key}: {value}\n" for key, value in (("tier", tier), ("stage", stage)) if value)
    return f"---\nname: X\n{front}---\n" + "".join(
        f"- 2026-0{at}-01 visit [sale:: {s}]\n" for at, s in enumerate(sales, 1)
    )


NOTES = {
    "big.md": note("regular", "customer", "900 EUR] [cost:: 500"),
    "faithful.md": note("occasional", "regular", "10", "10", "10"),
    "faded.md": note("key", "customer", "20"),
    "right.md": note("occasional", "", "5"),
    "unset.md": note("", "customer", "55"),
    "lead.md": note("", "lead"),
    "former.md": note("key", "former", "10"),
    "silent.md": note("regular", "customer"),
}
RULES = '[tiers.rules]\nkey = "revenue>=900 margin>399.99"\nregular = "purchases>2"\n'


def moves(folder: Path, config: str) -> dict[str, tuple[str, str | None, str]]:
    report = vault_of(folder, NOTES, config).tiers("2026", TODAY)
    return {move.customer: (move.direction, move.tier, move.proposed) for move in report.moves}


def test_rules(tmp_path: Path) -> None:
    assert moves(tmp_path, RULES) == {
        "big": ("up", "regular", "key"),
        "faithful": ("up", "occasional", "regular"),
        "faded": ("down", "key", "occasional"),
        "silent": ("down", "regular", "occasional"),
        "unset": ("unset", None, "occasional"),
    }


def test_without_rules_classes_decide(tmp_path: Path) -> None:
    # 900 of 1,040 are the first 80 per cent; 55, 30 and 20 begin before 95 per cent, 10 and 5 after it
    assert moves(tmp_path, "") == {
        "big": ("up", "regular", "key"),
        "faithful": ("up", "occasional", "regular"),
        "faded": ("down", "key", "occasional"),
        "silent": ("down", "regular", "occasional"),
        "unset": ("unset", None, "regular"),
    }


def test_why(tmp_path: Path) -> None:
    report = vault_of(tmp_path, NOTES, RULES).tiers("2026", TODAY)
    assert {move.customer: move.why for move in report.moves} == {
        "big": "key asks revenue>=900 (900.00), margin>399.99 (400.00)",
        "faithful": "regular asks purchases>2 (3)",
        "faded": "key asks revenue>=900 (20.00), margin>399.99 (0.00)",
        "silent": "regular asks purchases>2 (0)",
        "unset": "no rule of a higher tier is met: revenue 55.00, purchases 1",
    }


def test_the_pyramid(tmp_path: Path) -> None:
    report = vault_of(tmp_path, NOTES, RULES).tiers("2026", TODAY)
    assert [(row.tier, row.former, row.customers, row.proposed, row.buyers, row.revenue) for row in report.tiers] == [
        ("key", False, 1, 1, 1, 20),
        ("regular", False, 2, 1, 1, 900),
        ("occasional", False, 2, 4, 2, 35),
        (None, False, 2, 0, 1, 55),
        (None, True, 1, 0, 1, 10),
    ]
    for name in ("share_of_customers", "share_of_revenue", "share_of_margin"):
        assert sum(getattr(row, name) for row in report.tiers) == pytest.approx(1, abs=1e-5)


def test_a_limit_tells_the_largest_of_each_and_counts_all(tmp_path: Path) -> None:
    report = vault_of(tmp_path, NOTES, RULES).tiers("2026", TODAY, limit=1)
    assert [move.customer for move in report.moves] == ["big", "faded", "unset"]
    assert report.counts == {"up": 2, "down": 2, "unset": 1}


def test_a_query_limits_the_customers_and_no_class(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, NOTES)
    report = vault.tiers("2026", TODAY, query="customer:unset")
    assert [(move.customer, move.abc) for move in report.moves] == [("unset", "B")]
    assert sum(row.customers for row in report.tiers) == 1


def test_names_of_tiers_are_texts_to_sql(tmp_path: Path) -> None:
    config = '[tiers]\norder = ["o\'low", "\'; drop"]\n[tiers.rules]\n"\'; drop" = "revenue>1"\n'
    vault = vault_of(tmp_path, {"a.md": note("o'low", "customer", "5")}, config)
    (move,) = vault.tiers("2026", TODAY).moves
    assert (move.tier, move.proposed) == ("o'low", "'; drop")


def test_nobody_is_there(tmp_path: Path) -> None:
    report = vault_of(tmp_path, {}).tiers("2026", TODAY)
    assert [(row.tier, row.customers, row.share_of_revenue) for row in report.tiers] == [
        ("key", 0, None),
        ("regular", 0, None),
        ("occasional", 0, None),
    ]
    assert report.moves == ()


def test_the_cost_grows_with_the_customers(tmp_path: Path) -> None:
    steps = []
    for count in (100, 800):
        notes = {f"c{at}.md": note("key", "customer", "5") for at in range(count)}
        with open_index(load_vault(make_vault(tmp_path / str(count), notes)), cache=False) as index:
            ticks = [0]
            index.db.set_progress_handler(lambda ticks=ticks: ticks.append(ticks.pop() + 1), 1)  # type: ignore[misc]
            tiers(index, Period(date(2026, 1, 1), TODAY))
            index.db.set_progress_handler(None, 1)
            steps.append(ticks[0])
    assert steps[1] < 12 * steps[0]


PARSED = {
    "revenue>=20000": (Bound("revenue>=20000", "revenue", ">=", Decimal(20000)),),
    "margin > 5.5": (Bound("margin>5.5", "margin", ">", Decimal("5.5")),),
    "class:A,B purchases>=3": (
        Bound("class:A,B", "class", classes=("A", "B")),
        Bound("purchases>=3", "purchases", ">=", Decimal(3)),
    ),
    **dict.fromkeys(["", " ", "rich", "revenue=5", "revenue>=", "revenue>=1,5", "class:a", "revenue>=5x", "a>5"]),
}


@pytest.mark.parametrize("text", PARSED)
def test_rules_as_they_are_written(text: str) -> None:
    assert parse_rule(text) == PARSED[text]
