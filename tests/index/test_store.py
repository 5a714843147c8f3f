import fcntl
import json
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import pytest

import plaincrm
from plaincrm.cli.run import run
from plaincrm.errors import IndexDamaged
from plaincrm.index import store
from plaincrm.index.index import Index
from plaincrm.index.store import Store, index_path
from tests.index.conftest import Notes

TODAY = date(2026, 11, 21)
AURINKO = """---
name: Kahvila Aurinko Oy
stage: customer
tier: key
tags: [café]
cadence: 6w
---

Sähköasennus.

## Log

### 2026-09-01 call - Asked for a quote
- [ ] Send the quote 📅 2026-09-03
[sale:: 1200] [cost:: 700]
"""


@pytest.fixture
def vault(notes: Notes) -> Notes:
    notes.write("aurinko", AURINKO)
    notes.write("niemi", "---\nname: Timo Niemi\nstage: lead\nsize: many\n---\n")
    notes.write("customers/far/rinne.md", "---\nname: Rinne\n---\n\n## Log\n\n### 2026-11-01 email in\n")
    return notes


def answers(root: Path, *, cache: bool = True) -> tuple[tuple[object, ...], list[str]]:
    """What the API answers to a few questions, and what it says beside."""
    vault = plaincrm.open_vault(root, cache=cache)
    found = (
        vault.agenda(TODAY),
        vault.check(),
        vault.list("stage:customer,lead"),
        vault.search("asennus quote"),
        vault.value(today=TODAY),
        vault.sql("select customer, path, blob from customers join files using (file) order by 1"),
    )
    return found, vault.notices


def ask(vault: Notes) -> list[str]:
    """See that the answers are those of an index built from nothing; give what was said beside."""
    found, notices = answers(vault.root)
    assert (found, []) == answers(vault.root, cache=False) or found == answers(vault.root, cache=False)[0]
    return notices


def reseal(vault: Notes) -> None:
    """Have damage look like an index that nobody touched, as a failing disk does."""
    found = Store(vault.index_path, vault.vault)
    found.open()
    found.lock(fcntl.LOCK_EX)
    found._lay_seal()
    found.close()


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


def test_400_randomly_damaged_index_files_give_400_right_answers(notes):
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
    again = ask(vault)
    assert again == [] or (set(again) == set(first) and "folder" in mishap + again[0] or "lock" in mishap)


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
    with pytest.raises(store.Unusable), found.writing():
        shutil.rmtree(found.path.parent)
        found.path.parent.mkdir(mode=0o700)
        found.path.write_bytes(b"half of what another process writes")
    assert not found.seal_path.exists()
    found.close()
    assert ask(vault) == []


# Damage that no stamp tells: a disk that fails


def test_damage_met_on_opening(vault):
    assert ask(vault) == []
    with vault.index_path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * (vault.index_path.stat().st_size - 4096))
    reseal(vault)
    notices = ask(vault)
    assert len(notices) == 1
    assert notices[0].startswith("The index cannot be used (")
    assert ask(vault) == []


def damage_the_words(vault: Notes) -> None:
    """Spoil the pages of the full-text search only, so that the index opens and other questions are answered."""
    db = sqlite3.connect(vault.index_path)
    db.execute("update words_data set block = zeroblob(length(block)) where id > 10")
    db.execute("update words_data set block = x'ffffffffff' where id = 10")
    db.commit()
    db.close()
    reseal(vault)


def test_damage_met_by_a_question(vault):
    assert ask(vault) == []
    damage_the_words(vault)
    with vault.open() as index, pytest.raises(IndexDamaged) as refusal:
        index.rows("select rowid from words where words match 'quote'")
    assert refusal.value.exit_code == 2
    damage_the_words(vault)
    notices = ask(vault)
    assert len(notices) == 1
    assert notices[0].startswith("The index is damaged (")
    assert ask(vault) == []


def test_damage_met_by_a_query_of_the_users_own(vault):
    assert ask(vault) == []
    damage_the_words(vault)
    asked = plaincrm.open_vault(vault.root)
    assert asked.sql("select rowid from words where words match 'quote'").rows == ((1,),)
    assert len(asked.notices) == 1


def test_text_that_cannot_be_decoded(vault):
    assert ask(vault) == []
    db = sqlite3.connect(vault.index_path)
    db.execute("update customers set sort_name = cast(x'ff' as text), name = cast(x'fe' as text)")
    db.commit()
    db.close()
    reseal(vault)
    assert len(ask(vault)) == 1
    assert ask(vault) == []


def test_the_command_line_reads_all_notes_where_the_index_breaks(vault, monkeypatch, capsys):
    really = Index.rows

    def broken(self: Index, query: str, parameters: object = ()) -> list:
        if self._store:
            raise self.damaged(sqlite3.DatabaseError("database disk image is malformed"))
        return really(self, query, parameters)

    assert run(["--vault", str(vault.root), "list", "--format", "csv"]) == 0
    right = capsys.readouterr()
    monkeypatch.setattr(Index, "rows", broken)
    assert run(["--vault", str(vault.root), "list", "--format", "csv"]) == 0
    said = capsys.readouterr()
    assert said.out == right.out
    assert said.err.count("\n") == right.err.count("\n") + 1
    assert "The index is damaged (database disk image is malformed); all notes were read anew." in said.err
    monkeypatch.undo()


def test_a_mistake_in_a_query_is_no_damage(vault):
    with vault.open(cache=False) as index, pytest.raises(sqlite3.OperationalError):
        index.rows("select nothing from nowhere")


# Others that are in the way


def test_another_process_that_keeps_the_lock(vault, monkeypatch):
    assert ask(vault) == []
    monkeypatch.setattr(store, "WAIT", 0.1)
    with vault.index_path.with_suffix(".lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        notices = ask(vault)
    assert set(notices) == {
        "The index cannot be used (another process keeps the index locked); all notes were read anew."
    }
    assert ask(vault) == []


def test_a_reader_that_never_ends(vault, monkeypatch):
    assert ask(vault) == []
    monkeypatch.setattr(store, "WAIT", 0.1)
    with vault.open():
        vault.write("new", "---\nname: New\n---\n")
        assert len(set(ask(vault))) == 1
    assert ask(vault) == []


@pytest.mark.parametrize("how", ["exclusive", "immediate"])
def test_another_program_that_has_the_file_open(vault, monkeypatch, how):
    assert ask(vault) == []
    monkeypatch.setattr(store, "BUSY", 0.05)
    other = sqlite3.connect(vault.index_path, isolation_level=None)
    other.execute(f"begin {how}")
    vault.write("new", "---\nname: New\n---\n")
    assert len(set(ask(vault))) <= 1
    assert ask(vault) == []
    other.close()
    assert ask(vault) == []


ASK = """
import sys, plaincrm
from datetime import date
vault = plaincrm.open_vault(sys.argv[1])
print(len(vault.list().customers), vault.search("asennus").total, vault.check().files, len(set(vault.notices)))
print(*vault.notices[:1])
"""


def asked_as(user: int, root: Path, **environment: str) -> list[str]:
    """What a user of that number is answered, and told."""
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment}
    command = [sys.executable, "-c", ASK, str(root)]
    done = subprocess.run(
        command,
        user=user,
        group=user,
        extra_groups=[],
        env=environment,
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.fixture
def open_to_all() -> Path:
    """A folder that other users may enter, unlike those of pytest."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    vault = Notes(folder / "vault")
    vault.write("aurinko", AURINKO)
    yield folder
    shutil.rmtree(folder)


def test_a_cache_folder_that_cannot_be_written(open_to_all):
    cache = open_to_all / "cache"
    cache.mkdir()
    for _time in range(2):
        said = asked_as(65534, open_to_all / "vault", XDG_CACHE_HOME=str(cache))
        assert said == [
            "1 1 1 1",
            f"The index cannot be used ({cache}/plaincrm cannot be written: Permission denied); all notes were read anew.",
        ]
    assert list(cache.iterdir()) == []


def test_an_index_that_somebody_else_laid_ready(open_to_all):
    cache = open_to_all / "cache"
    (cache / "plaincrm").mkdir(parents=True)
    (cache / "plaincrm").chmod(0o777)
    said = asked_as(65534, open_to_all / "vault", XDG_CACHE_HOME=str(cache))
    assert said[0] == "1 1 1 1"
    assert "belongs to another user" in said[1]


def test_an_own_cache_folder_that_has_become_read_only(open_to_all):
    cache = open_to_all / "cache"
    cache.mkdir()
    os.chown(cache, 65534, 65534)
    vault = open_to_all / "vault"
    assert asked_as(65534, vault, XDG_CACHE_HOME=str(cache)) == ["1 1 1 0", ""]
    for path in (cache / "plaincrm").iterdir():
        path.chmod(0o400)
    said = asked_as(65534, vault, XDG_CACHE_HOME=str(cache))
    assert said[0] == "1 1 1 1"


@pytest.mark.parametrize("environment", [{}, {"HOME": "home"}, {"XDG_CACHE_HOME": "relative"}])
def test_a_user_without_a_home(open_to_all, environment):
    vault = open_to_all / "vault"
    vault.chmod(0o777)
    before = sorted(vault.rglob("*"))
    said = asked_as(54321, vault, **environment)
    assert said[0] == "1 1 1 1"
    assert sorted(vault.rglob("*")) == before


def test_a_disk_that_is_full(vault):
    """A limit on the size of files stands in for the end of a disk: both fail in the middle of a write."""
    code = f"import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n\
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n{ASK}"
    done = subprocess.run([sys.executable, "-c", code, str(vault.root)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "3 1 3 1"
    assert ask(vault) == []
