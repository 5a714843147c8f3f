"""What purchases add up to, by themselves and as rows of the index."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest

from plaincrm.index.buyers import Purchases, purchases
from plaincrm.index.index import Index, open_index
from plaincrm.reports.buyers import prepare_buyers
from plaincrm.vault.vault import load_vault
from tests.making import make_vault

# Days of purchases -> first, last, days, cools, years, quarters
CASES = {
    "one": ("2026-03-31", ("2026-03-31", "2026-03-31", 1, None, "2026", "2026-Q1")),
    "two days are no rhythm": (
        "2025-12-31 2026-04-01",
        ("2025-12-31", "2026-04-01", 2, None, "2025 2026", "2025-Q4 2026-Q2"),
    ),
    "a day counts once": ("2026-03-31 2026-03-31 2026-03-31", ("2026-03-31", "2026-03-31", 1, None, "2026", "2026-Q1")),
    "ten days, then thirty": (
        "2026-01-01 2026-01-11 2026-02-10",
        ("2026-01-01", "2026-02-10", 3, "2026-03-12", "2026", "2026-Q1"),
    ),
    "no interval beyond the last of all days": (
        "0001-01-01 5000-01-01 9999-12-01",
        ("0001-01-01", "9999-12-01", 3, "9999-12-31", "0001 5000 9999", "0001-Q1 5000-Q1 9999-Q4"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_purchases_add_up_to(case: str) -> None:
    days, expected = CASES[case]
    for order in itertools.permutations(days.split()):
        assert purchases(order) == Purchases(*expected)


# Entries of a log -> their sales with a 1 where they are a purchase, and the row of the buyer
LOGS: dict[str, tuple[str, str, tuple[object, ...] | None]] = {
    "a sale": ("- 2026-03-01 visit [sale:: 100]", "1", ("2026-03-01", "2026-03-01", 1, 0)),
    "a refund": ("- 2026-03-01 visit [sale:: -100]", "0", None),
    "a cost alone": ("- 2026-03-01 visit [cost:: 100]", "0", None),
    "two sales of an entry are one purchase": (
        "- 2026-03-01 visit [sale:: -5] [sale:: 7] [sale:: 8]",
        "0 1 0",
        ("2026-03-01", "2026-03-01", 1, 0),
    ),
    "two entries of a day are two": (
        "- 2026-03-01 visit [sale:: 5]\n- 2026-03-01 call out [sale:: 7]",
        "1 1",
        ("2026-03-01", "2026-03-01", 1, 0),
    ),
    "a currency with a rate counts": ("- 2026-03-01 visit [sale:: 5 SEK]", "1", ("2026-03-01", "2026-03-01", 1, 1)),
    "a currency without a rate does not": ("- 2026-03-01 visit [sale:: 5 USD]", "0", (None, None, 0, 1)),
    "with one that does": (
        "- 2026-03-01 visit [sale:: 5 USD] [sale:: 7 SEK] [sale:: 9]",
        "0 1 0",
        ("2026-03-01", "2026-03-01", 1, 1),
    ),
}


@pytest.mark.parametrize("case", LOGS)
def test_the_rows_of_a_note(case: str, tmp_path: Path) -> None:
    log, flags, row = LOGS[case]
    with opened(tmp_path, log) as index:
        assert index.rows("select purchase from sales order by position") == [(int(flag),) for flag in flags.split()]
        assert index.rows("select first, last, days, abroad from buyers") == ([row] if row else [])


# The day asked about -> what stands in `bought` of purchases on 1, 11 and 31 January and a planned one on 1 March
ASKED: dict[str, tuple[str, int, str | None] | None] = {
    "2025-12-31": None,
    "2026-01-01": ("2026-01-01", 1, None),
    "2026-01-31": ("2026-01-31", 3, "2026-02-20"),
    "2026-03-01": ("2026-03-01", 4, "2026-03-30"),
    "2027-01-01": ("2026-03-01", 4, "2026-03-30"),
}


def test_what_is_planned_has_not_been_bought_yet(tmp_path: Path) -> None:
    days = ("2026-03-01", "2026-01-31", "2026-01-11", "2026-01-01")
    with opened(tmp_path, "\n".join(f"- {day} visit [sale:: 100]" for day in days)) as index:
        for today, expected in ASKED.items():
            prepare_buyers(index, date.fromisoformat(today))
            found = index.rows("select last, days, cools from temp.bought")
            assert found == ([expected] if expected else []), today


def opened(folder: Path, log: str) -> Index:
    """The index of one note with a log, where SEK has a rate."""
    note = f"---\nname: Acme\n---\n## Log\n{log}\n"
    return open_index(load_vault(make_vault(folder, {"acme.md": note}, "[rates]\nSEK = 0.1\n")), cache=False)
