"""A customer archived: the note before and after."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plaincrm.changes.customer import CustomerChange
from plaincrm.errors import WriteRefused
from plaincrm.records.schema import Schema
from tests.making import vault_of

DAY = date(2026, 11, 21)
NOTE = """---
name: Acme
stage: customer   # since May
owner: liisa
next: 2026-12-01
next_action: Ask
next_channel: call
quiet_until: 2026-11-25
---

## Log
- 2026-11-01 call: - [ ] Send it
- [ ] Send it 📅 2026-12-02
"""


def archived(note: str, reason: str = "", closed: tuple[str, ...] = ("former",)) -> str:
    change = CustomerChange("customers/acme.md", note.encode(), Schema())
    change.archive(DAY, closed, reason)
    return (change.step.change.new or b"").decode() if change.step else note


def test_off_the_agenda_with_day_and_reason() -> None:
    start, _, end = NOTE.partition("next: ")
    expected = start.replace("customer   #", "former   #") + (
        "lost_on: 2026-11-21\nlost_reason: moved to Åbo\n" + end[end.index("---") :]
    )
    assert archived(NOTE, "moved to Åbo") == expected
    assert archived(expected, "moved to Åbo") == expected


def test_a_day_a_stage_and_a_reason_that_it_has_stay() -> None:
    note = "---\nname: Acme\nstage: gone\nlost_on: 2025-01-02\nlost_reason: price\n---\n"
    schema = Schema(stages=("lead", "gone", "former"))
    change = CustomerChange("customers/acme.md", note.encode(), schema)
    change.archive(DAY, ("former", "gone"))
    assert change.step is None


def test_in_finnish() -> None:
    note = "---\nnimi: Acme\nvaihe: asiakas\nseuraava: 2026-12-01\n---\n"
    expected = "---\nnimi: Acme\nvaihe: entinen\nmenetetty: 2026-11-21\nmenetyksen syy: muutti\n---\n"
    assert archived(note, "muutti") == expected


def test_a_day_before_the_first_contact_is_refused() -> None:
    with pytest.raises(WriteRefused, match="lost-before-since"):
        archived("---\nname: Acme\nsince: 2026-12-24\n---\n")


def test_it_leaves_the_agenda_and_nothing_else(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"acme.md": NOTE})
    assert [item.customer for item in vault.agenda(DAY, days=30).items] == ["acme"]
    with vault.change("acme") as change:
        change.archive(DAY, vault.config.closed)
    assert vault.agenda(DAY, days=30).items == ()
    assert [row.customer for row in vault.list("stage:former", today=DAY).customers] == ["acme"]
    assert vault.search("send").total == 1
