"""The examples that explain a check: the bad one has this fault and no other, the good one has none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plaincrm.checks.rules import RULES, Rule
from plaincrm.reports.explain import example
from tests.checks.examples import is_described, vault_of_example

TODAY = date(2026, 11, 21)
SHOWN = [rule for rule in RULES if not is_described(rule.bad)]
# Faults that cannot be had alone: a link can only be read two ways where two notes have one name.
WITH = {"ambiguous-link": {"duplicate-id"}}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_an_example_fits_the_page(rule: Rule) -> None:
    for text in (rule.bad, rule.good):
        assert all(len(line) <= 76 for line in example(text).split("\n")) or is_described(text)
        assert is_described(text) == text.endswith(")")


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.code)
def test_the_bad_one_has_the_fault(rule: Rule, tmp_path: Path) -> None:
    found = vault_of_example(tmp_path, rule.bad).check(TODAY).diagnostics
    assert {item.code for item in found} == {rule.code} | WITH.get(rule.code, set())
    assert rule.fixable or not any(item.fixable for item in found if item.code == rule.code)


@pytest.mark.parametrize("rule", [rule for rule in RULES if not is_described(rule.good)], ids=lambda rule: rule.code)
def test_the_good_one_has_none(rule: Rule, tmp_path: Path) -> None:
    assert vault_of_example(tmp_path, rule.good).check(TODAY).diagnostics == ()


def test_what_is_said_to_be_fixable_is_so_in_some_case(tmp_path: Path) -> None:
    promised = {rule.code for rule in RULES if rule.fixable}
    kept = set()
    for rule in SHOWN:
        found = vault_of_example(tmp_path / rule.code, rule.bad).check(TODAY).diagnostics
        kept |= {item.code for item in found if item.fixable}
    others = {
        "bad-cadence": "6 weeks",
        "bad-period": "6 weeks",
        "bad-entry-date": "2026-1-5",
        "stray-byte-order-mark": "",
    }
    assert kept <= promised
    assert promised - kept <= set(others)
