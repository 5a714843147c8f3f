"""Colours on terminals and nowhere else; the page as wide as the terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.making import make_vault

NOTES = {"acme.md": "---\nname: Äcme\nnext: 2026-11-21\nnext_action: " + "word " * 40 + "\n---\n"}
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make_vault(tmp_path / "vault", NOTES)


def on_terminal(vault: Path, *options: str, columns: int = 90, **environment: str) -> str:
    """What a command prints on a terminal of its own."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM", "COLUMNS")}
    process = subprocess.Popen(
        [sys.executable, "-m", "plaincrm", "--vault", vault, "--today", "2026-11-21", "--no-cache", *options, "agenda"],
        stdout=follower,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env={**kept, "TERM": "xterm-256color", **environment},
    )
    os.close(follower)
    seen = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # EIO: the other end is closed
            break
        if not piece:
            break
        seen += piece
    os.close(leader)
    assert process.wait() == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    return seen.decode().replace("\r\n", "\n")


def piped(vault: Path, *options: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "plaincrm", "--vault", vault, "--today", "2026-11-21", "--no-cache", *options, "agenda"],
        capture_output=True,
        check=True,
        env={**os.environ, **environment},
    )
    return done.stdout.decode()


def test_a_terminal_gets_colours(vault: Path) -> None:
    shown = on_terminal(vault)
    assert COLOUR.search(shown)
    assert "\x1b" not in COLOUR.sub("", shown)
    assert max(map(len, COLOUR.sub("", shown).split("\n"))) in range(80, 91)


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_a_terminal_that_wants_none_gets_none(vault: Path, environment: dict[str, str]) -> None:
    assert "\x1b" not in on_terminal(vault, **environment)


def test_the_command_line_has_the_last_word(vault: Path) -> None:
    assert "\x1b" not in on_terminal(vault, "--color", "never")
    assert COLOUR.search(on_terminal(vault, "--color", "always", NO_COLOR="1"))
    assert COLOUR.search(piped(vault, "--color", "always", NO_COLOR="1", TERM="dumb"))


def test_a_pipe_gets_plain_text_of_80_columns(vault: Path) -> None:
    shown = piped(vault)
    assert "\x1b" not in shown
    assert max(map(len, shown.split("\n"))) in range(70, 81)
    assert COLOUR.sub("", piped(vault, "--color", "always")) == shown


@pytest.mark.parametrize(("columns", "width"), [("10", 40), ("100", 100), ("1000", 160), ("x", 80)])
def test_the_page_has_bounds(vault: Path, columns: str, width: int) -> None:
    longest = max(map(len, piped(vault, COLUMNS=columns).split("\n")))
    assert width - 10 < longest <= width
