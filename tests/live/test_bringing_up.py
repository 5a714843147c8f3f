"""Many notes read by a process of its own: the index is there afterwards, and where it cannot be, nothing is lost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from plaincrm.index.glance import glance
from plaincrm.live import bringing_up
from plaincrm.vault.vault import Vault, load_vault
from tests.making import make_vault

NOTES = {"a.md": "---\nname: A\n---\n", "b.md": "---\nname: B\n---\n"}


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(bringing_up, "MANY", 2)
    return load_vault(make_vault(tmp_path / "vault", NOTES))


def brought_up(vault: Vault) -> tuple[list[tuple[int, int]], list[str]]:
    """What was told meanwhile, and the customers that the index knows afterwards."""
    told: list[tuple[int, int]] = []
    bringing_up.bring_up(vault, lambda done, total: told.append((done, total)))
    with glance(vault) as index:
        return told, [name for (name,) in index.rows("select name from customers order by name")] if index else []


def test_the_index_is_there_afterwards_and_no_module_of_the_vault_was_run(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Editors start the server in the vault's folder, where whatever was sent along may lie."""
    monkeypatch.chdir(vault.root)
    for name in ("plaincrm", "sqlite3", "multiprocessing"):
        (vault.root / f"{name}.py").write_text("open('run', 'w')\n", encoding="utf-8")
    assert brought_up(vault) == ([(2, 2)], ["A", "B"])
    assert not (vault.root / "run").exists()


def test_a_small_vault_is_left_to_others(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing_up, "MANY", 3)
    assert brought_up(vault) == ([], [])


@pytest.mark.parametrize("program", ["/nowhere/python", "/bin/false"])
def test_where_it_cannot_be_nothing_is_done(vault: Vault, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(sys, "executable", program)
    assert brought_up(vault) == ([], [])
