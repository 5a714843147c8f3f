"""Mornings of a small business: several notes, and the page as a careful assistant would write it by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plaincrm.render.agenda_words import Shown, groups, why
from tests.making import vault_of

CONFIG = """
[vault]
owners = ["liisa", "matti"]
timezone = "Europe/Helsinki"
country = "FI"
[cadence]
default = "6w"
tier.key = "2w"
"""


def note(fields: str, *log: str) -> str:
    return "\n".join(["---", *fields.split("; "), "---", "## Log", *log, ""])


# The day, the notes, and under each title the lines: customer, kind, what is to be done, why and what else.
MORNINGS = {
    "the Monday after the night without an hour": (
        "2026-03-30",
        {
            "aava": note("name: Aava", "- 2026-03-27 16:30 email in: what does it cost?"),
            "bo": note("name: Bo", "- 2026-03-29 03:30 call missed"),
            "cia": note("name: Cia", "- 2026-03-30 09:00-10:00 visit: the attic", "- 2026-03-20 call in"),
            "dan": note("name: Dan; next: 2026-03-29; next_action: Ask about the boat", "- 2026-03-01 call out"),
        },
        [
            "Overdue | Dan: next, Ask about the boat | The next contact was set for 2026-03-29.",
            "Today | Aava: waiting, Answer: what does it cost? | They wrote on 2026-03-27 16:30 and wait for an answer."
            " An answer is due by 2026-03-30 17:00.",
            "Today | Cia: appointment, the attic | In the log for today at 09:00-10:00.",
            "Coming | Bo: missed, Call back | They called on 2026-03-29 03:30 and nobody answered."
            " An answer is due by 2026-03-31 17:00.",
        ],
    ),
    "the Sunday with an hour more": (
        "2026-10-25",
        {
            "aava": note("name: Aava; birthday: 1980-10-25", "- 2026-10-24 23:30 chat out: the keys are in the box"),
            "bo": note(
                "name: Bo", "- 2026-10-25 03:30 call in: a pipe has burst", "  - [ ] Send a plumber 📅 2026-10-25"
            ),
            "cia": note("name: Cia", "- 2026-10-26 08:00 visit: the floor", "- 2026-10-20 call in"),
            "dan": note("name: Dan; tier: key", "- 2026-10-11 visit: the roof"),
        },
        [
            "Today | Bo: promise, Send a plumber | We promised it on 2026-10-25 for 2026-10-25.",
            "Today | Dan: cadence, Get in touch | Nobody has been in touch since 2026-10-11; the rhythm is 2w.",
            "Today | Aava: anniversary, Wish a happy birthday | Their birthday falls on 2026-10-25 (born on 1980-10-25,"
            " 46 years).",
            "Coming | Cia: appointment, the floor | Agreed for 2026-10-26 at 08:00.",
        ],
    ),
    "one visit to two, and what came of another": (
        "2026-11-24",
        {
            "aava": note("name: Aava; owner: liisa", "- 2026-11-25 10:00 visit: the stairs", "- 2026-11-20 call in"),
            "bo": note("name: Bo; owner: liisa", "- 2026-11-25 10:00 visit: the stairs", "- 2026-11-20 call in"),
            "cia": note("name: Cia; owner: matti", "- 2026-11-24 08:00 visit: paid at once [sale:: 90 EUR]"),
        },
        [
            "Coming | Aava: appointment, the stairs | Agreed for 2026-11-25 at 10:00.",
            "Coming | Bo: appointment, the stairs | Agreed for 2026-11-25 at 10:00.",
        ],
    ),
    "who asked for peace, and who did not": (
        "2026-12-07",
        {
            "aava": note(
                "name: Aava; stage: customer; next: 2026-12-01",
                "- 2026-11-20 call in: not before Epiphany [quiet_until:: 2027-01-07]",
                "  - [ ] Send the invoice 📅 2026-12-04",
            ),
            "bo": note("name: Bo; next: 2026-12-01", "- 2026-11-20 call in: in December [quiet_until:: 2026-12-07]"),
            "cia": note("name: Cia; deny: all; next: 2026-12-01", "- 2026-11-20 call in: no more of this"),
        },
        [
            "Overdue | Aava: promise, Send the invoice | We promised it on 2026-11-20 for 2026-12-04.",
            "Overdue | Bo: next, Get in touch | The next contact was set for 2026-12-01.",
            "Held back | Cia: next, Get in touch | The next contact was set for 2026-12-01.",
        ],
    ),
    "the last day of the year": (
        "2026-12-31",
        {
            "aava": note("name: Aava; next: 2027-01-01; next_action: Wish a good year", "- 2026-12-01 call in"),
            "bo": note("name: Bo", "- 2026-12-20 call in", "  - [ ] Count the tins 🔁 every year 📅 2026-12-31"),
            "cia": note("name: Cia", "- 2026-12-30 visit", "- [deal:: Sauna] [value:: 900 €] [expected:: 2026-12-31]"),
            "dan": note("name: Dan; birthday: --01-08", "- 2026-12-10 call in"),
        },
        [
            "Today | Bo: promise, Count the tins | We promised it on 2026-12-20 for 2026-12-31.",
            "Coming | Aava: next, Wish a good year | The next contact was set for 2027-01-01.",
        ],
    ),
    "the first of March of a leap year": (
        "2028-03-01",
        {
            "aava": note("name: Aava; birthday: 2004-02-29", "- 2028-02-10 call in"),
            "bo": note("name: Bo", "- 2028-02-20 call in", "  - [ ] Return the ladder 📅 2028-02-29"),
            "cia": note("name: Cia", "- 2028-01-18 call out: six weeks ago"),
            "dan": note("name: Dan", "- 2028-01-20 call out: not quite yet"),
        },
        [
            "Overdue | Bo: promise, Return the ladder | We promised it on 2028-02-20 for 2028-02-29.",
            "Overdue | Cia: cadence, Get in touch | Nobody has been in touch since 2028-01-18; the rhythm is 6w.",
        ],
    ),
}


@pytest.mark.parametrize(("day", "notes", "expected"), MORNINGS.values(), ids=MORNINGS)
def test_a_morning(tmp_path: Path, day: str, notes: dict[str, str], expected: list[str]) -> None:
    today = date.fromisoformat(day)
    vault = vault_of(tmp_path, {f"{name}.md": text for name, text in notes.items()}, CONFIG)
    report = vault.agenda(today)
    titled = [*groups(report, Shown()), ("Held back", report.held_back)]
    assert [
        f"{title} | {item.name}: {item.kind}, {item.what} | {why(item, today)}"
        for title, items in titled
        for item in items
    ] == expected
    assert [item.code for item in vault.check(today).diagnostics if item.severity == "error"] == []
