"""Why promises and response say what they say of one customer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.making import vault_of

TODAY = date(2026, 11, 21)
NOTE = """---
name: Acme
---
- 2026-11-10 09:00 email in: when do you come?
- 2026-11-10 11:30 email out: on Friday
- 2026-11-19 10:00 email in: and the colour?
- [x] Send the quote 📅 2026-11-02 ✅ 2026-11-05
- [ ] They measure the door [owes:: them] [due:: 2026-12-01]
"""


def test_each_promise_with_what_became_of_it(tmp_path: Path) -> None:
    told = vault_of(tmp_path, {"acme.md": NOTE}).explain_promises("acme", "2026-11", TODAY)
    assert [(figure.name, figure.value, figure.how) for figure in told.figures] == [
        ("Ours, kept in time", "0.0%", "0 of 1 that fell due in time, 1 late, 0 broken."),
        ("Ours, days late", "3.0", "The mean of 1 kept late or still open."),
    ]
    assert [(line.line, line.counts) for line in told.lines] == [
        (7, "ours, due 2026-11-02: late, 3 days"),
        (8, "theirs, due 2026-12-01: open, not in the period"),
    ]
    assert told.lines[0].text == "- [x] Send the quote 📅 2026-11-02 ✅ 2026-11-05"


def test_each_message_with_its_answer(tmp_path: Path) -> None:
    told = vault_of(tmp_path, {"acme.md": NOTE}).explain_response("acme", "2026-11", TODAY)
    assert [(figure.name, figure.value) for figure in told.figures] == [
        ("Answered in time", "50.0%"),
        ("Minutes to an answer", "150"),
    ]
    assert [(line.line, line.counts) for line in told.lines] == [
        (4, "met, due 2026-11-11 17:00 (1 working day), answered 2026-11-10"),
        (5, "an answer"),
        (6, "missed, due 2026-11-20 17:00 (1 working day), not answered"),
    ]
