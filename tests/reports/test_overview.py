"""All reports together: each is what its own question answers, and the coming weeks are those of the agenda."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import plaincrm
from plaincrm.dates import Period, preceding
from plaincrm.render import overview as shown
from plaincrm.render.data import as_json
from plaincrm.render.lines import plain
from plaincrm.reports.overview import Overview
from tests.keeping import example_vault
from tests.making import vault_of
from tests.reckoning.report import key_figures, load
from tests.reckoning.walk import agree, answer_of

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def vault() -> plaincrm.Vault:
    return example_vault()


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
    assert agree(answer_of(report.load), load(vault.agenda(TODAY, days=60).items, TODAY)) == 18
    # Aurinko's next contact of 1 December stands in its own week, whatever else is pressing there
    assert report.load[3].monday == date(2026, 11, 30)
    assert report.load[3].things >= 1


def test_what_is_not_over_says_so(vault: plaincrm.Vault) -> None:
    assert "The period is not over: 40 days to come" in text_of(vault.overview("2026", TODAY))
    assert "not over" not in text_of(vault.overview("2025", TODAY)).partition("\n\n\n")[0]


def test_parts_can_be_chosen(vault: plaincrm.Vault) -> None:
    told = text_of(vault.overview("2026", TODAY), "season", "months")
    assert "Season 2022" in told
    assert "Months 2026" in told
    assert "Retention" not in told
    assert "Johan Berg" not in told


def text_of(report: Overview, *parts: str) -> str:
    return plain(list(shown.text(report, shown.Shown(20, parts), 80)))


@pytest.mark.parametrize(("text", "query"), [("2026", ""), ("2025-Q2", ""), ("12m", "tier:key,regular")])
def test_every_key_figure_is_reckoned_again(vault: plaincrm.Vault, text: str, query: str) -> None:
    report = vault.overview(text, TODAY, query=query)
    period = Period(report.start, report.end)
    before = preceding(period)
    assert before
    found = {name: (figure, n) for name, figure, n in shown.rows(report)}
    (ours,) = [of for of in report.promises.totals if of.owes == "us"]  # which has a second reckoning of its own
    assert found.pop("promises_kept_in_time") == (ours.share_kept, ours.n)
    assert found.pop("answered_in_time") == (report.response.totals.share_met, report.response.totals.n)
    assert found == key_figures(vault.query(query, today=TODAY), vault.config, TODAY, period, before)


def test_an_empty_vault_has_a_report_too(tmp_path: Path) -> None:
    report = vault_of(tmp_path, {}).overview("2026", TODAY)
    assert text_of(report).startswith(f"{tmp_path.name}, 2026-01-01 to 2026-12-31")
    assert shown.markdown(report, shown.Shown())
    assert "<h1>" in shown.as_page(report, shown.Shown(), lambda _cell: "")
    assert as_json(shown.data(report))


def test_of_all_time_there_is_nothing_before(tmp_path: Path) -> None:
    note = "---\nname: Acme\n---\n- 2026-01-01 visit [sale:: 5 EUR]\n"
    report = vault_of(tmp_path, {"acme.md": note}).overview("..", TODAY)
    assert report.retention is None
    assert [figure.name for figure in shown.figures(report)] == ["Revenue", "Margin", "Customers who bought"]


def test_parts_are_linked_from_the_top(vault: plaincrm.Vault) -> None:
    page = shown.as_page(vault.overview("2026", TODAY, limit=5), shown.Shown(5), lambda _cell: "")
    for at, name in enumerate(("Months", "Customers", "Season", "Retention", "Tiers"), 1):
        assert f'<a href="#part-{at}">{name}</a>' in page
        assert f'<article id="part-{at}">\n<h2>{name} ' in page
