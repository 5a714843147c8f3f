"""The value by group, in a small vault reckoned by hand, and where groups overlap."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plaincrm.reports.value_groups import BY
from tests.making import vault_of

TODAY = date(2026, 11, 21)
NOTES = {
    "a.md": "---\nname: A\ntags: [café, turku, café]\ntier: key\n---\n- 2026-01-05 visit [sale:: 100] [product:: floor]"
    " [sale:: 50] [product:: wall]\n",
    "b.md": "---\nname: B\ntags: [turku]\n---\n- 2026-03-05 visit [sale:: 30] [product:: floor]\n"
    "- 2026-03-06 visit [sale:: -10]\n",
    "c.md": "---\nname: C\ntier: regular\n---\n- 2026-03-07 visit [sale:: 20]\n",
}
SETTINGS = '[value]\nclasses = [50]\n[segments]\n"cafés" = "tag:café"\nkeys = "tier:key"\n'

# by -> each group: customers, revenue, purchases
SMALL: dict[str, dict[str | None, tuple[int, int, int]]] = {
    "tag": {"turku": (2, 170, 2), "café": (1, 150, 1), None: (1, 20, 1)},
    "segment": {"cafés": (1, 150, 1), "keys": (1, 150, 1), None: (2, 40, 2)},
    "tier": {"key": (1, 150, 1), "regular": (1, 20, 1), None: (1, 20, 1)},
    "product": {"floor": (2, 130, 2), "wall": (1, 50, 1), None: (2, 10, 1)},
    "month": {"2026-01": (1, 150, 1), "2026-02": (0, 0, 0), "2026-03": (2, 40, 2)},
    "class": {"A": (1, 150, 1), "B": (2, 40, 2)},
}


@pytest.mark.parametrize("by", SMALL)
def test_a_small_vault(by: Any, tmp_path: Path) -> None:
    report = vault_of(tmp_path, NOTES, SETTINGS).value_by(by, "2026-Q1", TODAY)
    told = [(group.name, (group.sums.customers, group.sums.revenue, group.sums.purchases)) for group in report.groups]
    assert told == list(SMALL[by].items())  # in this order
    assert report.overlap == (by in ("tag", "segment"))
    assert report.totals.revenue == 190


def test_a_query_and_an_open_period(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, NOTES, SETTINGS)
    assert [group.name for group in vault.value_by("month", "..", TODAY, query="customer:b").groups] == [
        f"2026-{month:02}" for month in range(3, 12)
    ]
    assert [group.name for group in vault.value_by("tier", "2026", TODAY, query="tier:key").groups] == ["key"]


@pytest.mark.parametrize("by", BY)
def test_nothing_was_sold(by: Any, tmp_path: Path) -> None:
    report = vault_of(tmp_path, {"a.md": "---\nname: A\n---\n"}).value_by(by, "..", TODAY)
    assert (report.groups, report.totals.revenue) == ((), 0)


def test_refunds_only_have_no_shares(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"a.md": "---\nname: A\n---\n- 2026-01-01 visit [sale:: -5]\n"})
    (group,) = vault.value_by("class", "2026", TODAY).groups
    assert (group.name, group.share, group.sums.revenue) == (None, None, -5)
