"""Generated notes: what is written, what is never touched, and that nothing in the notes gets a meaning there."""

from __future__ import annotations

import json
import os
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

import plaincrm
from plaincrm.cli.run import run as cli_run
from tests.making import EXAMPLE, make_vault

NOTES = {
    "aurinko.md": "---\nname: Aurinko Oy\nstage: customer\nowner: liisa\nnext: 2026-12-01\n---\n\n## Log\n\n"
    "### 2026-11-01 call\n- [ ] Send the quote 📅 2026-11-20\n",
    "kivi.md": "---\nname: Kivi\nstage: lead\nowner: matti\n---\n\n## Log\n\n### 2026-11-02 call\n"
    "- [ ] Send the samples 📅 2026-11-20\n",
}
OWNERS = '[vault]\nowners = ["liisa", "matti"]\n\n'
AGENDA = OWNERS + '[notes]\n"Agenda.md" = "agenda --days 3"\n'


class Done(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


def run(root: Path, *words: str, today: str = "2026-11-21") -> Done:
    """A command as the shell would run it, in this process."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        code = cli_run(["--no-cache", "--vault", str(root), "--today", today, *words])
    return Done(code, out.getvalue(), err.getvalue())


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def files_of(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_note_is_written_once_and_again_when_it_says_something_else(tmp_path: Path) -> None:
    make_vault(tmp_path, NOTES, AGENDA)
    assert run(tmp_path, "notes").stdout == "Agenda.md:1: generated: agenda --days 3\n"
    head, _blank, body = text_of(tmp_path / "Agenda.md").partition("\n\n")
    assert head.startswith("---\nplaincrm: generated ")
    assert head.endswith('\ncommand: "agenda --days 3"\n---')
    assert body == run(tmp_path, "agenda", "--days", "3", "--format", "md").stdout
    written = (tmp_path / "Agenda.md").stat()
    assert run(tmp_path, "notes").stdout == "1 note fresh already\n"
    assert (tmp_path / "Agenda.md").stat() == written
    done = run(tmp_path, "notes", "--check", today="2026-11-22")
    assert (done.exit_code, done.stdout) == (1, "Agenda.md: not fresh; plaincrm notes writes it\n")
    assert (tmp_path / "Agenda.md").stat() == written
    run(tmp_path, "notes", today="2026-11-22")
    assert "# Agenda of Sunday 22 November 2026" in text_of(tmp_path / "Agenda.md")


def test_an_owner_makes_a_note_for_each_of_us(tmp_path: Path) -> None:
    settings = '[notes]\n"Agenda/{owner}.md" = "agenda --owner {owner}"\n"Lists/Leads.md" = "list stage:lead"\n'
    make_vault(tmp_path, NOTES, OWNERS + settings)
    assert run(tmp_path, "notes").exit_code == 0
    assert "Aurinko" in text_of(tmp_path / "Agenda/liisa.md")
    assert "Aurinko" not in text_of(tmp_path / "Agenda/matti.md")
    assert "| [[kivi\\|Kivi]] | lead |" in text_of(tmp_path / "Lists/Leads.md")
    assert run(tmp_path, "notes", "Lists/Leads.md").stdout == "1 note fresh already\n"
    make_vault(tmp_path, {}, settings)
    assert "nobody works here" in run(tmp_path, "notes").stderr


def test_a_note_of_ones_own_is_never_written_over(tmp_path: Path) -> None:
    make_vault(tmp_path, {**NOTES, "./Agenda.md": "# My own agenda\n"}, AGENDA)
    before = files_of(tmp_path)
    done = run(tmp_path, "notes")
    assert done.exit_code == 1
    assert done.stdout.startswith("Agenda.md: it was not generated and stays as it is\n")
    assert files_of(tmp_path) == before


def test_what_somebody_wrote_into_a_generated_note_is_kept(tmp_path: Path) -> None:
    make_vault(tmp_path, NOTES, AGENDA)
    run(tmp_path, "notes")
    note = tmp_path / "Agenda.md"
    note.write_text(text_of(note).replace("## Overdue\n", "## Overdue\n\nAsk Liisa first!\n"), encoding="utf-8")
    before = files_of(tmp_path)
    done = run(tmp_path, "notes", "--pull", today="2026-11-22")
    assert done.exit_code == 1
    assert "somebody has written into what was generated" in done.stdout
    assert files_of(tmp_path) == before


def test_blank_lines_and_line_ends_are_no_edit(tmp_path: Path) -> None:
    make_vault(tmp_path, NOTES, AGENDA)
    run(tmp_path, "notes")
    note = tmp_path / "Agenda.md"
    note.write_bytes(note.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert run(tmp_path, "notes", today="2026-11-22").exit_code == 0
    assert note.read_bytes().count(b"\r\n") == note.read_bytes().count(b"\n")


def test_properties_of_ones_own_stay(tmp_path: Path) -> None:
    make_vault(tmp_path, NOTES, AGENDA)
    run(tmp_path, "notes")
    note = tmp_path / "Agenda.md"
    mine = "command: >-\n  agenda\n  --days 3\ncssclasses:\n  - wide\npin: true\n"
    note.write_text(text_of(note).replace('command: "agenda --days 3"\n', mine), encoding="utf-8")
    assert run(tmp_path, "notes", today="2026-11-22").exit_code == 0
    head = text_of(note).partition("\n\n")[0]
    assert head.endswith('\ncommand: "agenda --days 3"\ncssclasses:\n  - wide\npin: true\n---')
    assert run(tmp_path, "notes", today="2026-11-22").stdout == "1 note fresh already\n"


def test_a_renamed_customer_is_no_edit_of_what_was_generated(tmp_path: Path) -> None:
    make_vault(tmp_path, {**NOTES, "./Home.md": HOME}, AGENDA + 'parts = ["Home.md"]\n')
    run(tmp_path, "notes")
    assert run(tmp_path, "rename", "aurinko", "Kuu Oy").exit_code == 0
    assert "[[kuu-oy|" in text_of(tmp_path / "Agenda.md")
    done = run(tmp_path, "notes")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "[[kuu-oy|Kuu Oy]]" in text_of(tmp_path / "Agenda.md")
    assert "[[kuu-oy|Kuu Oy]]" in text_of(tmp_path / "Home.md")


HOME = (
    "# Home\n\nMine above.\n\n## Today\n\n<!-- plaincrm:agenda --days 3 -->\n<!-- /plaincrm -->\n\nMine below. \n"
    "```\n<!-- plaincrm:agenda -->\n```\n<!-- plaincrm:list stage:lead -->\n<!-- /plaincrm -->"
)
PARTS = OWNERS + '[notes]\nparts = ["Home.md", "daily/*.md"]\n'


def test_parts_of_ones_own_note_are_generated_and_nothing_else_changes(tmp_path: Path) -> None:
    make_vault(tmp_path, {**NOTES, "./Home.md": HOME}, PARTS)
    done = run(tmp_path, "notes")
    assert done.stdout == "Home.md:8: generated: agenda --days 3; generated: list stage:lead\n"
    new = text_of(tmp_path / "Home.md")
    assert new.startswith("# Home\n\nMine above.\n\n## Today\n\n<!-- plaincrm:agenda --days 3 -->\n\n### Agenda of ")
    assert "\n\nMine below. \n```\n<!-- plaincrm:agenda -->\n```\n<!-- plaincrm:list stage:lead -->\n\n### Cust" in new
    assert new.endswith(" -->")
    assert "#### Overdue" in new
    assert run(tmp_path, "notes").stdout == "1 note fresh already\n"
    run(tmp_path, "notes", today="2026-11-22")
    assert "Sunday 22 November" in text_of(tmp_path / "Home.md")
    crlf = tmp_path / "daily/x.md"
    crlf.parent.mkdir()
    crlf.write_bytes(HOME.replace("\n", "\r\n").encode())
    run(tmp_path, "notes", today="2026-11-22")
    assert crlf.read_bytes().replace(b"\r\n", b"\n") == (tmp_path / "Home.md").read_bytes()
    assert b"\n" not in crlf.read_bytes().replace(b"\r\n", b"")


def test_text_of_ones_own_between_the_markers_stays(tmp_path: Path) -> None:
    mine = HOME.replace("--days 3 -->\n", "--days 3 -->\nMy own words\n")
    make_vault(tmp_path, {**NOTES, "./Home.md": mine}, PARTS)
    done = run(tmp_path, "notes")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[0].endswith(": generated: list stage:lead")
    assert "Home.md:7: somebody has written into what was generated" in done.stdout
    assert text_of(tmp_path / "Home.md").startswith(mine[: mine.index("<!-- plaincrm:list")])


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("<!-- plaincrm:agenda -->\n\ntext\n", "Home.md:1: the part that begins here has no end"),
        ("text\n<!-- /plaincrm -->\n", "Home.md:2: no part begins before this marker"),
        ("<!-- plaincrm:agenda 'x -->\n<!-- /plaincrm -->\n", "Home.md:1: a quote in this marker is not closed"),
        ("<!-- plaincrm:agenda --dys 3 -->\n<!-- /plaincrm -->\n", "No such option"),
        ("<!-- plaincrm:log aurinko call -->\n<!-- /plaincrm -->\n", "No such command can stand in a note"),
        ("<!-- plaincrm:show aurinko --open editor -->\n<!-- /plaincrm -->\n", "mean nothing in a note"),
        ("<!-- plaincrm:agenda -o x.txt -->\n<!-- /plaincrm -->\n", "mean nothing in a note"),
        ("<!-- plaincrm:agenda --format ics -->\n<!-- /plaincrm -->\n", "mean nothing in a note"),
        ("<!-- plaincrm:quality --apply x.md -->\n<!-- /plaincrm -->\n", "mean nothing in a note"),
        ("<!-- plaincrm:agenda --help -->\n<!-- /plaincrm -->\n", "No such option"),
        ("<!-- plaincrm:agenda --vault /tmp -->\n<!-- /plaincrm -->\n", "No such option"),
        ("<!-- plaincrm:show nobody-at-all -->\n<!-- /plaincrm -->\n", "Home.md:1: show nobody-at-all: "),
    ],
)
def test_a_marker_that_cannot_be_followed_is_told_and_changes_nothing(tmp_path: Path, note: str, told: str) -> None:
    make_vault(tmp_path, {**NOTES, "./Home.md": note}, PARTS)
    before = files_of(tmp_path)
    done = run(tmp_path, "notes")
    assert done.exit_code == 1
    assert told in " ".join(done.stdout.split())
    assert files_of(tmp_path) == before


def test_no_part_stands_in_the_note_of_a_customer(tmp_path: Path) -> None:
    settings = '[notes]\nparts = ["customers/**/*.md"]\n'
    make_vault(tmp_path, {"a.md": "---\nname: A\n---\n<!-- plaincrm:agenda -->\n<!-- /plaincrm -->\n"}, settings)
    before = files_of(tmp_path)
    done = run(tmp_path, "notes")
    assert "customers/a.md: it is a customer" in done.stdout
    assert files_of(tmp_path) == before


def test_a_daily_note_keeps_what_it_said(tmp_path: Path) -> None:
    part = "<!-- plaincrm:agenda -->\n<!-- /plaincrm -->\n"
    make_vault(tmp_path, {**NOTES, "daily/2026-11-20.md": part, "daily/2026-11-21.md": part}, PARTS)
    assert run(tmp_path, "notes").stdout == "daily/2026-11-21.md:2: generated: agenda\n"
    assert text_of(tmp_path / "daily/2026-11-20.md") == part


@pytest.mark.parametrize("name", ["../out.md", "/tmp/out.md", ".hidden/a.md", "a.txt", "a//b.md", ""])
def test_a_name_out_of_the_vault_is_a_fault_of_the_settings(tmp_path: Path, name: str) -> None:
    make_vault(tmp_path / "v", NOTES, f'[notes]\n"{name}" = "agenda"\n')
    checked = run(tmp_path / "v", "check", "--format", "concise").stdout
    assert "plaincrm.toml:2:" in checked
    assert "bad-setting" in checked or "unknown-setting" in checked
    before = files_of(tmp_path)
    run(tmp_path / "v", "notes")
    assert files_of(tmp_path) == before


def test_an_owner_cannot_lead_out_of_the_vault(tmp_path: Path) -> None:
    settings = '[vault]\nowners = ["../x", "--output=y"]\n[notes]\n"{owner}.md" = "agenda --owner {owner}"\n'
    make_vault(tmp_path / "v", NOTES, settings)
    before = files_of(tmp_path)
    done = run(tmp_path / "v", "notes")
    assert "../x.md: a note cannot be called so" in done.stdout
    assert set(files_of(tmp_path)) - set(before) <= {"v/--output=y.md"}


def test_a_generated_note_is_no_record_whatever_glob_matches(tmp_path: Path) -> None:
    make_vault(tmp_path, NOTES, AGENDA)
    (tmp_path / "plaincrm.toml").write_text(AGENDA.replace("[vault]\n", '[vault]\nrecords = ["**/*.md"]\n'))
    run(tmp_path, "notes")
    vault = plaincrm.open_vault(tmp_path, cache=False)
    assert [customer.name for customer in vault.list().customers] == ["Aurinko Oy", "Kivi"]
    assert vault.check(date(2026, 11, 21), paths=[tmp_path / "Agenda.md"]).diagnostics == ()


HOSTILE = {
    "evil.md": '---\nname: "<!-- /plaincrm --> `= this` [[x]] <% tp %> %% # ^id"\nstage: lead\n---\n\n## Log\n'
    "\n### 2026-11-01 call\n- [ ] <!-- /plaincrm --> ```dataviewjs | --- 📅 2026-11-20\n",
}


def test_nothing_in_the_notes_gets_a_meaning_in_what_is_generated(tmp_path: Path) -> None:
    make_vault(tmp_path, {**HOSTILE, "./Home.md": HOME}, PARTS)
    assert run(tmp_path, "notes").exit_code == 0
    new = text_of(tmp_path / "Home.md")
    lines = new.splitlines()
    assert sum(line.startswith("<!-- /plaincrm ") for line in lines) == 2
    assert "<!--" not in "".join(line for line in lines if not line.startswith("<!-- "))
    assert "<%" not in new
    assert "`=" not in new.replace("\\`\\=", "")
    assert run(tmp_path, "notes").stdout == "1 note fresh already\n"


def test_the_notes_as_json(tmp_path: Path) -> None:
    make_vault(
        tmp_path,
        {**NOTES, "./Home.md": "x\n<!-- /plaincrm -->\n<!-- plaincrm:agenda -->\n"},
        AGENDA + 'parts = ["Home.md"]\n',
    )
    told = json.loads(run(tmp_path, "notes", "--dry-run", "--format", "json").stdout)
    assert [item["file"] for item in told["files"]] == ["Agenda.md"]
    assert told["dry_run"] is True
    assert not (tmp_path / "Agenda.md").exists()
    assert [(one["file"], one["line"]) for one in told["refused"]] == [("Home.md", 2), ("Home.md", 3)]
    assert run(tmp_path, "notes", "--format", "csv").stdout.startswith("file,line,state,what\r\nAgenda.md,1,written,")


def test_a_command_that_writes_notes_can_be_taken_back(tmp_path: Path) -> None:
    make_vault(tmp_path, NOTES, AGENDA)
    run(tmp_path, "notes")
    run(tmp_path, "undo")
    assert not (tmp_path / "Agenda.md").exists()


def test_the_generated_notes_of_the_example_are_fresh() -> None:
    if os.environ.get("UPDATE_PAGES"):
        run(EXAMPLE, "notes")
    done = run(EXAMPLE, "notes", "--check")
    assert (done.exit_code, done.stderr) == (0, ""), (
        f"{done.stdout}\nplaincrm --vault example-vault --today 2026-11-21 notes"
    )
