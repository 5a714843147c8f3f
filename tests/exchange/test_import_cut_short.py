"""An import that is killed at any point and run again leaves what one clean run leaves."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import pytest

from plaincrm import open_vault
from plaincrm.changes import system
from tests.changes.writing import in_child
from tests.exchange.test_import import PEKKA, csv, imported, notes_of, vault

LIST = "Name;Y-tunnus;Phone;City\nAcme Oy;2077474-0;;Oulu\nPekka Laine;;040 555 0001;Turku\nBolt Oy;1572860-0;;Pori\n"
CALLS = ("write", "fsync", "unlink", "open")


def begin(root: Path) -> None:
    for path in (root / "customers").glob("**/*"):
        path.unlink()
    (root / "customers/pekka.md").write_text(PEKKA.replace("city: Turku\n", ""), encoding="utf-8")


def kill_at(number: int) -> None:
    """Die at the so-many-th call that writes, with nothing said."""
    left = [number]

    def dying(name: str, of: ModuleType = os) -> None:
        real = getattr(of, name)

        def call(*args, **kwargs):
            left[0] -= 1
            if left[0] == 0:
                os._exit(9)
            return real(*args, **kwargs)

        setattr(of, name, call)

    for name in CALLS:
        dying(name)
    dying("_rename", system)  # of which Python knows nothing: it lets a note appear, or change places


def test_killed_anywhere_and_run_again_is_one_clean_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    here, file = vault(tmp_path), csv(tmp_path, LIST)
    begin(here.root)
    imported(here, file)
    clean, number = notes_of(here), 0
    assert clean.count("=== ") == 3
    assert "city: Turku" in clean
    seen = set[int]()
    while True:
        number += 1
        begin(here.root)

        def task(number: int = number) -> None:
            kill_at(number)
            imported(open_vault(here.root, cache=False), file)

        code = in_child(task)
        seen.add(notes_of(here).count("=== "))
        again = imported(open_vault(here.root, cache=False), file)
        assert notes_of(here) == clean, number
        assert {found.state for found in again.outcomes} <= {"new", "changed", "same"}
        left = [path.name for path in (here.root / "customers").iterdir() if not path.name.endswith(".md")]
        assert len([name for name in left if not name.startswith(".plaincrm-")]) == 0
        if code == 0:
            break
        assert code == 9
    assert number > 20
    assert seen == {1, 2, 3}  # some were killed between one note and the next


@pytest.mark.parametrize("number", [20, 60, 140, 200])
def test_many_notes_killed_among_them(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough notes that several are made sure of at a time."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    here = vault(tmp_path)
    file = csv(tmp_path, "Name;City\n" + "".join(f"Firm {row} Oy;Turku\n" for row in range(50)))

    def task() -> None:
        kill_at(number)
        imported(open_vault(here.root, cache=False), file)

    assert in_child(task) == 9
    again = imported(open_vault(here.root, cache=False), file)
    assert [found.state for found in again.outcomes] == ["new"] * 50
    assert notes_of(here).count("=== ") == 50
    assert {found.state for found in imported(here, file).outcomes} == {"same"}
