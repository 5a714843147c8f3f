"""Boxes ticked in a generated agenda, carried back to the promises they stand for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plaincrm.live import refresh as refreshing
from plaincrm.live.ticks import Pulled, pull
from tests.live.test_notes import AGENDA, NOTES, files_of, run, text_of
from tests.making import make_vault

QUOTE = "- [ ] [[aurinko|Aurinko Oy]]: Send the quote"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    make_vault(tmp_path, NOTES, AGENDA)
    run(tmp_path, "notes")
    return tmp_path


def tick(note: Path, line: str = QUOTE, stamp: str = "") -> None:
    text = text_of(note)
    assert line in text
    note.write_text(text.replace(line, line.replace("[ ]", "[x]") + stamp), encoding="utf-8")


def test_a_tick_is_carried_to_the_promise(vault: Path) -> None:
    tick(vault / "Agenda.md")
    assert run(vault, "notes", "--pull").stdout.splitlines() == [
        "customers/aurinko.md:11: done 2026-11-21: Send the quote",
        "Agenda.md:2: generated: agenda --days 3",
    ]
    assert text_of(vault / "customers/aurinko.md").endswith("- [x] Send the quote 📅 2026-11-20 ✅ 2026-11-21\n")
    assert "Send the quote" not in text_of(vault / "Agenda.md")
    assert run(vault, "notes", "--pull").stdout == "1 note fresh already\n"


@pytest.mark.parametrize("stamp", [" ✅ 2026-11-19", "  [completion:: 2026-11-19]"])
def test_the_day_is_that_which_the_tasks_plugin_wrote(vault: Path, stamp: str) -> None:
    tick(vault / "Agenda.md", stamp=stamp)
    assert run(vault, "notes", "--pull").exit_code == 0
    assert "✅ 2026-11-19" in text_of(vault / "customers/aurinko.md")


def test_a_tick_is_not_lost_where_nobody_asks_for_it(vault: Path) -> None:
    tick(vault / "Agenda.md")
    before = files_of(vault)
    done = run(vault, "notes", today="2026-11-22")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (1, "Agenda.md:12: a ticked box waits there")
    assert files_of(vault) == before


def test_a_promise_that_has_moved_is_found_by_its_words(vault: Path) -> None:
    note = vault / "customers/aurinko.md"
    note.write_text(text_of(note).replace("## Log\n", "## Log\n\n### 2026-11-20 call\nHello.\n"), encoding="utf-8")
    tick(vault / "Agenda.md")
    assert "customers/aurinko.md:14: done" in run(vault, "notes", "--pull").stdout


def test_of_several_alike_that_at_the_place_is_meant(vault: Path) -> None:
    note = vault / "customers/aurinko.md"
    note.write_text(text_of(note) + "- [ ] Send the quote 📅 2026-12-20\n", encoding="utf-8")
    tick(vault / "Agenda.md")
    assert "customers/aurinko.md:11: done" in run(vault, "notes", "--pull").stdout
    assert text_of(note).endswith("- [ ] Send the quote 📅 2026-12-20\n")


def test_of_several_alike_that_have_moved_none_is_ticked_off(vault: Path) -> None:
    note = vault / "customers/aurinko.md"
    moved = text_of(note).replace("## Log\n", "\n\n## Log\n") + "- [ ] Send the quote 📅 2026-12-20\n"
    note.write_text(moved, encoding="utf-8")
    tick(vault / "Agenda.md")
    done = run(vault, "notes", "--pull")
    assert done.exit_code == 1
    assert "several promises are called as this box is" in done.stdout
    assert text_of(note) == moved


def test_a_box_that_is_no_promise_or_is_done_already_is_told(vault: Path) -> None:
    note = vault / "customers/aurinko.md"
    note.write_text(text_of(note).replace("- [ ] Send", "- [x] Send"), encoding="utf-8")
    before = text_of(note)
    tick(vault / "Agenda.md")
    tick(vault / "Agenda.md", "- [ ] [[kivi|Kivi]]: Send the samples", stamp=" ✅ 2026-12-24")
    done = run(vault, "notes", "--pull")
    assert done.exit_code == 1
    assert "this box stands for no open promise" in done.stdout
    assert "2026-12-24 is still to come" in done.stdout
    assert text_of(note) == before


def test_a_tick_in_a_part_of_ones_own_note_counts_too_and_other_boxes_do_not(tmp_path: Path) -> None:
    home = f"{QUOTE.replace('[ ]', '[x]')}\n\n<!-- plaincrm:agenda -->\n<!-- /plaincrm -->\n"
    make_vault(
        tmp_path, {**NOTES, "./Home.md": home}, AGENDA.replace('"Agenda.md" = "agenda --days 3"', 'parts = ["Home.md"]')
    )
    run(tmp_path, "notes")
    assert "- [ ] Send the quote" in text_of(tmp_path / "customers/aurinko.md")
    tick(tmp_path / "Home.md", "- [ ] [[kivi|Kivi]]: Send the samples")
    assert "customers/kivi.md:10: done" in run(tmp_path, "notes", "--pull").stdout
    assert "- [ ] Send the quote" in text_of(tmp_path / "customers/aurinko.md")
    assert text_of(tmp_path / "Home.md").startswith(QUOTE.replace("[ ]", "[x]"))


def test_a_tick_stays_where_its_promise_cannot_be_written(vault: Path) -> None:
    note = vault / "customers/aurinko.md"
    (vault / "twin.md").hardlink_to(note)
    tick(vault / "Agenda.md")
    before = files_of(vault)
    done = run(vault, "notes", "--pull")
    assert done.exit_code == 1
    assert "customers/aurinko.md: it has another name besides" in done.stdout
    assert "Agenda.md:12: a ticked box waits there" in done.stdout
    assert files_of(vault) == before


def test_a_tick_that_comes_while_others_are_carried_is_not_lost(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tick(vault / "Agenda.md")

    def slow(*arguments: Any, **how: Any) -> Pulled:
        tick(vault / "Agenda.md", "- [ ] [[kivi|Kivi]]: Send the samples")
        return pull(*arguments, **how)

    monkeypatch.setattr(refreshing, "pull", slow)
    done = run(vault, "notes", "--pull")
    assert "customers/aurinko.md:11: done" in done.stdout
    assert "a ticked box waits there" in done.stdout
    assert "- [x] [[kivi|Kivi]]: Send the samples" in text_of(vault / "Agenda.md")
