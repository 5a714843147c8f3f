"""What reports of a period say of themselves: that it is not over, that few are few, that nothing was sold."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import plaincrm
from plaincrm.dates import Period
from plaincrm.render import retention, season, value, value_change, value_groups
from plaincrm.render.lines import plain
from plaincrm.render.sheet import Sheet
from plaincrm.render.sheet_text import lines
from tests.making import vault_of

TODAY = date(2026, 11, 21)
ANNA = "---\nname: Anna\n---\n- 2025-03-01 visit [sale:: 100]\n- 2026-03-01 visit [sale:: 80]\n"


def shown(sheet: Sheet) -> str:
    return plain(list(lines(sheet, 80)))


def of_anna(tmp_path: Path) -> plaincrm.Vault:
    return vault_of(tmp_path, {"anna.md": ANNA})


def test_a_period_that_is_not_over_says_so(tmp_path: Path) -> None:
    vault, told = of_anna(tmp_path), "The period is not over: 40 days to come can still change it."
    assert told in shown(value_groups.sheet(vault.value_by("month", "2026", TODAY)))
    assert told in shown(value_change.sheet(vault.value_change("2026", "2025", TODAY)))
    assert told in shown(retention.sheet(vault.retention("2026", TODAY), 0))
    assert "what comes can still change it" in shown(
        value_groups.sheet(vault.value_by("month", Period(date(2026, 1, 1), date.max), TODAY))
    )


def test_one_that_is_over_does_not(tmp_path: Path) -> None:
    vault = of_anna(tmp_path)
    assert "not over" not in shown(value_groups.sheet(vault.value_by("month", "2025", TODAY)))
    assert "not over" not in shown(value_change.sheet(vault.value_change("2025", "2024", TODAY)))


def test_a_time_without_sales_says_so(tmp_path: Path) -> None:
    vault, told = of_anna(tmp_path), "No sales in this time."
    assert told in shown(value.sheet(vault.value("2030", today=TODAY), full=True))
    assert told in shown(value_groups.sheet(vault.value_by("city", "2030", TODAY)))
    assert "No sales in either period." in shown(value_change.sheet(vault.value_change("2031", "2030", TODAY)))
    assert "still to come" in shown(season.sheet(vault.season("2030", TODAY)))
    abroad = vault_of(tmp_path / "usd", {"anna.md": "---\nname: Anna\n---\n- 2026-03-01 visit [sale:: 80 USD]\n"})
    assert told not in shown(value.sheet(abroad.value("2026", today=TODAY), full=True))


def test_rates_of_few_have_a_star(tmp_path: Path) -> None:
    told = shown(retention.sheet(of_anna(tmp_path).retention("2026", TODAY), 0))
    for row in (
        "Customer retention        100.0%*",
        "Revenue retention, gross   80.0%*",
        "Revenue retention, net     80.0%*",
        "Repeat purchase             0.0%*",
        "2025              1*  100%+*",
    ):
        assert row in told
    assert "* Of fewer than 5: chance may have made it." in told


def test_nobody_bought(tmp_path: Path) -> None:
    assert (
        shown(retention.sheet(vault_of(tmp_path, {}).retention("2026", TODAY), 0))
        == """\
Retention 2026-01-01 to 2026-12-31 · compared with 2025-01-01 to 2025-12-31 ·
  EUR, excluding VAT

Nobody bought in either period.
The period is not over: 40 days to come can still change it.
"""
    )
