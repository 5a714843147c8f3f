"""`plaincrm retention` and `plaincrm growth`: every form, what --explain tells, what is refused."""

from __future__ import annotations

import csv
import json

import pytest
from click.testing import CliRunner, Result

from plaincrm.cli.group import cli
from plaincrm.errors import PlaincrmError
from tests.making import EXAMPLE


def run(*arguments: str) -> Result:
    options = ["--vault", str(EXAMPLE), "--today", "2026-11-21"]
    return CliRunner().invoke(cli, [*options, *arguments])


# What stands in each form of each command
FORMS = {
    ("retention", "text"): "Won                +4  +10,430.00   +3,740.00",
    ("retention", "csv"): "lost,7,-7,-19590.00,-5820.00",
    ("retention", "md"): "- [[lindstrom-eva|Eva Lindström]]: fell silent",
    ("retention", "html"): '<td class="right">+10,430.00</td>',
    ("growth", "text"): "2026-05     1         0     1      29        5    34",
    ("growth", "csv"): "2026-05,1,0,1,29,5,34",
    ("growth", "md"): "| 2026-05 | 1 | 0 | 1 | 29 | 5 | 34 |",
    ("growth", "html"): '<th class="right" scope="col">Cooling</th>',
}


@pytest.mark.parametrize(("command", "form"), FORMS)
def test_every_form(command: str, form: str) -> None:
    assert FORMS[command, form] in run(command, "--format", form).stdout


@pytest.mark.parametrize("command", ["retention", "growth"])
def test_json_says_what_csv_says(command: str) -> None:
    told = json.loads(run(command, "--format", "json").stdout)
    rows = list(csv.DictReader(run(command, "--format", "csv").stdout.splitlines()))
    if command == "growth":
        assert [{key: str(value) for key, value in month.items()} for month in told["months"]] == rows
    else:
        opening, *steps, closing = rows
        assert (opening["revenue"], closing["revenue"]) == (told["opening"]["revenue"], told["closing"]["revenue"])
        assert [(step["move"], step["revenue"]) for step in told["steps"]] == [(r["what"], r["revenue"]) for r in steps]


EXPLAINED = {
    "retention": ("Rhythm", "cooling", "customers/companies/optikko-tarkka.md"),
    "growth": ("Today", "active", "customers/companies/optikko-tarkka.md"),
}


@pytest.mark.parametrize("command", EXPLAINED)
def test_a_customer_explained(command: str) -> None:
    name, value, file = EXPLAINED[command]
    told = json.loads(run(command, "--explain", "tarkka", "--format", "json").stdout)
    assert {figure["name"]: figure["value"] for figure in told["figures"]}[name] == value
    lines = (EXAMPLE / file).read_text(encoding="utf-8").split("\n")
    assert told["lines"]
    assert all(line["text"] == lines[line["line"] - 1].strip() for line in told["lines"])


REFUSED = {
    ("retention", "--period", ".."): "There is no period before all time.",
    ("retention", "--period", "2026", "--before", "2026-Q1"): "The period before ends on 2026-03-31",
    ("retention", "--before", "soon"): "soon is no period.",
    ("retention", "--explain", "nobody-at-all"): "No customer is called nobody-at-all.",
    ("growth", "--period", "soon"): "--period: soon is no period.",
    ("growth", "tire:key"): "There is no field tire to ask for.",
}


@pytest.mark.parametrize("arguments", REFUSED)
def test_what_is_refused(arguments: tuple[str, ...]) -> None:
    error = run(*arguments).exception
    assert isinstance(error, PlaincrmError)
    assert REFUSED[arguments] in error.message


@pytest.mark.parametrize("command", ["season", "promises", "response"])
def test_the_head_says_which_customers_a_query_names(command: str) -> None:
    head = " ".join(run(command, "tag:café").stdout.split("\n\n")[0].split())
    assert head.endswith(" · 1 of 47 customers · tag:café")
    assert " of 47 " not in run(command).stdout.split("\n\n")[0]
