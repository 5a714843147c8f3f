"""What `diff` tells: what became of the customers between two points of the history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plaincrm.errors import UsageError
from plaincrm.history.diff import Diff, Takings
from plaincrm.render.history_words import change_words
from plaincrm.reports.tiers import with_changes
from tests.history.past import PastVault

ACME = """---
name: Acme
stage: prospect
owner: liisa
---

## Deals
- [deal:: Roof] [value:: 900 €]

## Log
- 2026-01-02 visit: the roof [sale:: 500 EUR]
  - [ ] Send the quote 📅 2026-01-10
"""
LATER = """---
name: Acme
stage: customer
owner: liisa
next: 2026-04-01
---

## Deals
- [deal:: Roof] [value:: 900 €] [won:: 2026-03-01]

## Log
- 2026-03-02 visit: the roof is on [sale:: 900 EUR] [sale:: 50 SEK]
  - [ ] Ring in April
- 2026-03-01 note: a thought
- 2026-01-02 visit: the roof [sale:: 400 EUR]
  - [x] Send the quote 📅 2026-01-10 ✅ 2026-01-09
"""


@pytest.fixture
def past(tmp_path: Path) -> PastVault:
    past = PastVault(tmp_path)
    past.commit("2026-01-02", "first", acme=ACME, bea="---\nname: Bea\n---\n", cy="---\nname: Cy\n---\n")
    past.commit("2026-02-01", "second", bea="---\nname: Bea\ntier: key\n---\n", dee="---\nname: Dee\n---\n")
    past.commit("2026-03-02", "third", acme=LATER, cy=None)
    return past


def counted(report: Diff) -> dict[str, int]:
    return {what: n for what, n in report.counts if n}


def told(report: Diff) -> dict[str, list[str]]:
    return {each.story.customer: [change_words(change) for change in each.story.changes] for each in report.customers}


def test_what_became_of_customers_between_two_commits(past: PastVault) -> None:
    report = past.vault.diff("HEAD~1..HEAD")
    assert (report.old.subject, report.new.subject) == ("second", "third")
    assert counted(report) == {
        "Gone": 1,
        "Another stage": 1,
        "Next steps set": 1,
        "Promises made": 1,
        "Promises kept": 1,
        "Deals won": 1,
        "Log entries added": 2,
        "Contacts logged": 1,
    }
    assert report.takings == (Takings("EUR", Decimal(800), 2, 1), Takings("SEK", Decimal(50), 1, 0)), (
        "a sale was mended"
    )
    assert told(report)["acme"] == [
        "stage: prospect -> customer",
        "next: none -> 2026-04-01",
        "deal won: Roof, 900.00 EUR",
        "entry added: 2026-03-02 visit: the roof is on [sale:: 900 EUR] [sale:: 50 SEK]",
        "entry added: 2026-03-01 note: a thought",
        "entry changed: 2026-01-02 visit: the roof [sale:: 500 EUR] -> 2026-01-02 visit: the roof [sale:: 400 EUR]",
        "promise made: Ring in April",
        "promise done: Send the quote",
    ]
    assert told(report)["cy"][0] == "note removed"


ENDS = {
    "since a day": ("2026-02-10", {"acme", "cy"}),
    "since a day as people say it": ("1.2.2026", {"acme", "cy"}),
    "since a revision": ("HEAD~2", {"acme", "bea", "cy", "dee"}),
    "between days": ("2026-01-31..2026-02-28", {"bea", "dee"}),
    "from a revision on": ("HEAD~1..", {"acme", "cy"}),
    "backwards": ("HEAD..HEAD~1", {"acme", "cy"}),
    "nothing": ("HEAD", set()),
}


@pytest.mark.parametrize("case", ENDS)
def test_two_ends(case: str, past: PastVault) -> None:
    between, customers = ENDS[case]
    assert told(past.vault.diff(between, today=date(2026, 3, 10))).keys() == customers


def test_what_is_not_committed(past: PastVault) -> None:
    past.write("acme.md", LATER.replace("stage: customer", "stage: regular"))
    past.write("new.md", "---\nname: New\nnext: 2026-05-01\n---\n\n## Log\n- 2026-03-03 call: hello\n")
    report = past.vault.diff()
    assert (report.old.subject, report.new.commit) == ("third", "")
    assert counted(report) == {
        "New customers": 1,
        "Another stage": 1,
        "Next steps set": 1,
        "Log entries added": 1,
        "Contacts logged": 1,
    }, "of a new customer the log and the next step count"


def test_a_note_that_moved_is_one_customer(past: PastVault) -> None:
    past.write("acme.md", None)
    past.write("archive/acme.md", LATER.replace("customer\n", "former\n"))
    past.commit("2026-03-03", "archived")
    for between in ("HEAD~1..HEAD", "HEAD~1"):
        assert told(past.vault.diff(between)) == {
            "acme": ["renamed: customers/acme.md -> customers/archive/acme.md", "stage: customer -> former"]
        }


def test_only_some_customers(past: PastVault) -> None:
    assert told(past.vault.diff("HEAD~2", query="tier:key")).keys() == {"bea"}


REFUSED = {
    "HEAD~9": "HEAD~9 is no revision",
    "A...B": "has three dots",
    "2025-01-01": "Nothing was committed up to 2025-01-01",
    "--output=x": "is no revision",
}


@pytest.mark.parametrize("between", REFUSED)
def test_what_is_no_end(between: str, past: PastVault) -> None:
    with pytest.raises(UsageError, match=REFUSED[between]):
        past.vault.diff(between, today=date(2026, 3, 10))


def test_who_was_given_another_tier_since_a_day(past: PastVault) -> None:
    """Eve came with a tier, which is no move; who is asked of by a query only."""
    past.commit("2026-03-05", "up", "matti", acme=LATER.replace("owner", "tier: key\nowner"))
    past.commit("2026-03-06", "came", eve="---\nname: Eve\ntier: key\n---\n")
    past.write("bea.md", "---\nname: Bea\n---\n")
    vault, today = past.vault, date(2026, 3, 10)
    day = date(2026, 2, 1)
    report = with_changes(vault.tiers("12m", today), day, vault.moves("tier", day))
    assert report.changed[0].when is None
    assert [(each.customer, each.old, each.new, each.author) for each in report.changed] == [
        ("bea", "key", None, ""),
        ("acme", None, "key", "Matti Savi"),
        ("bea", None, "key", "Liisa Savi"),
    ]
    assert [each.customer for each in vault.moves("tier", date(2026, 3, 1))] == ["bea", "acme"]
    assert [each.customer for each in vault.moves("tier", query="tier:key", today=today)] == ["acme"]
    assert vault.tiers("12m", today).changed == ()
