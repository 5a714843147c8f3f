"""The targets: what was aimed at, what is there, the gap, and who can close it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plaincrm.errors import NoMatch, UsageError
from plaincrm.render.targets import data
from plaincrm.reports.targets import Target
from plaincrm.vault.targets import MEASURES
from tests.keeping import KeptVault, example_vault, vault_in_memory
from tests.making import vault_of
from tests.reckoning.targets import targets as reckoned
from tests.reckoning.walk import agree, answer_of

TODAY = date(2026, 11, 21)
NOTES = {
    "acme.md": "---\nname: Acme\nstage: customer\ntype: company\nbusiness_id: 2077474-0\nsince: 2026-10-02\n"
    "contacts:\n  - Al <al@acme.example>\n---\n"
    "- 2026-10-05 visit: a [sale:: 100 EUR] [cost:: 60 EUR]\n- 2026-11-21 visit: b [sale:: 50 EUR]\n"
    "- 2026-12-01 visit: planned [sale:: 1000 EUR]\n",
    "berg.md": "---\nname: Berg\nstage: customer\nemail: b@berg.example\n---\n- 2025-06-01 visit: a [sale:: 70 EUR]\n",
    "cafe.md": "---\nname: Café\nstage: prospect\ntype: company\nowner: liisa\n---\n- 2026-11-02 call: hello\n",
    "dahl.md": "---\nname: Dahl\nstage: former\n---\n- 2024-06-01 visit: a [sale:: 900 EUR]\n",
    "eden.md": "---\nname: Eden\nstage: lead\n---\n- 2026-12-05 visit: planned\n",
}


def ask(folder: Path, settings: str, today: date = TODAY) -> dict[str, Target]:
    report = vault_of(folder, NOTES, f"[targets]\n{settings}").targets(today)
    return {target.target: target for target in report.targets}


# A target -> what is there on 21 November 2026
ACTUAL = {
    "customers": 1,  # Acme; Berg's last purchase is longer ago
    "stage.prospect": 1,
    "stage.customer": 2,
    "year.revenue": 150,
    "year.margin": 40,
    "year.purchases": 2,
    "year.new": 1,
    "quarter.new": 1,
    "month.new": 0,
    "quarter.revenue": 150,
    "month.revenue": 50,
    "year.leads": 2,  # Acme since October, Café by its first entry; Eden's is planned
    "month.leads": 1,
}


@pytest.mark.parametrize("target", ACTUAL)
def test_what_is_there(target: str, tmp_path: Path) -> None:
    found = ask(tmp_path, f"{target} = 4\n")[target]
    assert (found.actual, found.wanted, found.gap) == (ACTUAL[target], 4, max(0, 4 - ACTUAL[target]))
    assert found.reached == round(Decimal(ACTUAL[target]) / 4, 6)


def test_what_is_due_by_now(tmp_path: Path) -> None:
    found = ask(tmp_path, "year.revenue = 365\nquarter.new = 9.2\nmonth.leads = 6\ncustomers = 5\nyear.new = 0\n")
    assert (found["year.revenue"].by_now, found["year.revenue"].end) == (325, date(2026, 12, 31))  # day 325 of 365
    assert (found["quarter.new"].by_now, found["quarter.new"].start) == (Decimal("5.2"), date(2026, 10, 1))  # 52 of 92
    assert (found["month.leads"].by_now, found["month.leads"].end) == (Decimal("4.2"), date(2026, 11, 30))
    assert (found["customers"].by_now, found["customers"].start) == (None, None)
    assert (found["year.new"].reached, found["year.new"].gap) == (None, 0)


def test_the_periods_are_those_of_today(tmp_path: Path) -> None:
    found = ask(tmp_path, "year.revenue = 1\nmonth.leads = 1\n", date(2025, 6, 30))
    assert (found["year.revenue"].actual, found["year.revenue"].start) == (70, date(2025, 1, 1))
    assert (found["month.leads"].actual, found["month.leads"].by_now) == (1, 1)
    leap = ask(tmp_path / "leap", "month.leads = 29\n", date(2024, 2, 29))["month.leads"]
    assert (leap.end, leap.by_now) == (date(2024, 2, 29), 29)


def test_fields(tmp_path: Path) -> None:
    found = ask(
        tmp_path,
        'field.email = 90\nfield.phone = 50\nfield.business_id = { share = 60, of = "type:company" }\n'
        'field.needs = { share = 100, of = "city:Nowhere" }\n',
    )
    email = found["field.email"]  # of Acme (by its contact), Berg and Café; Dahl and Eden are not active
    assert (email.base, email.share, email.wanted, email.actual, email.gap) == (3, 90, 3, 2, 1)
    assert found["field.phone"][7:11] == (3, 2, None, 0)
    business_id = found["field.business_id"]
    assert (business_id.base, business_id.wanted, business_id.actual) == (2, 2, 1)
    assert (found["field.needs"].base, found["field.needs"].wanted, found["field.needs"].reached) == (0, 0, None)


def test_the_worklist(tmp_path: Path) -> None:
    settings = (
        '[targets]\nfield.phone = 100\nfield.business_id = { share = 100, of = "type:company" }\n'
        "customers = 3\nyear.new = 2\nfield.email = 1\nyear.revenue = 1000\n"
    )
    vault = vault_of(tmp_path, NOTES, settings)
    report = vault.targets(TODAY)
    assert [(one.customer, one.revenue, one.fields, one.why) for one in report.worklist] == [
        ("acme", 150, ("phone",), ()),
        ("berg", 0, ("phone",), ("bought last on 2025-06-01",)),
        ("cafe", 0, ("phone", "business_id"), ("has not bought yet",)),
    ]
    assert (report.worklist[2].owner, report.worklist[2].file) == ("liisa", "customers/cafe.md")
    limited = vault.targets(TODAY, limit=1)
    assert (limited.closing, limited.worklist) == (3, report.worklist[:1])
    assert ask(tmp_path / "other", "field.email = 60\n")["field.email"].gap == 0
    assert vault_of(tmp_path / "reached", NOTES, "[targets]\nfield.email = 60\n").targets(TODAY).worklist == ()


def test_what_a_customer_adds(tmp_path: Path) -> None:
    settings = (
        "[targets]\ncustomers = 3\nstage.customer = 1\nyear.margin = 9\nyear.new = 1\nmonth.leads = 1\n"
        'field.phone = 100\nfield.email = 100\nfield.city = { share = 1, of = "type:person" }\n'
    )
    vault = vault_of(tmp_path, NOTES, settings)
    told = vault.explain_targets("acme", TODAY)
    assert [figure[:2] for figure in told.figures] == [
        ("customers", "1"),
        ("stage.customer", "1"),
        ("year.margin", "40.00"),
        ("year.new", "1"),
        ("month.leads", "0"),
        ("field.phone", "0"),
        ("field.email", "1"),
        ("field.city", "0"),
    ]
    assert [(line.line, line.counts) for line in told.lines] == [
        (3, "stage"),
        (6, "since"),
        (8, "email"),
        (10, "revenue 100.00"),
        (11, "revenue 50.00"),
    ]
    eden = {figure.name: figure.value for figure in vault.explain_targets("eden", TODAY).figures}
    assert set(eden.values()) == {"0", "0.00"}
    with pytest.raises(NoMatch):
        vault.explain_targets("nobody", TODAY)


def test_no_targets_and_wrong_ones(tmp_path: Path) -> None:
    assert vault_of(tmp_path, NOTES).targets(TODAY)[2:5] == ((), 0, ())
    with pytest.raises(UsageError, match="There is no field cty"):
        vault_of(tmp_path / "wrong", NOTES, '[targets]\nfield.email = { share = 1, of = "cty:x" }\n').targets(TODAY)
    empty = vault_of(tmp_path / "empty", {}, "[targets]\nfield.email = 90\nyear.revenue = 5\n").targets(TODAY)
    assert [(target.wanted, target.actual, target.gap) for target in empty.targets] == [(0, 0, 0), (5, 0, 5)]


def test_money_in_other_currencies(tmp_path: Path) -> None:
    note = "---\nname: A\n---\n- 2026-02-01: x [sale:: 10 SEK]\n- 2026-02-02: y [sale:: 5 USD]\n"
    vault = vault_of(tmp_path, {"a.md": note}, "[targets]\nyear.revenue = 5\nyear.new = 5\n[rates]\nSEK = 0.1\n")
    report = vault.targets(TODAY)
    assert [target.actual for target in report.targets] == [1, 1]
    assert (report.converted, report.apart) == (("SEK",), (("USD", Decimal(5), 1),))


# A second reckoning, in plain Python over the records.


def agrees(vault: KeptVault, today: date = TODAY) -> int:
    """Hold the whole answer against the second reckoning."""
    among = {one.query: {c.id for c in vault.query(one.query, today=today)} for one in vault.config.targets}
    own = reckoned(vault.query(""), vault.config, today, among)
    return agree(answer_of(data(vault.targets(today))), own, {"worklist[].why[]"})


@pytest.mark.parametrize("today", [TODAY, date(2025, 12, 31), date(2024, 2, 29)])
def test_every_figure_of_the_example_vault(today: date) -> None:
    assert agrees(example_vault(), today) > 100


def test_every_figure_of_all_kinds_of_targets() -> None:
    """In three currencies, one without a rate; amounts that are not whole; a refund; nobody who is meant."""
    told = {
        **NOTES,
        "far.md": "---\nname: Far\nstage: regular\nphone: '+358405550101'\n---\n- 2026-03-01 visit [sale:: 99.99 SEK]\n"
        "- 2026-11-20 visit [sale:: 5 USD] [margin:: 2 USD]\n- 2026-12-01 visit [sale:: 7 NOK]\n"
        "- 2026-11-21 credit [sale:: -0.55]\n",
    }
    asked = [f"{per}.{of} = 7.5" for per in ("year", "quarter", "month") for of in MEASURES]
    asked += ["customers = 3", "stage.customer = 1", "stage.lead = 2", "field.phone = 100", "field.email = 33.3"]
    asked += [
        'field.business_id = { share = 95, of = "type:company" }',
        'field.city = { share = 1, of = "city:Nowhere" }',
    ]
    for rows in (asked, ["stage.lead = 1"], []):
        vault = vault_in_memory("\n".join(["[targets]", *rows, "[rates]", "SEK = 0.0905", ""])).put(told)
        for today in (TODAY, date(2026, 6, 1), date(2024, 2, 29), date(2026, 12, 31)):
            agrees(vault, today)
    agrees(vault_in_memory("[targets]\nyear.revenue = 1\nfield.email = 50\n").put({}))
