"""`--rev` and `--as-of` give the bytes that a check-out of the commit would give, and parse nothing a second time.

What may differ is not asked here: whether others can read the folder, where git sends it, and links that name a path
of the machine, which is where the links of a page lead, too.
"""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.history.asking import EACH, MORE, OFTEN, asked
from tests.history.year import Year

TODAY = "2027-06-30"


@pytest.fixture(scope="module")
def year(played: Year, tmp_path_factory: pytest.TempPathFactory) -> Year:
    """A copy of the year, with what it lacks: other settings, links, notes that go, and a folder that moves."""
    root = shutil.copytree(played.root, tmp_path_factory.mktemp("copy") / "vault", symlinks=True)
    year = replace(played, root=root)
    settings = root / "plaincrm.toml"
    for number, (old, new) in enumerate((("[vault]", "[vault]\nignore = ['customers/people/*']"), ("ignore", "# no"))):
        settings.write_text(settings.read_text().replace(old, new, 1))
        year.commit(f"other settings {number}")
    (root / "elsewhere").mkdir()
    (root / "elsewhere" / "linked.txt").write_text("---\nname: Linked Oy\nstage: lead\n---\n- 2027-03-01 call in: x\n")
    (root / "customers" / "linked.md").symlink_to("../elsewhere/linked.txt")
    (root / "customers" / "twice.md").symlink_to("companies/kahvila-aurinko.md")
    (root / "customers" / "gone.md").symlink_to("nowhere.md")
    (root / "customers" / "out.md").symlink_to("/etc/passwd")
    (root / "customers" / "folder").symlink_to("companies")
    (root / "customers" / "wrong (conflicted copy).md").write_text("---\nname: Copy\n---\n")
    (root / "customers" / "nul.md").write_bytes(b"\0\0\0")
    year.has_other_files = True
    year.commit("links")
    (root / "elsewhere" / "linked.txt").write_text("---\nname: Linked Otherwise Oy\nstage: lead\n---\n")
    (root / "customers" / os.fsdecode(b"caf\xe9.md")).write_text("---\nname: Caf\xe9\nstage: lead\n---\n")
    year.has_other_files = True
    year.commit("what a link leads to")
    (root / "customers" / "people").rename(root / "customers" / "folks")
    (root / ".obsidian").mkdir(exist_ok=True)
    (root / ".obsidian" / "templates.json").write_text('{"folder": "customers/housing"}')
    year.has_other_files = True
    year.commit("a folder renamed, another of templates")
    shutil.rmtree(root / "customers")
    year.has_other_files = True
    year.commit("nothing left")
    return year


@pytest.fixture(scope="module")
def commits(year: Year) -> list[str]:
    """50 of the year's commits, in no order; the last ones are among them."""
    names = year.git("rev-list", "HEAD").stdout.split()
    return random.Random(1).sample(names[6:], 44) + names[:6]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def checked_out(year: Year, commit: str, folder: Path) -> Path:
    """A commit in a folder of the same name, which knows what led to it and nothing later."""
    vault = folder / "vault"
    if not vault.exists():
        year.git("clone", "--quiet", "--shared", "--no-checkout", str(year.root), str(vault))
        vault.chmod(0o700)
    year.git("-C", str(vault), "checkout", "--quiet", "--force", "--detach", commit)
    return vault


def test_any_commit_answers_as_if_it_were_checked_out(year: Year, commits: list[str], folders: Path) -> None:
    for number, commit in enumerate(commits):
        vault = checked_out(year, commit, folders)
        for words in (*EACH, *(OFTEN if number % 25 == 0 or number >= 44 else ()), *(MORE if number % 25 == 0 else ())):
            here = asked(vault, "--today", TODAY, *words).replace(str(vault), "VAULT")
            then = asked(year.root, "--today", TODAY, "--rev", commit, *words).replace(str(year.root), "VAULT")
            assert then == here, (year.git("log", "-1", "--oneline", commit).stdout, words)
