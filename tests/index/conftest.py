import sqlite3
from pathlib import Path

import pytest

from plaincrm.index.index import Index, open_index
from plaincrm.index.store import index_path
from plaincrm.index.tables import TABLES
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
    for table in ("words", "parts"):
        db.execute(f"create virtual table temp.{table}_seen using fts5vocab(main, {table}, instance)")
        tokens = db.execute(f"select doc, term, col, offset from temp.{table}_seen").fetchall()
        found[table] = sorted(((paths[doc], *token) for doc, *token in tokens), key=repr)
        db.execute(f"drop table temp.{table}_seen")
    return found


def state(notes: Notes, *, cache: bool = True) -> dict[str, list[tuple[object, ...]]]:
    """The contents of the vault's index, opened anew."""
    with notes.open(cache=cache) as index:
        return contents(index.db)
