"""All reports together: each is what its own question answers, and the coming weeks are those of the agenda."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import plaincrm
from plaincrm.render import overview as shown
from plaincrm.render.data import as_json
from plaincrm.render.lines import plain
from tests.making import EXAMPLE, vault_of

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def vault() -> plaincrm.Vault:
    return plaincrm.open_vault(EXAMPLE, cache=False)


def test_each_report_is_that_of_its_own_command(vault: plaincrm.Vault) -> None:
    report = vault.overview("2026", TODAY)
    assert report.value == vault.value("2026", today=TODAY)
    assert report.months == vault.value_by("month", "2026", TODAY)
    assert report.retention == vault.retention("2026", TODAY)
    assert report.tiers == vault.tiers("2026", TODAY)
    assert report.growth == vault.growth("2026", TODAY)
    assert report.deals == vault.deals("2026", TODAY)
    assert report.experience == vault.experience("2026", TODAY)
    assert report.promises == vault.promises("2026", TODAY)
    assert report.response == vault.response("2026", TODAY)
    assert report.targets == vault.targets(TODAY)
    assert report.season == vault.season("2022..2026", TODAY)


def test_a_query_limits_it(vault: plaincrm.Vault) -> None:
    report = vault.overview("2026", TODAY, query="tier:key")
    assert report.value == vault.value("2026", today=TODAY, query="tier:key")
    assert report.deals == vault.deals("2026", TODAY, query="tier:key")


def test_the_weeks_ahead_hold_the_lines_of_the_agenda(vault: plaincrm.Vault) -> None:
    report = vault.overview("2026", TODAY)
    items = [item for item in vault.agenda(TODAY, days=56).items if item.due]
    assert report.load[0] == (None, sum(item.due < TODAY for item in items))
    assert report.load[1] == (date(2026, 11, 16), sum(TODAY <= item.due < date(2026, 11, 23) for item in items))
    assert [week.monday for week in report.load[1:3]] == [date(2026, 11, 16), date(2026, 11, 23)]
    assert sum(week.lines for week in report.load) <= len(items)


def test_the_bridge_and_the_value_say_the_same(vault: plaincrm.Vault) -> None:
    report = vault.overview("2026", TODAY)
    assert report.retention
    assert report.retention.closing.revenue == report.value.totals.revenue
    assert sum(group.sums.revenue for group in report.months.groups) == report.value.totals.revenue


def test_an_empty_vault_has_a_report_too(tmp_path: Path) -> None:
    report = vault_of(tmp_path, {}).overview("2026", TODAY)
    assert plain(list(shown.text(report, 20, 80))).startswith(f"{tmp_path.name}, 2026-01-01 to 2026-12-31")
    assert shown.markdown(report, 20)
    assert "<h1>" in shown.as_page(report, 20, lambda _cell: "")
    assert as_json(shown.data(report))


def test_of_all_time_there_is_nothing_before(tmp_path: Path) -> None:
    note = "---\nname: Acme\n---\n- 2026-01-01 visit [sale:: 5 EUR]\n"
    report = vault_of(tmp_path, {"acme.md": note}).overview("..", TODAY)
    assert report.retention is None
    assert [figure.name for figure in shown.figures(report)] == ["Revenue", "Margin", "Customers who bought"]


def test_parts_are_linked_from_the_top(vault: plaincrm.Vault) -> None:
    page = shown.as_page(vault.overview("2026", TODAY, limit=5), 5, lambda _cell: "")
    for at, name in enumerate(("Months", "Customers", "Season", "Retention", "Tiers"), 1):
        assert f'<a href="#part-{at}">{name}</a>' in page
        assert f'<article id="part-{at}">\n<h2>{name} ' in page
