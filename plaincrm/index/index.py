"""The index opened: brought up to the vault's files, then asked in SQL. A bad index costs time, never an answer."""

from __future__ import annotations

import fcntl
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from plaincrm.dates import parse_duration
from plaincrm.errors import IndexDamaged
from plaincrm.index.holidays import keep_holidays
from plaincrm.index.store import Store, Unusable, connect, connect_to_read, create, index_path
from plaincrm.index.sync import Progress, changed_folders, sync
from plaincrm.language import unaccented
from plaincrm.money import decimal_text, from_units, to_units
from plaincrm.vault.vault import Vault

_CENT = Decimal("0.01")


class Index:
    """A connection to the tables of schema.sql, as true as the vault was when it was opened.

    `notice` is a sentence for the user where the index on disk could not be used or had to be built anew.
    """

    def __init__(self, vault: Vault, db: sqlite3.Connection, notice: str = "", store: Store | None = None) -> None:
        self.vault = vault
        self.db = db
        self.notice = notice
        self._store = store
        db.create_function("holds", 3, _holds, deterministic=True)
        db.create_function("money", 1, _money, deterministic=True)
        db.create_function("fold", 1, _folded, deterministic=True)
        db.create_function("after", 2, _after, deterministic=True)
        db.create_function("convert", 2, _converted, deterministic=True)
        db.create_function("link_key", 1, _link_key, deterministic=True)

    def rows(self, query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query.

        Raises:
            IndexDamaged: the index on disk cannot answer it.
        """
        return self.table(query, parameters)[1]

    def table(
        self, query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The names of a query's columns, and its rows.

        Raises:
            IndexDamaged: the index on disk cannot answer it.
        """
        try:
            cursor = self.db.execute(query, parameters)
            return [column[0] for column in cursor.description or ()], cursor.fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if isinstance(error, sqlite3.ProgrammingError):
                raise
            raise self.damaged(error) from error

    def batches(self, query: str, parameters: Sequence[Any] = (), size: int = 1000) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query, some at a time, so that not all of them need room at once.

        Raises:
            IndexDamaged: the index on disk cannot answer it.
        """
        try:
            cursor = self.db.execute(query, parameters)
            while rows := cursor.fetchmany(size):
                yield rows
        except sqlite3.ProgrammingError:
            raise
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise self.damaged(error) from error

    def damaged(self, error: Exception) -> Exception:
        """What to raise for an error that the query did not cause; whoever opens the index next builds it anew.

        Where all is in memory there is nothing to build anew: such an error is told as it is.
        """
        if self._store is None:
            return error
        self._store.break_seal()
        return IndexDamaged(f"The index is damaged ({error}); all notes were read anew.")

    def close(self) -> None:
        """Close the connection and let others write."""
        self.db.close()
        if self._store:
            self._store.close()
            self._store = None

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _holds(text: str, spans: str | None, word: str) -> bool:
    from plaincrm.index.parts import holds  # noqa: PLC0415 (for queries of a part only)

    return holds(text, spans, word)


def _money(units: int | None) -> str | None:
    return None if units is None else decimal_text(from_units(units))


def _after(day: str | None, length: str | None) -> str | None:
    found = parse_duration(length) if day and length else None
    return found.after(date.fromisoformat(day)).isoformat() if found and day else None


def _converted(units: int | None, rate: str) -> int | None:
    """An amount in another currency, to the cent (half to even)."""
    return None if units is None else to_units((from_units(units) * Decimal(rate)).quantize(_CENT))


def _link_key(target: str | None) -> str | None:
    from plaincrm.records.names import link_key  # noqa: PLC0415 (where links are followed only)

    return None if target is None else link_key(target)


def _folded(text: str | None) -> str | None:
    return None if text is None else unaccented(text)


def open_index(vault: Vault, *, cache: bool = True, progress: Progress | None = None, moving: bool = False) -> Index:
    """The index of a vault, up to date; of one whose files never change see index/past.py.

    With `cache=False`, or where the index on disk cannot be used, it is built in memory from all notes.
    """
    if not cache:
        return _in_memory(vault, progress)
    try:
        if vault.files.state:
            from plaincrm.index.past import open_past  # noqa: PLC0415 (where it is asked for)

            return open_past(vault, progress, moving=moving)
        return _on_disk(vault, progress)
    except (Unusable, sqlite3.Error, OSError) as error:
        why = str(error) or type(error).__name__
        return _in_memory(vault, progress, f"The index cannot be used ({why}); all notes were read anew.")


def _in_memory(vault: Vault, progress: Progress | None, notice: str = "") -> Index:
    db = connect(":memory:")
    create(db)
    sync(db, vault, list(vault.finder.folders()), time.time_ns(), progress)
    return Index(vault, db, notice)


def _on_disk(vault: Vault, progress: Progress | None) -> Index:
    store = Store(index_path(vault), vault)
    try:
        store.open()
        return _opened(store, vault, progress)
    except BaseException as error:
        if isinstance(error, sqlite3.Error):
            store.break_seal()
        store.close()
        raise


def _opened(store: Store, vault: Vault, progress: Progress | None) -> Index:
    """Read under the shared lock where nothing changed; else write under the exclusive one, and then read.

    The folders are looked at once. Should another process have seen a later state meanwhile, a file that changed in
    between is read again, now or by the next question.
    """
    notice = ""
    now, folders, digests = store.now_ns(), list(vault.finder.folders()), dict[str, bytes]()
    for attempt in range(5):
        store.lock(fcntl.LOCK_SH)
        if store.is_sealed():
            db = connect_to_read(store.path)
            if attempt or changed_folders(db, vault, folders, digests) == ([], []):
                return Index(vault, db, notice, store)
            db.close()
        elif store.was_tampered():
            notice = "The index had been changed from outside and was built anew."
        store.lock(fcntl.LOCK_EX)
        with store.writing() as db:
            sync(db, vault, folders, now, progress, digests)
            keep_holidays(db, vault.config)
    raise Unusable("other processes keep changing it")
