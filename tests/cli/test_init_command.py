"""`plaincrm init` as people see it; what it makes is shown in tests/changes/test_start.py."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plaincrm.cli.group import cli
from tests.making import make_vault


def plaincrm(*words: str) -> Result:
    return CliRunner().invoke(cli, [*words], catch_exceptions=False)


def test_what_was_made_is_told_with_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = plaincrm("init", "my crm", "--owner", "liisa").output.splitlines()
    assert told[0] == "Made in my crm:"
    assert told[1] == "  plaincrm.toml                       the settings, each with what it is for"
    assert told[-6:] == [
        "Next:",
        "  cd 'my crm'",
        '  plaincrm new "Acme Oy" type=company next=today next_action="Say hello"',
        "      a first customer, to be contacted today",
        "  plaincrm agenda",
        "      whom to contact today, and why",
    ]
    assert plaincrm("--vault", "my crm", "init", "--owner", "matti").output.splitlines() == [
        "Nothing to make: all of it is there already.",
        "plaincrm.toml is there already: set owners in it yourself.",
    ]


@pytest.mark.parametrize(
    ("language", "begins", "what"), [("en", "Next:", "Say hello"), ("fi", "Seuraavaksi:", "Soita")]
)
def test_what_is_to_do_next_leads_to_an_agenda_with_a_customer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, begins: str, what: str
) -> None:
    """In the language of the vault: whoever types what is told has a note that is sound, and is reminded of it."""
    monkeypatch.chdir(tmp_path)
    told = plaincrm("init", "--language", language).output.splitlines()
    commands = [line.strip() for line in told[told.index(begins) + 1 :] if line.startswith("  plaincrm ")]
    new, agenda = (plaincrm(*shlex.split(command)[1:]) for command in commands)
    assert (new.exit_code, agenda.exit_code) == (0, 0)
    assert f"Acme Oy: {what}" in agenda.output
    assert plaincrm("check").output == "1 note checked: all is well.\n"
    note = (tmp_path / "customers/acme-oy.md").read_text(encoding="utf-8")
    assert not re.search(r"^(since|asiakas alkaen): ?\S", note, re.MULTILINE), "a lead is no customer since today"
    assert "?" not in note, "no question of the template is left for others to read"


def test_a_dry_run_makes_nothing(tmp_path: Path) -> None:
    told = json.loads(plaincrm("init", str(tmp_path / "crm"), "--dry-run", "--format", "json").output)
    assert told["dry_run"] is True
    assert {row["state"] for row in told["files"]} == {"made"}
    assert not (tmp_path / "crm").exists()


def test_notes_of_obsidian_are_looked_at(tmp_path: Path) -> None:
    make_vault(tmp_path, {"People/Jane.md": "---\nEmail: j@example.com\nTel: '+44 20 7946 0000'\nshoe: 38\n---\n"})
    (tmp_path / "plaincrm.toml").unlink()
    empty = plaincrm("init", str(tmp_path / "empty"), "--from-obsidian").output
    assert "nothing was written" in empty
    told = plaincrm("init", str(tmp_path), "--from-obsidian").output
    assert told.startswith(
        "1 note looked at.\n\n"
        "Folder  Customers  of notes  Log entries\n"
        "People          1         1            0\n\n"
        "Key    Notes  Read as\n"
        "Email      1  email\n"
        "Tel        1  phone\n"
        "shoe       1  left alone\n"
    )
    assert 'records = ["People/**/*.md"]' in (tmp_path / "plaincrm.toml").read_text(encoding="utf-8")


def test_a_note_is_opened_in_the_editor_of_the_user(tmp_path: Path) -> None:
    make_vault(tmp_path, {"a.md": "---\nname: Aurinko\n---\n\n## Log\n\n- 2026-01-02 call\n- 2026-02-03 call\n"})
    runner = CliRunner(env={"VISUAL": "", "EDITOR": "nano"})
    asked = ["--vault", str(tmp_path), "--today", "2026-03-01", "open", "aurinko"]
    path = tmp_path / "customers/a.md"
    assert runner.invoke(cli, asked).output == f"nano +8 {path}\n"
    assert runner.invoke(cli, [*asked, "--line", "2"]).output == f"nano +2 {path}\n"
    assert runner.invoke(cli, [*asked, "--obsidian"]).output.startswith("obsidian://open?path=")


def test_a_repository_is_made_and_told_how_to_merge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    told = plaincrm("init", str(tmp_path / "crm"), "--git")
    assert told.stderr.startswith("A git repository was made.\n")
    assert "merge=plaincrm" in (tmp_path / "crm/.gitattributes").read_text(encoding="utf-8")
    assert plaincrm("--vault", str(tmp_path / "crm"), "git-setup", "--check").exit_code == 0
    assert "was made" not in plaincrm("init", str(tmp_path / "crm"), "--git").stderr
