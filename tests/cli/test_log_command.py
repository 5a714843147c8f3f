"""`plaincrm log` on a terminal: the editor, and the question for the next step."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from plaincrm.cli.run import run
from tests.making import make_vault

NOTE = "---\nname: Acme\nstage: customer\n---\n\n## Log\n\n- 2026-11-01 call: a\n"
ENTRY = "- 2026-11-21 call in, Ann: x\n"
TODAY = "2026-11-21"


def at_terminal(vault: Path, arguments: list[str], typed: str, editor: str = "false") -> tuple[int, str]:
    """The exit code of a command at a terminal on which something is typed, and what it prints on its error stream."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "EDITOR": editor, "VISUAL": editor, "XDG_CACHE_HOME": str(vault / ".cache")}
    command = [sys.executable, "-m", "plaincrm", "--vault", str(vault), "--today", TODAY, *arguments]
    with subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        os.close(theirs)
        os.write(ours, typed.encode())
        _out, said = process.communicate(timeout=60)
        os.close(ours)
    return process.returncode, said.decode()


def note_after(vault: Path) -> str:
    return (vault / "customers/acme.md").read_text(encoding="utf-8")


def logged(fields: str = "") -> str:
    return NOTE.replace("customer\n", f"customer\n{fields}").replace("- 2026-11-01", f"{ENTRY}- 2026-11-01")


@pytest.mark.parametrize(
    ("typed", "times", "fields"),
    [
        ("fri\nAsk again\n", 1, "next: 2026-11-27\nnext_action: Ask again\n"),
        ("soon\nnext week\n+2w\n\n", 3, "next: 2026-12-05\n"),
        ("\n", 1, ""),
    ],
)
def test_the_next_step_is_asked_for(typed: str, times: int, fields: str, tmp_path: Path) -> None:
    vault = make_vault(tmp_path, {"acme.md": NOTE})
    code, said = at_terminal(vault, ["log", "acme", "call in, Ann: x"], typed)
    assert (code, note_after(vault)) == (0, logged(fields))
    assert said.count("When to be in touch next") == times


@pytest.mark.parametrize(
    ("note", "more"),
    [
        (NOTE.replace("customer\n", "customer\nnext: 2026-12-01\n"), []),
        (NOTE.replace("- 2026-11-01", "- 2026-12-24 visit: plan\n- 2026-11-01"), []),
        (NOTE, ["--promise", "Send it @friday"]),
        (NOTE, ["--next", "friday", ""]),
        (NOTE, ["--dry-run"]),
    ],
    ids=["set", "planned", "promised", "said", "dry"],
)
def test_nothing_is_asked_where_something_lies_ahead(note: str, more: list[str], tmp_path: Path) -> None:
    vault = make_vault(tmp_path, {"acme.md": note})
    code, said = at_terminal(vault, ["log", "acme", "call in, Ann: x", *more], "")
    assert (code, said) == (0, "")


def an_editor(folder: Path, text: str) -> str:
    """A program that writes a text before what it finds, as a person would; a moment later, as one does, too."""
    script = folder / "editor.py"
    script.write_text(
        "import pathlib, sys, time\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "time.sleep(0.02)\n"
        f"path.write_text({text!r} + path.read_text(encoding='utf-8'), encoding='utf-8')\n",
        encoding="utf-8",
    )
    return f"{sys.executable} {script}"


def test_without_text_the_editor_opens(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault", {"acme.md": NOTE})
    editor = an_editor(tmp_path, "call in, Ann: x\n")
    code, _said = at_terminal(vault, ["log", "acme"], "\n", editor)
    assert (code, note_after(vault)) == (0, logged())


def test_an_editor_that_gives_nothing_back_logs_nothing(tmp_path: Path) -> None:
    vault = make_vault(tmp_path, {"acme.md": NOTE})
    code, said = at_terminal(vault, ["log", "acme"], "", "true")
    assert (code, note_after(vault)) == (2, NOTE)
    assert "nothing was logged" in said


def test_what_was_typed_in_the_editor_is_given_back_where_it_is_refused(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault", {"acme.md": NOTE})
    editor = an_editor(tmp_path, "call in, Ann: x\nA long story [sale:: 3,200]\n")
    code, said = at_terminal(vault, ["log", "acme"], "", editor)
    assert (code, note_after(vault)) == (2, NOTE)
    assert "call in, Ann: x\nA long story [sale:: 3,200]" in said.replace("\r", "")
    assert "ambiguous-amount" in said


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["2026-11-10 call in: x"], "- 2026-11-10 call in: x\n"),
        (["10.11.2026 puhelu: x"], "- 2026-11-10 call: x\n"),
        (["2026-11-10 14:30 call in, Pekka: x", "--date", "10.11.2026"], "- 2026-11-10 14:30 call in, Pekka: x\n"),
        (["2026-12-10 suits", "--channel", "call"], f"- {TODAY} call: 2026-12-10 suits\n"),
    ],
)
def test_the_day_that_the_text_begins_with(arguments: list[str], line: str, tmp_path: Path) -> None:
    vault = make_vault(tmp_path, {"acme.md": NOTE})
    code, said = at_terminal(vault, ["log", "acme", *arguments], "\n")
    assert (code, "Error" in said) == (0, False)
    assert line in note_after(vault)


def test_two_days_are_one_too_many(tmp_path: Path) -> None:
    vault = make_vault(tmp_path, {"acme.md": NOTE})
    code, said = at_terminal(vault, ["log", "acme", "2026-11-10 call: x", "--date", "2026-11-11"], "")
    assert code == 2
    assert "Two days: --date 2026-11-11, and 2026-11-10 in the text." in said
    assert note_after(vault) == NOTE


def test_a_second_customer_is_no_word_of_the_text(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    vault = make_vault(tmp_path, {"acme.md": NOTE, "bolt.md": NOTE.replace("Acme", "Bolt")})
    asked = ["--vault", str(vault), "--today", TODAY, "log", "acme"]
    assert run([*asked, "bolt", "call out: both of you"]) == 2
    assert "bolt names a customer, too.\nTo log it for both: --also bolt." in capfd.readouterr().err
    assert run([*asked, "bolt", "arrived"]) == 0  # words without quotes are words
    assert run([*asked, "call out: to you", "--also", "bolt"]) == 0
    assert "\n- 2026-11-21 bolt arrived\n" in note_after(vault)
    assert "call out: to you" in (vault / "customers/bolt.md").read_text(encoding="utf-8")
