"""The season against small vaults reckoned by hand; `tests/reckoning` has every figure once more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from plaincrm.errors import NoMatch, UsageError
from plaincrm.reports.season import MONTHS, Of, SeasonReport
from tests.keeping import example_vault
from tests.making import vault_of

TODAY = date(2026, 11, 21)


def ask(folder: Path, *entries: str, period: str = "..", of: Of = "revenue", config: str = "") -> SeasonReport:
    note = "---\nname: Acme\n---\n" + "".join(f"- {entry}\n" for entry in entries)
    return vault_of(folder, {"acme.md": note}, config).season(period, TODAY, of=of)


def months(report: SeasonReport, year: int) -> dict[int, Decimal]:
    """The months of a year that are not nothing."""
    [found] = [one for one in report.years if one.year == year]
    return {month: value for month, value in enumerate(found.months, 1) if value}


def test_months_and_years(tmp_path: Path) -> None:
    report = ask(
        tmp_path,
        "2025-11-30 visit: a [sale:: 100 EUR]",
        "2025-12-01 visit: b [sale:: 40.50 EUR] [cost:: 30 EUR]",
        "2026-02-28 visit: c [sale:: 10 EUR] [cost:: 4 EUR]",
        "2026-02-28 visit: back [sale:: -3 EUR]",
        "2026-11-21 visit: today [sale:: 7 EUR]",
        "2026-11-22 visit: planned [sale:: 1000 EUR]",
    )
    assert months(report, 2025) == {11: Decimal(100), 12: Decimal("40.50")}
    assert months(report, 2026) == {2: Decimal(7), 11: Decimal(7)}
    last, this = report.years
    assert (last.months[:10], last.total, last.over) == ((None,) * 10, Decimal("140.50"), True)
    assert (this.months[11], this.months[0], this.total, this.over) == (None, 0, Decimal(14), False)
    assert (report.total, report.end) == (Decimal("154.50"), TODAY)


def test_margin_and_purchases(tmp_path: Path) -> None:
    entries = (
        "2026-02-01 visit: two rooms [sale:: 10 EUR] [cost:: 4 EUR] [sale:: 20 EUR]",
        "2026-02-01 visit: the same day [sale:: 5 EUR] [cost:: 5 EUR]",
        "2026-03-01 visit: back [sale:: -3 EUR]",
    )
    margin, bought = (ask(tmp_path / of, *entries, of=of) for of in ("margin", "purchases"))
    assert (months(margin, 2026), margin.known) == ({2: 6, 3: -3}, (Decimal(32), Decimal(12)))
    assert (months(bought, 2026), bought.total) == ({2: 2}, 2)


def test_a_sale_dated_by_its_year_is_in_no_month(tmp_path: Path) -> None:
    report = ask(tmp_path, "2025: some day [sale:: 8 EUR]", "2025-01-01 visit: a [sale:: 1 EUR]")
    assert (months(report, 2025), report.years[0].no_month, report.years[0].total) == ({1: 1}, 8, 9)
    assert months(ask(tmp_path / "month", "2025-05: some day [sale:: 8 EUR]"), 2025) == {5: 8}


def test_other_currencies(tmp_path: Path) -> None:
    entries = ("2026-02-01 visit: a [sale:: 10.55 SEK]", "2026-02-02 visit: b [sale:: 5 USD]", "2026-02-03: [sale:: 1]")
    report = ask(tmp_path, *entries, config="[rates]\nSEK = 0.1\n")
    assert (report.total, report.converted) == (Decimal("2.06"), ("SEK",))  # 1.055 is 1.06, half to even
    assert report.apart == (("USD", Decimal(5), 1),)


@pytest.mark.parametrize("entries", [(), ("2026-12-01 visit: planned [sale:: 5 EUR]",), ("2026-01-01 call: hello",)])
def test_no_sales(entries: tuple[str, ...], tmp_path: Path) -> None:
    report = ask(tmp_path, *entries)
    assert (report.years, report.indexes, report.total, report.whole_months) == ((), (), 0, 0)


@pytest.mark.parametrize("period", ["2026-12-01", "2026-11-25..2027-01-31", "2030"])
def test_a_time_to_come_has_no_sales(period: str, tmp_path: Path) -> None:
    report = ask(tmp_path, "2026-01-05 visit: a [sale:: 5]", "2026-12-01 visit: b [sale:: 7]", period=period)
    assert (report.years, report.total) == ((), 0)
    assert report.start <= report.end


def monthly(values: Iterable[int], first: date = date(2024, 11, 1)) -> list[str]:
    """An entry a month."""
    found, day = [], first
    for value in values:
        found.append(f"{day} visit: x [sale:: {value} EUR]")
        day = (day + timedelta(31)).replace(day=1)
    return found


def test_an_index_reckoned_by_hand(tmp_path: Path) -> None:
    """Twice the usual in May, nothing in June: over 24 months every centred mean is 100, so the index is the ratio."""
    year = [100, 100, 100, 100, 100, 100, 200, 0, 100, 100, 100, 100]  # November first
    report = ask(tmp_path, *monthly(year * 2))
    assert (report.whole_months, report.first_whole, report.last_whole) == (24, "2024-11", "2026-10")
    assert [one.value for one in report.indexes] == [1, 1, 1, 1, 2, 0, 1, 1, 1, 1, 1, 1]
    assert [ratio.month for one in report.indexes for ratio in one.ratios][4:6] == ["2025-05", "2025-06"]
    assert report.indexes[4].ratios == (("2025-05", Decimal(200), Decimal(100), Decimal(2)),)


def test_a_trend_is_no_season(tmp_path: Path) -> None:
    """Revenue that grows by the same each month: centred means take it out, whole and exactly."""
    report = ask(tmp_path, *monthly(range(100, 340, 10)))
    assert {one.value for one in report.indexes} == {Decimal(1)}


def test_two_whole_years_are_needed(tmp_path: Path) -> None:
    short = ask(tmp_path / "short", *monthly([100] * 23, date(2024, 12, 1)), "2026-11-02 visit: y [sale:: 9 EUR]")
    assert (short.whole_months, short.indexes, short.first_whole, short.last_whole) == (23, (), "2024-12", "2026-10")
    cut = ask(tmp_path / "cut", *monthly([100] * 25, date(2024, 10, 1)), period="2024-11-02..")
    assert (cut.whole_months, cut.first_whole) == (23, "2024-12")  # of November a day is missing


def test_months_before_the_period_were_lived_through(tmp_path: Path) -> None:
    """Who bought before the period and not in its first months bought nothing in them; others were not there yet."""
    entries = ("2019-03-01 visit: x [sale:: 5 EUR]", "2026-06-01 visit: x [sale:: 7 EUR]")
    assert ask(tmp_path / "old", *entries, period="2024-01-01..").first_whole == "2024-01"
    assert ask(tmp_path / "new", *entries[1:], period="2024-01-01..").first_whole == "2026-06"


def test_nothing_to_compare_a_month_with(tmp_path: Path) -> None:
    report = ask(tmp_path, "2023-01-10 visit: x [sale:: 5 EUR]", "2026-06-01 visit: x [sale:: 7 EUR]")
    assert (report.whole_months, report.indexes) == (46, ())  # in 2024 there was nothing
    refunds = ask(tmp_path / "refunds", *monthly([100] * 12), *monthly([-100] * 12, date(2025, 11, 1)))
    assert (refunds.whole_months, refunds.indexes) == (24, ())


def test_one_customer_and_its_lines(tmp_path: Path) -> None:
    vault = vault_of(
        tmp_path,
        {
            "acme.md": "---\nname: Acme\n---\n- 2025-05-02 visit: a [sale:: 5 EUR]\n"
            "- 2026-05-03 visit: b [sale:: 6 EUR]\n",
            "berg.md": "---\nname: Berg\n---\n- 2026-05-02 visit: c [sale:: 50 EUR]\n",
        },
    )
    assert vault.season("..", TODAY, query="customer:acme").total == 11
    told = vault.explain_season("acme", "..", TODAY)
    assert told.figures == (("May", "11.00", "2025 5.00, 2026 6.00"),)
    assert [(line.line, line.text, line.counts) for line in told.lines] == [
        (4, "- 2025-05-02 visit: a [sale:: 5 EUR]", "2025-05 5.00"),
        (5, "- 2026-05-03 visit: b [sale:: 6 EUR]", "2026-05 6.00"),
    ]
    with pytest.raises(NoMatch):
        vault.explain_season("nobody", "..", TODAY)
    with pytest.raises(UsageError):
        vault.season("some time", TODAY)


def test_the_explanations_of_all_customers_make_the_report() -> None:
    vault = example_vault()
    report, found = vault.season("..", TODAY), Counter[str]()
    for customer in vault.query(""):
        for figure in vault.explain_season(customer.id, "..", TODAY).figures:
            if figure.name in MONTHS:
                found[figure.name] += Decimal(figure.value.replace(",", ""))
    by_month = {name: sum(year.months[at] or 0 for year in report.years) for at, name in enumerate(MONTHS)}
    assert found == by_month
