"""What a watch tells: a line a thing, and nothing of a note acts on the terminal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from plaincrm.changes.carry_out import Place, WriteReport, Written
from plaincrm.render import watching
from plaincrm.render.generated import Refreshed, Refused
from plaincrm.render.lines import plain
from tests.making import vault_of


def test_a_note_that_was_saved(tmp_path: Path) -> None:
    found = (
        vault_of(tmp_path, {"a\x1b.md": "---\nname: A\nstage: x\x1b[31m\n---\n"}).check(date(2026, 11, 21)).diagnostics
    )
    assert plain(list(watching.saved("14:03:12", "customers/a.md", []))) == "14:03:12 customers/a.md: ok\n"
    first, *rest = plain(list(watching.saved("14:03:12", "customers/a.md", found))).splitlines()
    assert first.startswith("14:03:12 customers/a.md: ")
    assert all(row.startswith("customers/a\\x1b.md:") for row in rest)
    assert "\x1b" not in "".join(rest)
    assert plain(list(watching.many("14:03:12", 312, []))) == "14:03:12 312 notes: ok\n"
    told = plain(list(watching.many("14:03:12", 312, found)))
    assert told == f"14:03:12 312 notes: {watching.counted(found)}; see plaincrm check\n"


def test_generated_notes_and_what_was_left() -> None:
    files = tuple(Written(f"{name}.md", 1, ("generated: agenda",), None, "x") for name in "abcde")
    done = ("done 2026-11-21: Send it",)
    pulled = (Written("customers/a.md", 9, done, "x", "y", places=(Place(9, done),)),)
    told = Refreshed(
        WriteReport(files, dry_run=False),
        WriteReport(pulled, dry_run=False),
        (),
        (Refused("Home.md", 7, "the part that begins here has no end", "Write <!-- /plaincrm -->."),),
        (),
    )
    assert plain(list(watching.refreshed("14:03:12", told, 80))).splitlines() == [
        "14:03:12 customers/a.md:9: done 2026-11-21: Send it",
        "14:03:12 fresh: a.md, b.md, c.md and 2 more",
        "Home.md:7: the part that begins here has no end",
        "  Write <!-- /plaincrm -->.",
    ]
