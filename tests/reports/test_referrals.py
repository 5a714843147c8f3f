"""Whom customers brought: each margin credited once to each customer up the chain, circles and all."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.reports.referrals import credit
from tests.making import vault_of

# who was brought by whom, the margins -> what each who brought anyone is credited with
CREDITED: dict[str, tuple[dict[int, int], dict[int, int], dict[int, int]]] = {
    "one brought another": ({2: 1}, {1: 10, 2: 5}, {1: 5}),
    "through a chain": ({2: 1, 3: 2, 4: 3}, {2: 5, 3: 7, 4: 11}, {1: 23, 2: 18, 3: 11}),
    "several by one": ({2: 1, 3: 1}, {2: 5, 3: -7}, {1: -2}),
    "one without sales between": ({2: 1, 3: 2}, {3: 7}, {1: 7, 2: 7}),
    "a circle": ({1: 2, 2: 1}, {1: 10, 2: 5}, {1: 5, 2: 10}),
    "a circle with others who came through it": (
        {1: 2, 2: 1, 3: 1, 4: 3},
        {1: 10, 2: 5, 3: 3, 4: 1},
        {1: 9, 2: 14, 3: 1},
    ),
    "two circles": ({1: 2, 2: 1, 3: 4, 4: 3}, {1: 1, 2: 2, 3: 3, 4: 4}, {1: 2, 2: 1, 3: 4, 4: 3}),
}


@pytest.mark.parametrize(("by", "margins", "expected"), CREDITED.values(), ids=CREDITED)
def test_credit(by: dict[int, int], margins: dict[int, int], expected: dict[int, int]) -> None:
    assert credit(by, margins) == expected


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12)), st.dictionaries(st.integers(0, 12), st.integers(-9, 9)))
def test_any_referrals_by_walking_up_from_everyone(by: dict[int, int], margins: dict[int, int]) -> None:
    by = {child: parent for child, parent in by.items() if child != parent}
    expected = dict.fromkeys(by.values(), 0)
    for child in by:
        passed, at = {child}, by.get(child)
        while at is not None and at not in passed:
            passed.add(at)
            expected[at] += margins.get(child, 0)
            at = by.get(at)
    assert credit(by, margins) == expected


def test_a_long_chain_is_walked_once() -> None:
    count = 200_000
    credited = credit({at: at - 1 for at in range(1, count)}, dict.fromkeys(range(count), 1))
    assert (credited[0], credited[count - 2]) == (count - 1, 1)


def note(by: str, sale: str = "100] [cost:: 60") -> str:
    line = f'referred_by: "[[{by}]]"\n' if by else ""
    return f"---\nname: X\n{line}---\n- 2026-01-01 visit [sale:: {sale}]\n"


def test_links_lead_to_notes_however_they_are_written(tmp_path: Path) -> None:
    notes = {
        "äcme.md": note(""),
        "a.md": note("Äcme"),
        "b.md": note("customers/äcme"),
        "c.md": note("äcme.md"),
        "d.md": note("nobody"),
        "e.md": note("e"),
    }
    (first, *rest) = vault_of(tmp_path, notes).value("2026").customers
    credited = {row.customer: row.referral_margin for row in (first, *rest)}
    assert credited == {"äcme": 120, "a": 0, "b": 0, "c": 0, "d": 0, "e": 0}


def test_of_two_notes_with_one_name_a_path_means_one(tmp_path: Path) -> None:
    notes = {
        "customers/one/x.md": note(""),
        "customers/two/x.md": note(""),
        "a.md": note("two/x"),
        "b.md": note("x"),
    }
    rows = vault_of(tmp_path, notes).value("2026").customers
    credited = {row.file: row.referral_margin for row in rows if row.customer == "x"}
    assert credited == {"customers/one/x.md": 0, "customers/two/x.md": Decimal(40)}


def test_a_query_leaves_out_customers_and_not_whom_they_brought(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": note(""), "b.md": note("a")})
    (row,) = vault.value("2026", query="customer:a").customers
    assert (row.margin, row.referral_margin) == (40, 40)
    assert vault.value("2026").totals.margin == 80
