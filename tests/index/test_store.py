import fcntl
import json
import os
import random
import shutil
import sqlite3
import stat
from pathlib import Path

import platformdirs
import pytest

import plaincrm
from plaincrm.index import store, sync
from plaincrm.index.store import Store, index_path
from plaincrm.vault.vault import load_vault
from tests.index.conftest import Notes, ask, reseal


def test_the_index_and_its_folder_are_for_their_owner_alone(vault):
    os.umask(0)
    try:
        assert ask(vault) == []
    finally:
        os.umask(0o022)
    folder = vault.index_path.parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        ".sqlite": 0o600,
        ".seal": 0o600,
        ".lock": 0o600,
    }
    folder.chmod(0o755)
    assert ask(vault) == []
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_400_randomly_damaged_index_files_give_400_right_answers(notes, monkeypatch):
    monkeypatch.setattr(sync, "FRESH_NS", -60_000_000_000)  # so that only damage has the index written
    notes.write("a", "---\nname: A\nstage: customer\n---\n\nSähköasennus.\n")
    notes.write("b", "---\nname: B\ncolor: red\n---\n\n## Log\n\n### 2026-11-01 email in\n")
    vault = plaincrm.open_vault(notes.root)
    right = vault.search("asennus"), vault.check(), vault.list()
    assert vault.notices == []
    chance = random.Random(1)
    path = notes.index_path
    for _flip in range(400):
        with path.open("r+b") as stream:
            for _byte in range(8):
                stream.seek(chance.randrange(path.stat().st_size))
                byte = stream.read(1)[0]
                stream.seek(-1, os.SEEK_CUR)
                stream.write(bytes([byte ^ chance.randrange(1, 256)]))
        os.utime(path, ns=(0, 0))  # the stamp that anybody can set tells nothing
        asked = plaincrm.open_vault(notes.root)
        assert (asked.search("asennus"), asked.check(), asked.list()) == right
        assert asked.notices == ["The index had been changed from outside and was built anew."]


def remove(path: Path) -> None:
    path.unlink()


def replace_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replace_by_a_link(path: Path) -> None:
    path.rename(path.with_name("moved"))
    path.symlink_to("moved")


def replace_by_a_copy(path: Path) -> None:
    shutil.copy2(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


def add_a_journal(path: Path) -> None:
    for name in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + name).write_bytes(bytes.fromhex("d9d505f920a163d7") + b"\0" * 600)


MISHAPS = {
    "index emptied": lambda index, _seal: index.write_bytes(b""),
    "index cut": lambda index, _seal: os.truncate(index, 5000),
    "index longer": lambda index, _seal: os.truncate(index, index.stat().st_size + 4096),
    "index is text": lambda index, _seal: index.write_text("SQLite format 3"),
    "index is another database": lambda index, _seal: (
        sqlite3.connect(index).executescript("create table t (x)").close()
    ),
    "index without rows": lambda index, _seal: sqlite3.connect(index).executescript("delete from customers").close(),
    "index removed": lambda index, _seal: remove(index),
    "index is a folder": lambda index, _seal: replace_by_a_folder(index),
    "index is a link": lambda index, _seal: replace_by_a_link(index),
    "index is a copy": lambda index, _seal: replace_by_a_copy(index),
    "index with a journal": lambda index, _seal: add_a_journal(index),
    "index for all to read": lambda index, _seal: index.chmod(0o644),
    "index of somebody else": lambda index, _seal: os.chown(index, 65534, 65534),
    "seal removed": lambda _index, seal: remove(seal),
    "seal emptied": lambda _index, seal: seal.write_bytes(b""),
    "seal is text": lambda _index, seal: seal.write_text("\ud800 x", errors="surrogatepass"),
    "seal is a list": lambda _index, seal: seal.write_text("[]"),
    "seal is nested": lambda _index, seal: seal.write_text("[" * 100_000),
    "seal is a folder": lambda _index, seal: replace_by_a_folder(seal),
    "seal is a pipe": lambda _index, seal: (seal.unlink(), os.mkfifo(seal)),
    "seal of a future program": lambda _index, seal: seal.write_text(
        json.dumps({**json.loads(seal.read_text()), "program": "new"})
    ),
    "lock is a folder": lambda index, _seal: replace_by_a_folder(index.with_suffix(".lock")),
    "lock is a link": lambda index, _seal: replace_by_a_link(index.with_suffix(".lock")),
    "all removed": lambda index, _seal: shutil.rmtree(index.parent),
    "folder is a file": lambda index, _seal: (shutil.rmtree(index.parent), index.parent.write_text("")),
    "folder of somebody else": lambda index, _seal: os.chown(index.parent, 65534, 65534),
}


# What is not ours to clear away stays, and is told each time.
LASTING = {
    "index is a folder",
    "seal is a folder",
    "lock is a folder",
    "lock is a link",
    "folder is a file",
    "folder of somebody else",
}


@pytest.mark.parametrize("mishap", MISHAPS)
def test_what_happens_to_the_files_of_the_index_changes_no_answer(vault, mishap):
    assert ask(vault) == []
    index = vault.index_path
    if "somebody else" in mishap and os.geteuid() != 0:
        pytest.skip("only root can give files away")
    MISHAPS[mishap](index, index.with_suffix(".seal"))
    first = ask(vault)
    assert len(set(first)) <= 1
    vault.write("new", "---\nname: New\n---\n")
    assert set(ask(vault)) == (set(first) if mishap in LASTING else set())


def test_the_index_of_another_vault_is_not_taken(vault, tmp_path):
    other = Notes(tmp_path / "other")
    other.write("x", "---\nname: Xylitol\n---\n")
    assert ask(other) == []
    assert ask(vault) == []
    for ending in (".sqlite", ".seal"):
        shutil.copy2(index_path(other.vault).with_suffix(ending), vault.index_path.with_suffix(ending))
    assert len(ask(vault)) == 1
    assert ask(vault) == []
    reseal_as = json.loads(index_path(other.vault).with_suffix(".seal").read_text())
    shutil.copy2(index_path(other.vault), vault.index_path)
    reseal(vault)
    seal = json.loads(vault.index_path.with_suffix(".seal").read_text())
    vault.index_path.with_suffix(".seal").write_text(json.dumps({**seal, "vault": reseal_as["vault"]}))
    assert ask(vault) == []


def test_a_vault_that_is_moved_gets_an_index_of_its_own(vault, tmp_path):
    assert ask(vault) == []
    vault.root.rename(tmp_path / "moved")
    vault.root = tmp_path / "moved"
    assert ask(vault) == []


def test_an_index_that_is_deleted_while_it_is_open_still_answers(vault):
    with vault.open() as index:
        shutil.rmtree(vault.index_path.parent)
        assert index.rows("select count(*) from customers") == [(3,)]
    assert ask(vault) == []


def test_a_folder_that_is_cleared_during_a_build_gets_no_seal(vault):
    found = Store(vault.index_path, vault.vault)
    found.open()
    found.lock(fcntl.LOCK_EX)
    building = found.writing()
    building.__enter__()
    shutil.rmtree(found.path.parent)
    found.path.parent.mkdir(mode=0o700)
    found.path.write_bytes(b"half of what another process writes")
    with pytest.raises(store.Unusable):
        building.__exit__(None, None, None)
    assert not found.seal_path.exists()
    found.close()
    assert ask(vault) == []


@pytest.mark.parametrize("cache", [None, "", " ", "/", "/caches", "/caches//x/", "~/x", "relative"])
@pytest.mark.parametrize("home", ["/", "/home/liisa", "/home/liisa/", "//home"])
def test_the_index_lives_where_platformdirs_says(notes, monkeypatch, cache, home):
    monkeypatch.setenv("HOME", home)
    monkeypatch.delenv("XDG_CACHE_HOME")
    if cache is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", cache)
    assert index_path(load_vault(notes.root)).parent == platformdirs.user_cache_path("plaincrm")
