import fcntl
import sqlite3
import time
from datetime import date
from pathlib import Path

import pytest

import plaincrm
from plaincrm.index.index import Index, open_index
from plaincrm.index.store import Store, connect, create, index_path
from plaincrm.index.sync import sync
from plaincrm.index.tables import TABLES
from plaincrm.vault.find import Folder
from plaincrm.vault.vault import Vault, load_vault


class Notes:
    """A vault written from strings, with its index in a cache folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "customers").mkdir(parents=True)

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file of the vault; a bare name is a note among the customers."""
        file = self.root / (path if "/" in path or path.endswith(".toml") else f"customers/{path}.md")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    @property
    def vault(self) -> Vault:
        """The vault with its settings as they are now."""
        return load_vault(self.root)

    @property
    def index_path(self) -> Path:
        return index_path(self.vault)

    def open(self, *, cache: bool = True) -> Index:
        return open_index(self.vault, cache=cache)


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Notes:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Notes(tmp_path / "vault")


def contents(db: sqlite3.Connection, *, stamps: bool = False) -> dict[str, list[tuple[object, ...]]]:
    """All that an index says, by the paths of files instead of their numbers, the search tables token by token."""
    paths: dict[int, str] = dict(db.execute("select file, path from files"))
    found: dict[str, list[tuple[object, ...]]] = {}
    for table in TABLES:
        rows = db.execute(f"select * from {table}").fetchall()
        found[table] = sorted(((paths[file], *row) for file, *row in rows), key=repr)
    known = "path, folder, blob" + (", mtime_ns, ctime_ns, size, inode, mode" if stamps else "")
    found["files"] = sorted(db.execute(f"select {known} from files"))
    found["folders"] = sorted(db.execute("select path, links from folders"))
    found["repeats"] = db.execute("select * from repeats").fetchall()
    found["neighbours"] = sorted((back, key, paths[at]) for back, key, at in db.execute("select * from neighbours"))
    found["lookalikes"] = sorted(
        (back, paths[at], paths[to]) for back, at, to in db.execute("select * from lookalikes")
    )
    tokens = tokens_of(db, "words")
    found["words"] = sorted(((paths[doc], *token) for doc, *token in tokens), key=repr)
    known: dict[str, int] = dict(db.execute("select term, id from vocabulary"))
    used = {term for _doc, term, *_rest in tokens if len(term) >= 3}
    assert {doc for doc, *_token in tokens_of(db, "parts")} == {known[term] for term in known}
    found["parts"] = sorted((term,) for term in known if term in used)
    return found


def tokens_of(db: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    """Every token of a search table with its place."""
    db.execute("drop table if exists temp.seen")
    db.execute(f"create virtual table temp.seen using fts5vocab(main, {table}, instance)")
    return db.execute("select doc, term, col, offset from temp.seen").fetchall()


def state(notes: Notes, *, cache: bool = True) -> dict[str, list[tuple[object, ...]]]:
    """The contents of the vault's index, opened anew."""
    with notes.open(cache=cache) as index:
        return contents(index.db)


class Memory:
    """An index in memory that is synced again and again. `later` seconds make the stamps of files old."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.db = connect(":memory:")
        create(self.db)

    def sync(self, later: float = 10, folders: list[Folder] | None = None) -> None:
        vault = self.notes.vault
        now = time.time_ns() + int(later * 1_000_000_000)
        sync(self.db, vault, list(vault.finder.folders()) if folders is None else folders, now, None)

    def contents(self, *, stamps: bool = False) -> dict:
        for table in ("words", "parts"):
            self.db.execute(f"insert into {table} ({table}) values ('integrity-check')")
        return contents(self.db, stamps=stamps)

    def codes(self) -> list[tuple[str, str]]:
        return self.db.execute("select path, code from diagnostics join files using (file) order by 1, 2").fetchall()


@pytest.fixture
def memory(notes: Notes) -> Memory:
    return Memory(notes)


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
    assert (found, []) == answers(vault.root, cache=False)
    return notices


def reseal(vault: Notes) -> None:
    """Have damage look like an index that nobody touched, as a failing disk does."""
    found = Store(vault.index_path, vault.vault)
    found.open()
    found.lock(fcntl.LOCK_EX)
    found._lay_seal()
    found.close()
