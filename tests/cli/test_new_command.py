"""`plaincrm new` and `rename` on a terminal, where they ask, and without one."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.making import make_vault

KNOWN = {"kuu.md": "---\nname: Kahvila Kuu\n---\n"}


def run(vault: Path, *words: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own; with `typed` its input is a terminal at which that is typed."""
    master, slave = pty.openpty()
    try:
        os.write(master, (typed or "").encode())
        return subprocess.run(
            [sys.executable, "-m", "plaincrm", "--vault", str(vault), "--no-cache", *words],
            stdin=subprocess.DEVNULL if typed is None else slave,
            env={**os.environ, "VISUAL": "code", "XDG_STATE_HOME": str(vault.parent / "state")},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.parametrize(("typed", "written"), [("y\n", True), ("n\n", False), ("\n", False), (None, False)])
def test_somebody_who_seems_to_be_there(tmp_path: Path, typed: str | None, written: bool) -> None:
    vault = make_vault(tmp_path / "vault", KNOWN)
    done = run(vault, "new", "Kahvila", "Kuu", "Oy", typed=typed)
    assert "  kuu  Kahvila Kuu: the same name  (customers/kuu.md:2)" in done.stderr
    assert ("Write a note of its own all the same?" in done.stderr) == (typed is not None)
    assert (vault / "customers/kahvila-kuu-oy.md").exists() == written
    assert (done.returncode == 0) == written


@pytest.mark.parametrize(("typed", "name"), [("y\n", "Kahvila Kuu"), ("n\n", "Moon")])
def test_a_name_that_another_customer_has_is_given_when_it_is_meant(tmp_path: Path, typed: str, name: str) -> None:
    vault = make_vault(tmp_path / "vault", {**KNOWN, "moon.md": "---\nname: Moon\n---\n"})
    done = run(vault, "rename", "moon", "Kahvila Kuu", "--keep-file", typed=typed)
    assert "If they are one, plaincrm merge kuu moon makes one note of both." in done.stderr
    assert "Call it so all the same?" in done.stderr
    assert f"name: {name}\n" in (vault / "customers/moon.md").read_text()


def test_the_editor_is_named_where_there_is_no_terminal(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault", KNOWN)
    done = run(vault, "new", "Moon", "--edit")
    path = vault / "customers/moon.md"
    assert done.stdout == f"customers/moon.md:1: new: Moon\ncode --goto {path}:1\n"
    assert run(vault, "new", "Sun", "--edit", "--dry-run").stdout.endswith("nothing was written.\n")


RELATED = {
    "optikko-tarkka.md": "---\nname: Optikko Tarkka\n---\n",
    "hotelli-a.md": "---\nname: Hotelli A\n---\n",
    "hotelli-b.md": "---\nname: Hotelli B\n---\n",
}


@pytest.mark.parametrize("word", ["parent=optikko", "parent=Optikko Tarkka", "parent=[[optikko-tarkka]]"])
def test_a_relation_is_named_as_customers_are(word: str, tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "v", RELATED)
    assert run(vault, "new", "Acme", word).returncode == 0
    assert run(vault, "set", "hotelli-a", word).returncode == 0
    for file in ("acme", "hotelli-a"):
        assert "parent: '[[optikko-tarkka]]'" in (vault / f"customers/{file}.md").read_text().replace('"', "'")


def test_a_relation_to_several_is_refused_and_one_to_nobody_told(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "v", RELATED)
    refused = run(vault, "new", "Acme", "parent=hotelli")
    assert (refused.returncode, (vault / "customers/acme.md").exists()) == (1, False)
    assert "Several customers are called hotelli:" in refused.stderr
    assert "hotelli-b" in refused.stderr
    assert "parent: there is no note nobody yet." in run(vault, "new", "Acme", "parent=nobody").stderr
