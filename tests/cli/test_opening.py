"""--open: what is started, and what is printed where nothing can be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from plaincrm.cli.opening import Program, command_for, open_note
from plaincrm.cli.run import run
from tests.making import make_vault

NOTE = Path("/v/customers/päivi & co.md")
URI = "obsidian://open?path=%2Fv%2Fcustomers%2Fp%C3%A4ivi%20%26%20co.md"
COMMANDS = {
    "vi, where nothing is said": ({}, ["vi", "+7", str(NOTE)]),
    "an editor": ({"EDITOR": "nano"}, ["nano", "+7", str(NOTE)]),
    "the visual one first": ({"EDITOR": "nano", "VISUAL": "emacs -nw"}, ["emacs", "-nw", "+7", str(NOTE)]),
    "Visual Studio Code": ({"EDITOR": "/usr/bin/code --wait"}, ["/usr/bin/code", "--wait", "--goto", f"{NOTE}:7"]),
    "Helix": ({"EDITOR": "hx"}, ["hx", f"{NOTE}:7"]),
    "Kate": ({"EDITOR": "kate -n"}, ["kate", "-n", "--line", "7", str(NOTE)]),
}


@pytest.mark.parametrize(("environ", "expected"), COMMANDS.values(), ids=COMMANDS)
def test_the_command_of_an_editor(environ: dict[str, str], expected: list[str]) -> None:
    assert command_for("editor", NOTE, 7, environ, "linux") == expected


@pytest.mark.parametrize(("platform", "opener"), [("linux", "xdg-open"), ("darwin", "open")])
def test_the_command_of_obsidian(platform: str, opener: str) -> None:
    assert command_for("obsidian", NOTE, 7, {}, platform) == [opener, URI]


@pytest.mark.parametrize(
    ("program", "is_terminal", "installed", "printed"),
    [
        ("editor", True, True, ""),
        ("editor", False, True, "nano +7 '/v/customers/päivi & co.md'\n"),
        ("editor", True, False, "nano +7 '/v/customers/päivi & co.md'\n"),
        ("obsidian", True, False, f"{URI}\n"),
        ("obsidian", False, True, f"{URI}\n"),
    ],
)
def test_what_cannot_be_started_is_printed(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    program: Program,
    is_terminal: bool,
    installed: bool,
    printed: str,
) -> None:
    for name in ("nano", "xdg-open") if installed else ():
        (tmp_path / name).touch(mode=0o755)
    started: list[Sequence[str]] = []
    environ = {"EDITOR": "nano", "PATH": str(tmp_path)}
    open_note(program, NOTE, 7, is_terminal=is_terminal, environ=environ, start=started.append)
    assert capsys.readouterr().out == printed
    assert started == ([] if printed else [["nano", "+7", str(NOTE)]])


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (["--open", "acme"], "nano +5 {}"),
        (["acme", "--open"], "nano +5 {}"),
        (["acme", "--open", "--full"], "nano +5 {}"),
        (["--open=obsidian", "acme"], "obsidian://open?path={}"),
        (["--open", "obsidian", "acme"], "obsidian://open?path={}"),
    ],
)
def test_the_option(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    last: str,
) -> None:
    monkeypatch.setenv("VISUAL", "nano")
    note = "---\nname: Acme\n---\n- 2027-01-01 visit: planned\n- 2026-11-12 call: a quote\n"
    path = make_vault(tmp_path, {"acme.md": note}).resolve() / "customers/acme.md"
    assert run(["--vault", str(tmp_path), "--no-cache", "--today", "2026-11-21", "show", *arguments]) == 0
    shown = str(path).replace("/", "%2F") if "obsidian" in last else str(path)
    assert capsys.readouterr().out == f"{last.format(shown)}\n"


def test_another_word_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_vault(tmp_path, {"acme.md": "---\nname: Acme\n---\n"})
    assert run(["--vault", str(tmp_path), "show", "acme", "--open=word"]) == 2
    assert "there is no word.\nWrite one of editor, obsidian." in capsys.readouterr().err
