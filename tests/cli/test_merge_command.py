"""`plaincrm merge` and `plaincrm duplicates` as they are typed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from plaincrm.cli import merge
from plaincrm.cli.group import cli
from tests.making import EXAMPLE, make_vault

NOTES = {
    "a.md": "---\nname: Acme\naddress: Brahenkatu 9\n---\n",
    "b.md": "---\nname: Acmee\naddress: Linnankatu 3\nstage: lead\n---\n",
}


def run(vault: Path, *asked: str, answers: str = "") -> Result:
    arguments = ["--no-cache", "--vault", str(vault), "--today", "2026-11-21", *asked]
    return CliRunner().invoke(cli, arguments, input=answers)


def text(vault: Path) -> str:
    return (vault / "customers/a.md").read_text()


class Terminal:
    """What `sys` is where somebody sits at a terminal."""

    stdin = SimpleNamespace(isatty=lambda: True)

    @property
    def stderr(self) -> object:
        return sys.stderr


def test_without_a_terminal_nothing_is_asked(tmp_path: Path) -> None:
    vault = make_vault(tmp_path, NOTES)
    result = run(vault, "merge", "a", "b", "--take", "osoite=b")
    assert result.exit_code == 0
    assert "address: Linnankatu 3" in text(vault)
    assert "- address: Brahenkatu 9 → Linnankatu 3" in text(vault)
    assert not (vault / "customers/b.md").exists()


def test_on_a_terminal_each_choice_is_asked_and_then_whether_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = make_vault(tmp_path, NOTES)
    monkeypatch.setattr(merge, "sys", Terminal())
    result = run(vault, "merge", "a", "b", answers="a\nb\nn\n")
    assert result.exit_code == 1
    assert "name: a is Acme, b is Acmee. Keep" in result.stderr
    assert (vault / "customers/b.md").exists()
    result = run(vault, "merge", "a", "b", answers="a\nb\ny\n")
    assert result.exit_code == 0, result.output
    assert "name: Acme\n" in text(vault)
    assert "address: Linnankatu 3" in text(vault)


def test_notes_are_named_by_their_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = make_vault(tmp_path, NOTES)
    monkeypatch.chdir(vault / "customers")
    assert run(vault, "merge", "a.md", "b.md").exit_code == 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["merge", "a", "b", "--take", "address"], "whose value is kept is not clear"),
        (["merge", "a", "b", "--take", "address=c"], "whose value is kept is not clear"),
        (["duplicates", "--dry-run"], "--dry-run is for --not-same"),
        (["duplicates", "lead", "--not-same", "a", "b"], "takes two customers and no query"),
    ],
)
def test_what_cannot_be_understood(tmp_path: Path, asked: list[str], words: str) -> None:
    result = run(make_vault(tmp_path, NOTES), *asked)
    assert words in str(result.exception)


def test_duplicates_answer_with_0_whatever_they_are(tmp_path: Path) -> None:
    vault = make_vault(tmp_path, {**NOTES, "c.md": NOTES["a.md"]})
    result = run(vault, "duplicates")
    assert result.exit_code == 0
    assert "plaincrm merge a c" in result.stdout
    assert run(EXAMPLE, "duplicates").exit_code == 0


@pytest.mark.parametrize(("a", "b"), [("apteekki-linna", "optikko-tarkka"), ("nurmi-elina", "saari-kati")])
def test_two_of_the_example_vault_leave_it_clean(tmp_path: Path, a: str, b: str) -> None:
    notes = {path.relative_to(EXAMPLE).as_posix(): path.read_bytes() for path in EXAMPLE.rglob("*.md")}
    vault = Path(shutil.copytree(EXAMPLE, tmp_path / "vault"))
    linking = {path for path, text in notes.items() if b in text.decode()}
    result = run(vault, "merge", a, b)
    assert result.exit_code == 0, result.output
    now = {path.relative_to(vault).as_posix(): path.read_bytes() for path in vault.rglob("*.md")}
    changed = {path for path in notes if now.get(path) != notes[path]}
    own = {path for path in notes if path.endswith((f"/{a}.md", f"/{b}.md"))}
    assert changed == own | linking
    assert "all is well" in run(vault, "check").stdout
