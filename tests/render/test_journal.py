"""The journal shown: two lines a command that fit the page, and harmless whatever the notes hold."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from plaincrm.changes.draft import Step
from plaincrm.changes.journal import Entry
from plaincrm.changes.plan import Change
from plaincrm.render.journal import data, rows, text
from plaincrm.render.lines import plain

WHEN = datetime(2026, 11, 21, 7, 12, 5, tzinfo=UTC).timestamp()
LONG = Entry(12, WHEN, tuple(Step(Change(f"customers/{n}.md", b"", b""), (f"next {n}", "same")) for n in "abc"))
ODD = Entry(9, WHEN, (Step(Change(f"customers/{'x' * 60}.md", b"", b""), ("\x1b[2J" + "ä" * 90,)),))


def test_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Helsinki")
    time.tzset()
    try:
        shown = plain(list(text([LONG, ODD], 60)))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert shown == (
        "12  2026-11-21 09:12  next a; same; next b; next c\n"
        "                      customers/a.md and 2 more\n"
        f" 9  2026-11-21 09:12  \\x1b[2J{'ä' * 30}…\n"
        f"                      customers/{'x' * 27}…\n"
        "\n"
        "plaincrm undo NUMBER takes one back; without a number the last.\n"
    )
    assert max(map(len, shown.split("\n"))) <= 64


def test_for_programs() -> None:
    assert data([LONG]) == {
        "commands": [
            {
                "number": 12,
                "when": "2026-11-21T07:12:05Z",
                "what": ["next a", "same", "next b", "next c"],
                "files": ["customers/a.md", "customers/b.md", "customers/c.md"],
            }
        ]
    }
    assert list(rows([ODD])) == [
        (9, "2026-11-21T07:12:05Z", "\x1b[2J" + "ä" * 90, f"customers/{'x' * 60}.md"),
    ]
