"""Each command on the example vault: git sees the lines that one expects and no others, and all is still well."""

from __future__ import annotations

import shlex
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import plaincrm
from plaincrm.cli.group import cli
from tests.history.repository import commit_all, git, set_up
from tests.making import EXAMPLE

C, H, P = "customers/companies", "customers/housing", "customers/people"
TODAY = date(2026, 11, 21)
AURINKO = f"{C}/kahvila-aurinko.md"

# What is typed, and the lines added and taken away, by file.
TABLE: list[tuple[str, dict[str, tuple[int, int]]]] = [
    ("set aurinko next=friday tags+=pavement", {AURINKO: (2, 2)}),
    ("set aurinko deny-=call lost_reason=price needs=", {AURINKO: (1, 2)}),
    ("set aurinko next=2026-12-01", {}),
    (
        'set "tier:key city:Turku" verified=today --all',
        {
            f"{H}/as-oy-hameenkatu-12.md": (1, 1),
            f"{H}/asunto-oy-linnankoski.md": (1, 1),
            f"{C}/hotelli-satama.md": (1, 1),
            AURINKO: (1, 1),
            f"{H}/kiinteisto-meri.md": (1, 1),
        },
    ),
    ('log aurinko "call in, Pekka: blue" --next friday Ring', {AURINKO: (4, 2)}),
    ('log peukaloinen "call out, Tuija: x" --promise "Send it @friday"', {f"{C}/paivakoti-peukaloinen.md": (3, 0)}),
    ('log satama --also aurinko "note: both"', {f"{C}/hotelli-satama.md": (2, 0), AURINKO: (2, 0)}),
    ("done aurinko quote --next friday Ask", {AURINKO: (3, 3)}),
    ("done aurinko oil", {AURINKO: (2, 1)}),
    ("next aurinko +2w Ask about the roof", {AURINKO: (2, 2)}),
    ("next aurinko --clear", {AURINKO: (0, 3)}),
    ("snooze aurinko +1w", {AURINKO: (1, 1)}),
    ("snooze aurinko +1w quote", {AURINKO: (1, 1)}),
    ('new "Uusi Yritys Oy" type=company', {f"{C}/uusi-yritys-oy.md": (28, 0)}),
    (
        'rename salo-consulting "Salo & Pojat Oy" --file salo-pojat',
        {
            "Agenda.md": (1, 1),
            "Agenda/liisa.md": (1, 1),
            "Value 2026.md": (1, 1),
            f"{C}/salo-consulting.md": (0, 79),
            f"{C}/salo-pojat.md": (80, 0),
            f"{C}/hotelli-satama.md": (1, 1),
            AURINKO: (1, 1),
            f"{C}/optikko-tarkka.md": (1, 1),
            "daily/2026-11-20.md": (1, 1),
        },
    ),
    ('rename aurinko "Kahvila Kuu" --keep-file', {AURINKO: (2, 1)}),
    ("archive aurinko --reason price", {AURINKO: (3, 4)}),
    ("fix", {}),
]


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example vault in git, where all is well."""
    root = tmp_path / "vault"
    shutil.copytree(EXAMPLE, root)
    set_up(tmp_path, monkeypatch)
    git(root, "init", "--quiet")
    commit_all(root)
    return root


def lines(root: Path) -> dict[str, tuple[int, int]]:
    """Lines added and taken away since, by file; a file that comes or goes with all its lines."""
    git(root, "add", "--all")
    rows = [row.split("\t") for row in git(root, "diff", "--cached", "--numstat", "--no-renames").splitlines()]
    return {file: (int(added), int(gone)) for added, gone, file in rows}


@pytest.mark.parametrize(("typed", "expected"), TABLE, ids=[typed for typed, _lines in TABLE])
def test_the_lines_that_change(typed: str, expected: dict[str, tuple[int, int]], vault: Path) -> None:
    words = ["--vault", str(vault), "--today", "2026-11-21", "--no-cache"]
    done = CliRunner().invoke(cli, [*words, *shlex.split(typed)], catch_exceptions=False)
    assert done.exit_code in (0, None)
    assert lines(vault) == expected
    opened = plaincrm.open_vault(vault, cache=False)
    assert opened.check(TODAY).diagnostics == ()
    if expected:
        opened.undo()
        assert lines(vault) == {}
