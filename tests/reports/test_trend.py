"""The trend of a report: each point is what the report itself says of the vault as it was."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import plaincrm
from plaincrm.cli.trend import REPORTS as NAMED
from plaincrm.errors import UsageError
from plaincrm.index import reading
from plaincrm.render.lines import plain
from plaincrm.render.sheet_text import lines
from plaincrm.render.trend import fields, rows, sheet
from plaincrm.reports.trend import REPORTS, ends
from tests.history.test_repository import git, saved
from tests.making import EXAMPLE

TODAY = date(2026, 11, 21)
KNOWN = date(2027, 5, 31)
HEAD = "---\nname: Acme Oy\nstage: customer\n---\n## Log\n"
SALES = ("- 2026-01-10 call in: x [sale:: 100]\n", "- 2026-02-10 call in: y [sale:: 300]\n")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def vault(tmp_path: Path) -> plaincrm.Vault:
    """Acme bought on 10 January, and on 10 February, which was written down in March; B Oy came in February."""
    folder = tmp_path / "vault"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    saved(folder, "2026-01-20", "customers/acme.md", HEAD + SALES[0])
    saved(folder, "2026-02-20", "customers/b.md", "---\nname: B Oy\nstage: lead\n---\n")
    saved(folder, "2026-03-05", "customers/acme.md", HEAD + SALES[0] + SALES[1])
    return plaincrm.open_vault(folder)


def test_weeks_months_quarters_and_years_end_on_their_last_day() -> None:
    def days(every, start: str, until: str) -> list[str]:
        return [str(day) for day in ends(every, date.fromisoformat(start), date.fromisoformat(until))]

    assert days("month", "2026-01-31", "2026-03-15") == ["2026-01-31", "2026-02-28", "2026-03-15"]
    assert days("quarter", "2025-12-01", "2026-06-30") == ["2025-12-31", "2026-03-31", "2026-06-30"]
    assert days("week", "2026-11-16", "2026-11-24") == ["2026-11-22", "2026-11-24"]  # Monday to Sunday
    assert days("year", "2024-02-29", "2026-01-01") == ["2024-12-31", "2025-12-31", "2026-01-01"]
    assert days("year", "9999-01-01", "9999-12-31") == ["9999-12-31"]


def test_each_point_is_of_what_was_committed_by_then(vault: plaincrm.Vault) -> None:
    found = vault.trend("value", "month", date(2026, 3, 31), since=date(2025, 12, 1))
    figures = [(str(point.day), *(figure.value for figure in point.figures)) for point in found.points]
    assert figures == [
        ("2026-01-31", Decimal(100), None, 1, 1),
        ("2026-02-28", Decimal(100), None, 1, 1),
        ("2026-03-31", Decimal(400), None, 1, 2),
    ]
    assert found.skipped == (date(2025, 12, 31),)
    assert [point.commit for point in found.points] == [git(vault.root, "rev-parse", f"HEAD~{n}") for n in (2, 1, 0)]


def test_with_hindsight_what_was_written_late_counts_on_its_day(vault: plaincrm.Vault) -> None:
    found = vault.trend("value", "month", date(2026, 3, 31), since=date(2026, 1, 1), hindsight=True)
    assert [point.figures[0].value for point in found.points] == [100, 400, 400]
    assert {point.commit for point in found.points} == {""}
    assert (
        vault.trend("list", "month", date(2026, 1, 31), since=date(2026, 1, 1), hindsight=True)
        .points[0]
        .figures[0]
        .value
        == 2
    )


def test_the_period_counts_from_each_point(vault: plaincrm.Vault) -> None:
    found = vault.trend(
        "value", "month", date(2026, 3, 31), since=date(2026, 1, 1), period="this-month", hindsight=True
    )
    assert [point.figures[0].value for point in found.points] == [100, 300, 0]


def test_points_cost_what_changed_between_them(vault: plaincrm.Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    really = reading.read_file

    def counted(file: int, disk_path: str, *rest: object) -> object:
        read.append(disk_path)
        return really(file, disk_path, *rest)

    monkeypatch.setattr(reading, "read_file", counted)
    vault.trend("list", "week", date(2026, 3, 31), since=date(2026, 1, 26))
    assert sorted(read) == ["customers/acme.md", "customers/acme.md", "customers/b.md"]  # of nine weeks


@pytest.mark.parametrize("report", REPORTS)
def test_the_last_point_is_what_the_report_says(report: str) -> None:
    """On a day after all that is written, hindsight is the present."""
    vault = plaincrm.open_vault(EXAMPLE)
    found = vault.trend(report, "month", KNOWN, since=KNOWN, hindsight=True)
    (point,) = found.points
    told = {figure.name: figure.value for figure in point.figures}
    counts = {figure.name: figure.n for figure in point.figures}
    if report == "agenda":
        items = vault.agenda(KNOWN).items
        assert (told["lines"], told["promise"]) == (len(items), sum(item.kind == "promise" for item in items))
        assert told["overdue"] == sum(item.overdue_days > 0 for item in items)
    elif report == "list":
        assert told["customers"] == len(vault.list().customers)
    elif report == "value":
        totals = vault.value("12m", today=KNOWN).totals
        assert told == {name: getattr(totals, name) for name in ("revenue", "margin", "customers", "purchases")}
    elif report == "retention":
        kept = vault.retention("12m", KNOWN)
        assert (told["retention"], counts["retention"]) == (kept.rates.retention, kept.opening.customers)
    elif report == "tiers":
        assert [*told.values()] == [row.customers for row in vault.tiers("12m", KNOWN).tiers]
    elif report == "deals":
        total = vault.deals("12m", KNOWN).total
        assert (told["open"], told["forecast"]) == (total.deals, total.forecast)
    elif report == "growth":
        assert told["base"] == vault.growth("12m", KNOWN).months[-1].base
    elif report == "response":
        totals = vault.response("12m", KNOWN).totals
        assert (told["answered_in_time"], counts["answered_in_time"]) == (totals.share_met, totals.n)
    elif report == "promises":
        ours = vault.promises("12m", KNOWN).totals[0]
        assert (told["kept_in_time"], counts["kept_in_time"], told["broken"]) == (ours.share_kept, ours.n, ours.broken)
    elif report == "experience":
        score = vault.experience("12m", KNOWN).totals.scores[0]
        assert (told["nps"], counts["nps"]) == (score.score and score.score.value, score.n)
    elif report == "quality":
        assert told["score"] == vault.quality(KNOWN).totals.score
    else:
        assert [*told.values()] == [target.actual for target in vault.targets(KNOWN).targets]
    assert report in NAMED


def test_what_is_shown(vault: plaincrm.Vault) -> None:
    found = vault.trend("value", "month", date(2026, 3, 31), since=date(2025, 11, 1))
    names = [point.commit[:7] for point in found.points]
    assert plain(lines(sheet(found), 80)) == (
        "Trend of value at the end of months · 3 points, 2026-01-31 to 2026-03-31\n"
        "\n"
        "Figure     Course   First    Last\n"
        "Revenue    ▃▃█     100.00  400.00\n"
        "Margin                  –       –\n"
        "Customers  ███          1       1\n"
        "Purchases  ▅▅█          1       2\n"
        "\n"
        "Point by point\n"
        "Up to       Revenue  Margin  Customers  Purchases  Commit\n"
        f"2026-01-31   100.00       –          1          1  {names[0]}\n"
        f"2026-02-28   100.00       –          1          1  {names[1]}\n"
        f"2026-03-31   400.00       –          1          2  {names[2]}\n"
        "\n"
        "Each point is of the vault as it was committed by the end of its day. Its\n"
        "  figures are of --period 12m.\n"
        "The margin is of the sales whose margin is known.\n"
        "Nothing was committed up to 2025-12-31: 2 earlier points are left out.\n"
    )
    assert fields(found) == ("date", "commit", "revenue", "margin", "customers", "purchases")
    assert [row[2] for row in rows(found)] == [100, 100, 400]


def test_figures_of_few_say_so() -> None:
    found = plaincrm.open_vault(EXAMPLE).trend("deals", "year", TODAY, since=TODAY, period="4m", hindsight=True)
    assert found.points[0].figures[-1].n == 2
    shown = plain(lines(sheet(found), 80))
    assert "%*" in shown
    assert "* Of fewer than 5: chance may have made it." in shown
    assert fields(found)[-2:] == ("share_won", "share_won_n")


def test_what_is_no_trend_is_said(vault: plaincrm.Vault) -> None:
    with pytest.raises(UsageError, match="There is no trend of search"):
        vault.trend("search", "month", TODAY)
    with pytest.raises(UsageError, match="begin on 2027-01-01, after its end on 2026-11-21"):
        vault.trend("value", "month", TODAY, since=date(2027, 1, 1))
    with pytest.raises(UsageError, match="x is no period"):
        vault.trend("value", "month", TODAY, period="x")
    assert vault.trend("value", "month", date(2025, 1, 1)).points == ()


def test_from_a_revision_back(vault: plaincrm.Vault) -> None:
    found = vault.as_of("HEAD~1").trend("value", "month", date(2026, 3, 31), since=date(2026, 1, 1))
    assert [point.figures[0].value for point in found.points] == [100, 100, 100]
