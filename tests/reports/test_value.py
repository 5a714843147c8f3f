"""The value against small vaults reckoned by hand; `tests/reckoning` has every figure once more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plaincrm.dates import Period
from plaincrm.errors import UsageError
from plaincrm.index.index import open_index
from plaincrm.reports.sums import Totals, class_among_all
from plaincrm.reports.value import ValueReport
from plaincrm.vault.vault import load_vault
from tests.keeping import example_vault
from tests.making import vault_of

TODAY = date(2026, 11, 21)


def sales(*lines: str) -> dict[str, str]:
    return {"acme.md": "---\nname: Acme\n---\n## Log\n" + "\n".join(lines) + "\n"}


def amounts(report: ValueReport) -> tuple[str, ...]:
    (row,) = report.customers
    return tuple(str(x) for x in (row.revenue, row.cost, row.margin, row.revenue_with_margin, row.purchases))


def test_currencies_with_a_rate_are_converted_to_the_cent(tmp_path: Path) -> None:
    notes = sales("- 2026-01-01 visit [sale:: 100]", "- 2026-01-02 visit [sale:: 33,33 SEK] [cost:: 11,11 SEK]")
    report = vault_of(tmp_path, notes, "[rates]\nSEK = 0.088\n").value("2026")
    assert [Decimal(text) for text in amounts(report)] == [Decimal(x) for x in ("102.93", "0.98", "1.95", "2.93", "2")]
    assert (report.converted, report.apart) == (("SEK",), ())


def test_a_rate_for_the_vaults_own_currency_changes_nothing(tmp_path: Path) -> None:
    report = vault_of(tmp_path, sales("- 2026-01-01 visit [sale:: 100]"), "[rates]\nEUR = 2\n").value("2026")
    assert report.totals.revenue == 100


MARGINS = {
    "the cost is known": ("[sale:: 100] [cost:: 60]", (100, 60, 40, 100)),
    "the margin is known": ("[sale:: 100] [margin:: 30]", (100, 0, 30, 100)),
    "neither is known": ("[sale:: 100]", (100, 0, 0, 0)),
    "a refund takes its whole amount off": ("[sale:: -100]", (-100, 0, -100, -100)),
    "a refund with a cost": ("[sale:: -100] [cost:: -60]", (-100, -60, -40, -100)),
    "a cost alone": ("[cost:: 60]", (0, 60, -60, 0)),
    "two sales of one day's work": ("[sale:: 100] [cost:: 60] [sale:: 50]", (150, 60, 40, 100)),
}


@pytest.mark.parametrize(("fields", "expected"), MARGINS.values(), ids=MARGINS)
def test_margins(tmp_path: Path, fields: str, expected: tuple[int, ...]) -> None:
    (row,) = vault_of(tmp_path, sales(f"- 2026-01-01 visit {fields}")).value("2026").customers
    assert (row.revenue, row.cost, row.margin, row.revenue_with_margin) == expected


def test_equal_revenues_stand_in_the_order_of_ids(tmp_path: Path) -> None:
    note = "---\nname: X\n---\n- 2026-01-01 visit [sale:: 10]\n"
    vault = vault_of(tmp_path, {"b.md": note, "a.md": note, "z/c.md": note, "customers/a/d.md": note})
    assert [row.customer for row in vault.value("2026").customers] == ["a", "b", "d"]


def test_a_loss_ends_the_relation(tmp_path: Path) -> None:
    note = "---\nname: X\nsince: 2026-01-01\nlost_on: 2026-01-31\n---\n- 2026-01-10 visit [sale:: 10]\n"
    vault = vault_of(tmp_path, {"a.md": note})
    assert vault.value("2026", today=TODAY).customers[0].length_days == 30
    assert vault.value("2026", today=date(2026, 1, 11)).customers[0].length_days == 10


def test_without_today_there_is_no_length_to_guess(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, sales("- 2026-01-10 visit [sale:: 10]"))
    assert vault.value().customers[0].length_days is None
    assert vault.value("2026").customers[0].length_days == 355


@pytest.mark.parametrize("text", ["12m", "this-year", "last-month", "2w"])
def test_a_period_that_counts_from_today_needs_one(tmp_path: Path, text: str) -> None:
    vault = vault_of(tmp_path, sales("- 2026-01-10 visit [sale:: 10]"))
    with pytest.raises(UsageError, match="counts from today"):
        vault.value(text)
    assert vault.value(text, today=TODAY)


@pytest.mark.parametrize("text", ["", "2026-13", "next-year", "2026-02..2026-01", "soon"])
def test_what_is_no_period_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="is no period"):
        vault_of(tmp_path, sales()).value(text, today=TODAY)


def test_classes_of_all_at_once(tmp_path: Path) -> None:
    amounts = {"a": 70, "b": 12, "c": 12, "d": 5, "e": 1, "f": -3, "g": 3}
    notes = {f"{name}.md": sales(f"- 2026-01-01 visit [sale:: {n}]")["acme.md"] for name, n in amounts.items()}
    vault = vault_of(tmp_path, notes)
    told = {row.customer: row.abc for row in vault.value("2026").customers}
    # a brings 70 of 100; b and c are alike, and before them are 70; before d are 94; before g and e 99 and more
    assert told == {"a": "A", "b": "A", "c": "A", "d": "B", "g": "C", "e": "C", "f": "C"}
    with open_index(load_vault(tmp_path), cache=False) as index:
        rows = index.rows("select file, customer from customers")
        found = {name: class_among_all(index, Period(date(2026, 1, 1), TODAY), file) for file, name in rows}
    assert found == told


def test_a_limit_tells_the_largest_and_sums_all() -> None:
    every = example_vault().value("12m", today=TODAY)
    few = example_vault().value("12m", today=TODAY, limit=3, full=False)
    kept = ("customer", "revenue", "margin", "share", "cumulative_share", "abc", "purchases", "sources")
    assert [[getattr(row, name) for name in kept] for row in few.customers] == [
        [getattr(row, name) for name in kept] for row in every.customers[:3]
    ]
    assert (few.totals, few.serving) == (every.totals, None)
    for name in Totals._fields[1:]:
        assert getattr(few.rest, name) == sum(getattr(row, name) for row in every.customers[3:])
    assert few.rest.customers == len(every.customers) - 3


def test_limits_of_classes_are_the_vaults_own(tmp_path: Path) -> None:
    notes = {
        f"{name}.md": sales(f"- 2026-01-01 visit [sale:: {n}]")["acme.md"]
        for name, n in zip("abcd", (4, 3, 2, 1), strict=True)
    }
    vault = vault_of(tmp_path, notes, "[value]\nclasses = [40, 70, 89.5, 99]\n")
    assert [row.abc for row in vault.value("2026").customers] == ["A", "B", "C", "D"]


def test_a_note_that_could_not_be_read_is_named(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {**sales("- 2026-01-01 visit [sale:: 10]"), "bad.md": "---\nname: [\n---\n"})
    assert vault.value("2026").unread == {"customers/bad.md": "bad-yaml"}
    assert vault.tiers("2026", TODAY).unread == vault.value_by("tier", "2026", TODAY).unread != {}


def test_29_february(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, sales("- 2024-02-29 visit [sale:: 10]", "- 2025-02-28 visit [sale:: 5]"))
    assert vault.value("12m", today=date(2025, 2, 28)).totals.revenue == 5
    assert vault.value("2024-02").totals.revenue == 10
