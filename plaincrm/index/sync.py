"""Keeping the index true: what the folders hold is compared with the rows, and only what changed is read."""

from __future__ import annotations

import hashlib
import json
import marshal
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from plaincrm.index.tables import TABLES, Row, Rows
from plaincrm.language import unaccented
from plaincrm.vault.find import Entry, Folder
from plaincrm.vault.vault import Vault

Progress = Callable[[int, int], None]  # files read so far, files to read

FRESH_NS = 2_000_000_000  # a stamp this near to the moment of reading proves nothing (git's racy rule; FAT counts 2 s)
_FEW = 300  # files that one process reads as fast as several
_CHUNK = 150


class Change(NamedTuple):
    """A file to be read: its row's id, where it is, and the blob its row knows."""

    file: int
    path: str
    disk_path: str
    blob: str
    entry: Entry


def digest(folder: Folder) -> bytes:
    """One value for all names and stamps of a folder. The order is the system's: another one only costs a look."""
    return hashlib.blake2b(marshal.dumps(folder.listing, 2), digest_size=16).digest()


def changed_folders(db: sqlite3.Connection, folders: Iterable[Folder]) -> tuple[list[Folder], list[str]]:
    """The folders that differ from the index, and the paths of those that are gone."""
    stored: dict[str, bytes | None] = dict(db.execute("select path, digest from folders"))
    changed = [folder for folder in folders if stored.pop(folder.path, None) != digest(folder)]
    return changed, list(stored)


def sync(db: sqlite3.Connection, vault: Vault, folders: list[Folder], now_ns: int, progress: Progress | None) -> None:
    """Bring the index up to the folders, in one transaction.

    `now_ns` is the file system's own clock when the folders were looked at: stamps as new as that are not trusted.
    """
    changed, gone = changed_folders(db, folders)
    if not changed and not gone:
        return
    db.execute("begin immediate")
    try:
        _Update(db, vault, now_ns, progress).run(changed, gone)
        db.execute("commit")
    except BaseException:
        db.execute("rollback")
        raise


class _Update:
    """One transaction's work."""

    def __init__(self, db: sqlite3.Connection, vault: Vault, now_ns: int, progress: Progress | None) -> None:
        self.db = db
        self.vault = vault
        self.now_ns = now_ns
        self.progress = progress
        self.next_file: int = db.execute("select coalesce(max(file), 0) + 1 from files").fetchone()[0]
        self.empty = self.next_file == 1

    def run(self, changed: list[Folder], gone: list[str]) -> None:
        for path in gone:
            self._remove(file for (file,) in self._all("select file from files where folder = ?", path))
            self.db.execute("delete from folders where path = ?", (path,))
        changes = [change for folder in changed for change in self._compare(folder)]
        self._read(changes)

    def _all(self, query: str, *parameters: object) -> list[tuple[int, ...]]:
        return self.db.execute(query, parameters).fetchall()

    def _compare(self, folder: Folder) -> list[Change]:
        """The files of a folder that have to be read; rows of files that are gone go."""
        found = self.vault.finder.sort_out(folder)
        known = {
            path: (file, blob, fresh, stamps)
            for file, path, blob, fresh, *stamps in self._all(
                "select file, path, blob, fresh, mtime_ns, ctime_ns, size, inode, mode from files where folder = ?",
                folder.path,
            )
        }
        changes, fresh_seen = [], False
        for entry in found.records:
            path = shown_path(folder.path, entry.name)
            file, blob, fresh, stamps = known.pop(path, (0, "", 1, []))
            fresh_seen |= self._is_fresh(entry)
            if stamps == list(entry[1:]) and not fresh:
                continue
            if not file:
                file, self.next_file = self.next_file, self.next_file + 1
            disk_path = os.path.join(self.vault.root, folder.path, entry.name)  # noqa: PTH118 (a string, many times)
            changes.append(Change(file, path, disk_path, blob, entry))
        self._remove(file for file, *_rest in known.values())
        for name, found_fault in found.faults:
            file, self.next_file = self.next_file, self.next_file + 1
            self._put_file(file, shown_path(folder.path, name), "", Entry(name, 0, 0, 0, 0, 0))
            odd = (file, 0, found_fault.code, 1, 1, 1, 1, json.dumps(dict(found_fault.facts)))
            self._insert("diagnostics", [odd])
        mark = None if fresh_seen else digest(folder)
        self.db.execute("insert or replace into folders values (?, ?)", (folder.path, mark))
        return changes

    def _is_fresh(self, entry: Entry) -> bool:
        return max(entry.mtime_ns, entry.ctime_ns) > self.now_ns - FRESH_NS

    def _read(self, changes: list[Change]) -> None:
        done = 0
        for results in self._results(changes):
            for change, blob, found in results:
                if found is not None:
                    if change.blob or not self.empty:
                        self._remove([change.file])
                    for table, table_rows in found.items():
                        self._insert(table, table_rows)
                self._put_file(change.file, change.path, blob, change.entry)
            done += len(results)
            if self.progress:
                self.progress(done, len(changes))
        if self.empty:
            self.db.execute("insert into words(words) values ('rebuild')")

    def _results(self, changes: list[Change]) -> Iterator[list[tuple[Change, str, Rows | None]]]:
        """The files' rows, chunk by chunk; many files are read by several processes."""
        from plaincrm.index.reading import read_chunk, read_in_parallel  # noqa: PLC0415 (parsing, when needed)

        schema = self.vault.config.schema
        chunks = [changes[at : at + _CHUNK] for at in range(0, len(changes), _CHUNK)]
        workers = os.cpu_count() or 1
        if len(changes) < _FEW or workers == 1 or threading.active_count() > 1 or not hasattr(os, "fork"):
            for chunk in chunks:
                yield read_chunk(chunk, schema)
            return
        yield from read_in_parallel(chunks, schema, workers)

    def _insert(self, table: str, rows: list[Row]) -> None:
        if not rows:
            return
        marks = ", ".join("?" * len(rows[0]))
        columns = "(rowid, text)" if table == "parts" else ""
        self.db.executemany(f"insert into {table} {columns} values ({marks})", rows)  # noqa: S608 (our own names)
        if table == "notes" and not self.empty:
            self.db.executemany("insert into words (rowid, name, text) values (?, ?, ?)", rows)

    def _put_file(self, file: int, path: str, blob: str, entry: Entry) -> None:
        folder = path.rpartition("/")[0]
        row = (file, path, folder, *entry[1:], blob, int(self._is_fresh(entry)))
        self.db.execute("insert or replace into files values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def _remove(self, files: Iterable[int]) -> None:
        """Take out all rows of files; the search tables want to be told the text that they hold."""
        for file in files:
            for _file, name, text in self.db.execute("select file, name, text from notes where file = ?", (file,)):
                self.db.execute("insert into words (words, rowid, name, text) values ('delete', ?, ?, ?)", (file, name, text))
                folded = unaccented(f"{name}\n{text}")
                self.db.execute("insert into parts (parts, rowid, text) values ('delete', ?, ?)", (file, folded))
            for table in ("files", *TABLES):
                self.db.execute(f"delete from {table} where file = ?", (file,))  # noqa: S608 (our own names)


def shown_path(folder: str, name: str) -> str:
    """A file's path in the vault; bytes of a name that are no UTF-8 are shown as escapes."""
    path = f"{folder}/{name}" if folder else name
    return path if path.isascii() else path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
