"""How the agenda is grouped, shortened and closed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plaincrm.render.agenda import text
from plaincrm.render.agenda_words import Shown
from plaincrm.render.terminal import as_text
from plaincrm.reports.agenda import Agenda
from tests.making import vault_of

TODAY = date(2026, 11, 21)
NOTES = {
    "anna.md": "---\nname: Anna\nowner: liisa\ncity: Turku\n---\n- [ ] Send it 📅 2026-11-19\n",
    "bo.md": "---\nname: Bo\nowner: matti\ncity: Salo\n---\n- 2026-11-21 09:30 visit: the yard\n",
    "cia.md": "---\nname: Cia\nnext: 2026-11-19\n---\n",
    "dan.md": "---\nname: Dan\nstage: customer\nowner: liisa\ncity: Turku\n---\n",
    "eva.md": "---\nname: Eva\nquiet_until: 2026-12-01\nnext: 2026-11-19\n---\n",
}
GROUPS = {
    None: "Overdue: Anna Cia | Today: Bo | Without a date: Dan",
    "kind": "promise: Anna | appointment: Bo | next: Cia | no-next: Dan",
    "owner": "liisa: Anna Dan | matti: Bo | Without an owner: Cia",
    "day": "2026-11-19: Anna Cia | 2026-11-21: Bo | Without a date: Dan",
    "city": "Salo: Bo | Turku: Anna Dan | Without a city: Cia",
}


def lines(report: Agenda, **options: Any) -> list[str]:
    return as_text(list(text(report, 80, Shown(**options))), color=False, width=80).split("\n")


@pytest.fixture
def report(tmp_path: Path) -> Agenda:
    return vault_of(tmp_path, NOTES).agenda(TODAY)


@pytest.mark.parametrize(("group_by", "expected"), GROUPS.items())
def test_groups(report: Agenda, group_by: str | None, expected: str) -> None:
    found: dict[str, list[str]] = {}
    title = ""
    for line in lines(report, group_by=group_by)[1:]:
        if line and not line.startswith(" "):
            title = line
        for name in ("Anna", "Bo", "Cia", "Dan"):
            if f" {name}: " in line:
                found.setdefault(title, []).append(name)
    assert " | ".join(f"{title}: {' '.join(names)}" for title, names in found.items()) == expected


def test_a_limit_counts_the_rest(report: Agenda) -> None:
    shown = lines(report, limit=1)
    assert [line for line in shown if "Anna:" in line]
    assert not [line for line in shown if "Bo:" in line]
    assert "3 more, less urgent; --limit 0 shows all." in shown


def test_the_foot(report: Agenda) -> None:
    foot = "1 held back; --all shows it and says why. 1 paused (quiet_until, or cadence never)."
    assert " ".join(line for line in lines(report) if "held" in line or "paused" in line or line == "never).") == foot
    assert "1 paused (quiet_until, or cadence never)." in lines(report, everything=True)


def test_what_stands_beside_has_its_day_and_time(tmp_path: Path) -> None:
    note = (
        "---\nname: Anna\nstage: customer\nnext: 2026-11-27\n---\n## Log\n- 2026-11-21 10:00 visit: the yard\n"
        "- 2026-11-20 email in: which door?\n- [ ] Send it 📅 2026-11-19\n"
    )
    shown = " ".join(" ".join(lines(vault_of(tmp_path, {"a.md": note}).agenda(TODAY))).split())
    assert "Also appointment today at 10:00, waiting Mon 23 Nov, next Fri 27 Nov." in shown


def test_what_weighs_no_less_has_its_words(tmp_path: Path) -> None:
    note = (
        "---\nname: Anna\nstage: customer\nnext: 2026-11-24\nvision_review: 2026-11-25\n---\n"
        f"- [ ] Send it 📅 2026-11-26\n- [ ] {'Paint ' * 12}📅 2026-11-27\n"
    )
    shown = " ".join(" ".join(lines(vault_of(tmp_path, {"a.md": note}).agenda(TODAY))).split())
    promises = f"promise Thu 26 Nov (Send it), promise Fri 27 Nov ({('Paint ' * 10).rstrip()}…)"
    assert f"was set for 2026-11-24. Also vision Wed 25 Nov, {promises}." in shown


EMPTY = {
    "nothing": ({"a.md": "---\nname: A\nnext: 2027-01-01\n---\n"}, "Next comes A on Fri 1 Jan 2027 (next)."),
    "held": ({"a.md": NOTES["eva.md"]}, "Everything that is due is held back."),
    "rhythm": (
        {"a.md": "---\nname: A\n---\n"},
        "No rhythm is set for any of them, so nobody can be forgotten in time;",
    ),
    "closed": ({"a.md": "---\nname: A\nstage: former\n---\n"}, "All customers that match are in a closed stage;"),
    "none": ({}, "There are no customers yet."),
}


@pytest.mark.parametrize(("notes", "expected"), EMPTY.values(), ids=EMPTY)
def test_an_empty_agenda(tmp_path: Path, notes: dict[str, str], expected: str) -> None:
    shown = " ".join(lines(vault_of(tmp_path, notes).agenda(TODAY)))
    assert expected in shown
