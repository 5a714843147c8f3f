"""The season shown: what stands in the table, and what is said of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plaincrm.render.lines import plain
from plaincrm.render.season import data, rows, sheet
from plaincrm.render.sheet_text import lines
from plaincrm.reports.season import Of
from tests.making import vault_of

TODAY = date(2026, 11, 21)

# entries -> what is said below the table
SAID = {
    "- 2026-02-01: x [sale:: 5]\n": "No index: it needs 24 whole months from the first sale on, and there are 9",
    "- 2026-11-01: x [sale:: 5]\n": "there are 0.",
    "- 2022-02-01: x [sale:: 5]\n- 2026-02-01: x [sale:: 5]\n": "around some month there was nothing to compare",
    "- 2026: x [sale:: 5]\n": "No month: sales dated by the year alone.",
    "- 2026-02-01: x [sale:: 5 USD]\n- 2026-02-02: x [sale:: 5]\n": "Not counted: 5.00 USD (1 sale)",
    "- 2026-12-01: x [sale:: 5]\n": "No sales in this time.",
    "- 2023-11-21: x [sale:: 5]\n- 2025-02-01: y [sale:: 9]\n- 2026-02-01: z [sale:: 2]\n": "few, so take it for",
}


@pytest.mark.parametrize("entries", SAID)
def test_what_is_said_of_it(entries: str, tmp_path: Path) -> None:
    report = vault_of(tmp_path, {"a.md": f"---\nname: A\n---\n{entries}"}).season("..", TODAY)
    assert SAID[entries] in plain(list(lines(sheet(report), 1000)))


def test_the_latest_year_stays_on_a_narrow_page(tmp_path: Path) -> None:
    note = "---\nname: A\n---\n" + "".join(f"- {year}-05-01: x [sale:: 1234567]\n" for year in range(2015, 2027))
    report = vault_of(tmp_path, {"a.md": note}).season("..", TODAY)
    shown = plain(list(lines(sheet(report), 40)))
    assert "2026 to date" in shown
    assert "2015" not in shown.partition("\n")[2].partition("Index")[0]


@pytest.mark.parametrize(("of", "value"), [("revenue", Decimal(5)), ("purchases", 1)])
def test_for_programs(of: Of, value: Decimal | int, tmp_path: Path) -> None:
    note = "---\nname: A\n---\n- 2026-02-01: x [sale:: 5] [cost:: 2]\n- 2026: y [sale:: 5] [cost:: 2]\n"
    report = vault_of(tmp_path, {"a.md": note}).season("..", TODAY, of=of)
    assert [row[:2] for row in rows(report) if row[2]] == [(2026, 2), (2026, None)]
    [year] = data(report)["years"]
    told = (year["months"][1], year["no_month"])
    assert told == (value, value)
    assert {type(figure) for figure in told} == {type(value)}
