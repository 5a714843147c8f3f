"""Keeping the index true: what the folders hold is compared with the rows, and only what changed is read."""

from __future__ import annotations

import json
import marshal
import sqlite3
import stat
from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import chain
from typing import Any, NamedTuple

from plaincrm.index.digest import blake2b
from plaincrm.index.paths import shown_path
from plaincrm.index.tables import TABLES, Row, Rows
from plaincrm.vault.files import Entry, Files
from plaincrm.vault.find import Folder
from plaincrm.vault.vault import Vault

Progress = Callable[[int, int], None]  # files read so far, files to read

FRESH_NS = 2_000_000_000  # a stamp this near to the moment of reading proves nothing (git's racy rule; FAT counts 2 s)
_AT_ONCE = 50  # rows in one statement: a quarter less time than one by one
_FEW = 50  # notes whose phone numbers are looked up: for more the library is loaded anyway
_IDENTITIES = """
    select file, kind, value, line from identities where file = ?
    union all select file, 'id', key, 0 from customers where file = ?
    """
_HALF = 2**63  # SQLite's whole numbers are below it
NO_STAMPS = (0, 0, 0, 0, 0)  # of a file that is known by the name of its content
Result = tuple[str, Rows | None]  # blob id and rows of one file


class Change(NamedTuple):
    """A file to be read: its row's id, its path as people see it and as the system has it, the blob its row knows."""

    file: int
    path: str
    disk_path: str
    blob: str
    entry: Entry


def digest(folder: Folder, links: Iterable[tuple[object, ...]] = ()) -> bytes:
    """One value for all names and stamps of a folder, and for what its links lead to.

    The order of names is the system's: another one only costs a look.
    """
    seen = blake2b(marshal.dumps(folder.listing, 2), digest_size=16)
    for link in links:
        seen.update(repr(link).encode("utf-8", "backslashreplace"))
    return seen.digest()


def _links(folder: Folder, files: Files) -> list[tuple[object, ...]]:
    """Where the links among a folder's files lead: their targets can change while they stay as they are."""
    names = (row[0] for row in folder.listing if stat.S_ISLNK(row[5]) and row[0].endswith((".md", ".MD")))
    return [_target(f"{folder.path}/{name}" if folder.path else name, files) for name in names]


def _target(link: str, files: Files) -> tuple[object, ...]:
    try:
        path, entry = files.follow(link)
    except OSError as error:
        return (error.errno,)
    return path, *entry[1:]


def changed_folders(
    db: sqlite3.Connection, vault: Vault, folders: Iterable[Folder], digests: dict[str, bytes]
) -> tuple[list[Folder], list[str]]:
    """The folders that differ from the index, and the shown paths of those that are gone.

    `digests` takes those of folders without links, so that a second look at the same folders need not work them out.
    """
    stored = {path: (links, mark) for path, links, mark in db.execute("select path, links, digest from folders")}
    changed = []
    for folder in folders:
        links, mark = stored.pop(shown_path(folder.path), (0, None))
        if mark is not None and links:
            now = digest(folder, _links(folder, vault.files))
        elif mark is not None:
            now = digests.get(folder.path) or digests.setdefault(folder.path, digest(folder))
        if mark is None or mark != now:
            changed.append(folder)
    return changed, list(stored)


def sync(
    db: sqlite3.Connection,
    vault: Vault,
    folders: list[Folder],
    now_ns: int,
    progress: Progress | None,
    digests: dict[str, bytes] | None = None,
) -> None:
    """Bring the index up to the folders, in one transaction.

    `now_ns` is the file system's own clock when the folders were looked at: stamps as new as that are not trusted.
    `digests` are those that `changed_folders` took of these folders.
    """
    changed, gone = changed_folders(db, vault, folders, {} if digests is None else digests)
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
        self.identities: set[Row] = set()  # those that were written or taken out

    def run(self, changed: list[Folder], gone: list[str]) -> None:
        for path in gone:
            self._remove(file for (file,) in self._all("select file from files where folder = ?", path))
            self.db.execute("delete from folders where path = ?", (path,))
        from plaincrm.index import twins  # noqa: PLC0415 (when something has changed)

        changes = [change for folder in changed for change in self._compare(folder)]
        self._read(changes)
        if self.empty:
            twins.build(self.db)
        else:
            twins.renew(self.db, {(kind, value) for _file, kind, value, _line in self.identities})

    def _all(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        return self.db.execute(query, parameters).fetchall()

    def _compare(self, folder: Folder) -> list[Change]:
        """The files of a folder that have to be read; rows of files that are gone go."""
        links = _links(folder, self.vault.files)
        mark: bytes | None = digest(folder, links)  # before the links are followed: a later change shows next time
        found = self.vault.finder.sort_out(folder)
        known = {
            path: (file, blob, fresh, tuple(stamps))
            for file, path, blob, fresh, *stamps in self._all(
                "select file, path, blob, fresh, mtime_ns, ctime_ns, size, inode, mode from files where folder = ?",
                shown_path(folder.path),
            )
        }
        changes = []
        for entry in found.records:
            path = _path(folder, entry.name)
            file, blob, fresh, stamps = known.pop(path, (0, "", 1, ()))
            if self._is_fresh(entry):
                mark = None
            is_named = isinstance(entry.inode, str)
            if entry.inode == blob if is_named else (stamps == _stamps(entry) and not fresh):
                continue
            if not file:
                file, self.next_file = self.next_file, self.next_file + 1
            disk_path = f"{folder.path}/{entry.name}" if folder.path else entry.name
            changes.append(Change(file, path, disk_path, blob, entry))
        self._remove(file for file, *_rest in known.values())
        for name, found_fault in found.faults:
            file, self.next_file = self.next_file, self.next_file + 1
            self._put_files([_file_row(file, _path(folder, name), "", Entry(name, 0, 0, 0, 0, 0), False)])
            odd = (file, 0, found_fault.code, 1, 1, 1, 1, json.dumps(dict(found_fault.facts)), None)
            self._insert("diagnostics", [odd])
        row = (shown_path(folder.path), len(links), mark)
        self.db.execute("insert or replace into folders values (?, ?, ?)", row)
        return changes

    def _is_fresh(self, entry: Entry) -> bool:
        return max(entry.mtime_ns, entry.ctime_ns) > self.now_ns - FRESH_NS

    def _read(self, changes: list[Change]) -> None:
        from plaincrm.index.reading import read_changes  # noqa: PLC0415 (parsing, when needed)
        from plaincrm.records.phone import remember  # noqa: PLC0415

        for change in changes[:_FEW]:
            numbers = self._all("select shown, value from identities where file = ? and kind = 'phone'", change.file)
            remember(numbers, self.vault.config.country)
        done = 0
        indexes = self._drop_indexes() if self.empty else []  # so many rows are sorted faster at once than one by one
        unread = set()  # folders of files whose bytes could not be had: nothing proves that they cannot be had now
        with closing(read_changes(changes, self.vault.config.schema, self.vault.files)) as chunks:
            for chunk, results in chunks:
                self._replace(chunk, results)
                results = _named(chunk, results)  # noqa: PLW2901 (the same, under the names that the place knows)
                unread |= {
                    change.path.rpartition("/")[0]
                    for change, (blob, _rows) in zip(chunk, results, strict=True)
                    if not blob
                }
                self._put_files(
                    _file_row(change.file, change.path, blob, change.entry, not blob or self._is_fresh(change.entry))
                    for change, (blob, _rows) in zip(chunk, results, strict=True)
                )
                done += len(chunk)
                if self.progress:
                    self.progress(done, len(changes))
        self.db.executemany("update folders set digest = null where path = ?", [(path,) for path in unread])
        for sql in indexes:
            self.db.execute(sql)
        if self.empty:
            self._learn("terms")

    def _drop_indexes(self) -> list[str]:
        """Take away the indexes of schema.sql; the statements that create them again."""
        found = self._all("select name, sql from sqlite_master where type = 'index' and sql is not null")
        for name, _sql in found:
            self.db.execute(f"drop index {name}")
        return [sql for _name, sql in found]

    def _replace(self, chunk: list[Change], results: list[tuple[str, Rows | None]]) -> None:
        """Put the rows of a chunk of files in the place of those there are, table by table."""
        found = {change.file: rows for change, (_blob, rows) in zip(chunk, results, strict=True) if rows is not None}
        if not self.empty:
            self._remove(found)
            self.identities ^= {row[:4] for rows in found.values() for row in rows.get("identities", ())}
            self.identities ^= {
                (row[0], "id", row[2], 0) for rows in found.values() for row in rows.get("customers", ())
            }
        for table in TABLES:
            self._insert(table, [row for rows in found.values() for row in rows.get(table, ())])

    def _learn(self, terms: str) -> None:
        """Take the words of a vocabulary table that are new into ours, and their parts into the search."""
        (last,) = self.db.execute("select coalesce(max(id), 0) from vocabulary").fetchone()
        self.db.execute(
            "insert or ignore into vocabulary (term, folded)"
            f" select term, fold(term) from {terms} where length(term) >= 3 order by term"
        )
        self.db.execute("insert into parts (rowid, folded) select id, folded from vocabulary where id > ?", (last,))

    def _learn_from(self, notes: list[Row]) -> None:
        """The same for some notes, whose words a passing table tells."""
        for table in ("new_terms", "new_words"):
            self.db.execute(f"drop table if exists temp.{table}")
        self.db.execute(
            "create virtual table temp.new_words using fts5"
            " (name, text, content = '', tokenize = 'unicode61 remove_diacritics 2')"
        )
        self.db.execute("create virtual table temp.new_terms using fts5vocab ('temp', 'new_words', 'row')")
        self.db.executemany("insert into temp.new_words (rowid, name, text) values (?, ?, ?)", notes)
        self._learn("temp.new_terms")

    def _insert(self, table: str, rows: list[Row]) -> None:
        if not rows:
            return
        marks = f"({', '.join('?' * len(rows[0]))})"
        single = len(rows) % _AT_ONCE
        # `or fail`: a failure undoes the whole transaction anyway. What can be undone alone makes SQLite flush, at each
        # statement, what full-text search holds back.
        into = f"insert or fail into {table} values"
        self.db.executemany(f"{into} {marks}", rows[:single])
        many = f"{into} {', '.join([marks] * _AT_ONCE)}"
        for at in range(single, len(rows), _AT_ONCE):
            self.db.execute(many, [*chain.from_iterable(rows[at : at + _AT_ONCE])])
        if table == "notes":
            self.db.executemany("insert into words (rowid, name, text) values (?, ?, ?)", rows)
            if not self.empty:
                self._learn_from(rows)

    def _put_files(self, rows: Iterable[Row]) -> None:
        """A replacement makes SQLite write out what the search tables hold back, so it is done only where needed."""
        how = "insert" if self.empty else "insert or replace"
        self.db.executemany(f"{how} into files values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _remove(self, files: Iterable[int]) -> None:
        """Take out all rows of files; the search table wants to be told the text that it holds."""
        for file in files:
            for _file, name, text in self.db.execute("select file, name, text from notes where file = ?", (file,)):
                held = (file, name, text)
                self.db.execute("insert into words (words, rowid, name, text) values ('delete', ?, ?, ?)", held)
            self.identities ^= set(self._all(_IDENTITIES, file, file))
            for table in ("files", *TABLES):
                self.db.execute(f"delete from {table} where file = ?", (file,))


def _named(chunk: list[Change], results: list[Result]) -> list[Result]:
    """What was read, under the names by which the place it comes from knows contents."""
    return [
        (change.entry.inode if blob and isinstance(change.entry.inode, str) else blob, rows)
        for change, (blob, rows) in zip(chunk, results, strict=True)
    ]


def _file_row(file: int, path: str, blob: str, entry: Entry, fresh: bool) -> Row:
    return (file, path, path.rpartition("/")[0], *_stamps(entry), blob, int(fresh))


def _path(folder: Folder, name: str) -> str:
    return shown_path(f"{folder.path}/{name}" if folder.path else name)


def _stamps(entry: Entry) -> tuple[int, ...]:
    """The stamps as signed numbers of 64 bits: inodes of some systems and times of the year 2300 are larger."""
    if isinstance(entry.inode, str):
        return NO_STAMPS
    stamps = (entry.mtime_ns, entry.ctime_ns, entry.size, entry.inode, entry.mode)
    if max(stamps) < _HALF:
        return stamps
    return tuple((stamp + _HALF) % (2 * _HALF) - _HALF for stamp in stamps)
