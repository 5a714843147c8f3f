"""`plaincrm value` and `plaincrm tiers` on the command line: their questions, forms and refusals."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from plaincrm.cli.run import run
from tests.docs.blocks import ROOT
from tests.making import EXAMPLE

ASKED = ["--vault", str(EXAMPLE), "--today", "2026-11-21"]


def ask(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    assert run([*ASKED, *words]) == 0
    told = capfd.readouterr()
    assert told.err == ""
    return told.out


# words -> (what is said, what to do)
REFUSED = {
    "value --by tier --compare": ("--by and --compare are two questions.", "Ask them one by one."),
    "value --full --explain aho": ("--full and --explain are two questions.", "Ask them one by one."),
    "value --compare tier:key": ("--compare: tier:key is no period.", "or --compare=before, where a query follows."),
    "value --period ..2025 --compare": ("There is no period before one without a beginning or end.", "Name it: 2026"),
    "tiers --period 2026-13": ("--period: 2026-13 is no period.", "Write 2026"),
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_is_refused(words: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run([*ASKED, *words.split()]) == 2
    told = capfd.readouterr()
    message, remedy = REFUSED[words]
    assert (told.out, message in told.err, remedy in told.err) == ("", True, True)


def test_a_customer_that_there_is_not(capfd: pytest.CaptureFixture[str]) -> None:
    for command in ("value", "tiers"):
        assert run([*ASKED, command, "--explain", "xyzzy"]) == 1
        assert capfd.readouterr().err.startswith("plaincrm: No customer is called xyzzy.\n")


JSON = ["value --by month", "value --by tag", "value --compare", "value --compare 2024 tier:key", "value --period 2019"]


@pytest.mark.parametrize("words", JSON)
def test_every_answer_of_value_follows_its_schema(words: str, capfd: pytest.CaptureFixture[str]) -> None:
    schema: dict[str, Any] = json.loads((ROOT / "docs/schemas/value.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(ask(capfd, *words.split(), "--format", "json")))


def test_the_period_before_is_the_same_with_and_without_its_name(capfd: pytest.CaptureFixture[str]) -> None:
    plain = ask(capfd, "value", "--period", "2026-Q3", "--compare")
    assert plain == ask(capfd, "value", "--period", "2026-Q3", "--compare=before")
    assert plain == ask(capfd, "value", "--period", "2026-Q3", "--compare", "2026-Q2")
    assert plain.startswith("Value 2026-07-01 to 2026-09-30 · against 2026-04-01 to 2026-06-30 · EUR")


ANSWERS = ["value", "value --full", "value --by tier", "value --compare", "value --explain aho", "tiers"]


@pytest.mark.parametrize("words", [*ANSWERS, "tiers --explain aho"])
def test_every_form(words: str, capfd: pytest.CaptureFixture[str]) -> None:
    told = {form: ask(capfd, *words.split(), "--format", form) for form in ("text", "json", "csv", "md", "html")}
    assert told["md"].startswith("# ")
    assert told["html"].startswith("<!doctype html>")
    assert len(told["csv"].split("\r\n")) > 3
    assert json.loads(told["json"])


def test_pages_tell_as_many_as_text_and_programs_get_all(capfd: pytest.CaptureFixture[str]) -> None:
    told = {form: ask(capfd, "value", "--limit", "2", "--format", form) for form in ("md", "html", "csv")}
    assert ["Pentti Aho" in text for text in told.values()] == [False, False, True]
    assert "and 29 more" in told["md"]


def test_the_figures_of_one_customer_say_where_they_come_from(capfd: pytest.CaptureFixture[str]) -> None:
    told = ask(capfd, "value", "--explain", "heikkil")
    for part in (
        "Those with more revenue bring 63.2% of the\n",
        "customers/people/heikkila-marja.md:",
        "brought in, margin 2,500.00",
        "customers/people/laakso-perhe.md:",
        "Brought in",
    ):
        assert part in told
