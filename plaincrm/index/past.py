"""Indexes of states that never change, as commits are: a few files beside the vault's index, each for one state.

A new one begins as a copy of the nearest that is there, so that only what differs is read.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from plaincrm.index.index import Index
from plaincrm.index.paths import shown_path
from plaincrm.index.store import Store, Unusable, connect_to_read, index_path
from plaincrm.index.sync import Progress, sync
from plaincrm.vault.find import Folder
from plaincrm.vault.vault import Vault

KEPT = 4  # indexes of states; the one that was asked longest ago gives way
_STILL = """
    update files set mtime_ns = 0, ctime_ns = 0, size = 0, inode = 0, mode = 0, fresh = 0
    where mtime_ns <> 0 and blob <> ''
    """


def open_past(vault: Vault, progress: Progress | None, *, moving: bool) -> Index:
    """The index of a vault whose files never change.

    Whoever goes from state to state asks for one that is `moving`: it is changed in its place each time.

    Raises:
        Unusable: it cannot be kept on disk.
    """
    own = Store(index_path(vault), vault)
    slots = [own.beside(_slot(own.path, number)) for number in range(KEPT + 1)]
    for _attempt in range(5):
        for store in slots:
            if store.is_sealed() and (index := _opened(store, vault)):
                return index
        store = slots[0] if moving else min(slots[1:], key=_used)
        begins = (
            [store] if moving and store.can_begin() else [store, own, *(other for other in slots if other is not store)]
        )
        _fill(store, begins, vault, progress)
    raise Unusable("other processes keep changing it")


def _slot(own: Path, number: int) -> Path:
    """The file of one of these indexes; the first, 0, is the one that moves."""
    return own.with_name(f"{own.stem}-{number}.sqlite")


def _used(store: Store) -> int:
    """When an index was last asked: whoever does touches the lock."""
    with suppress(OSError):
        return store.lock_path.stat().st_mtime_ns
    return 0


def _opened(store: Store, vault: Vault) -> Index | None:
    """The index to ask; None where somebody else has filled the file otherwise meanwhile."""
    store.open()
    try:
        store.lock(fcntl.LOCK_SH)
        if store.is_sealed():
            store.now_ns()  # it is in use
            return Index(vault, connect_to_read(store.path), "", store)
    except BaseException:
        store.close()
        raise
    store.close()
    return None


def _fill(store: Store, begins: Iterable[Store], vault: Vault, progress: Progress | None) -> None:
    """Make the index of the vault's state in a file, which nobody else may use meanwhile; the nearest begins it."""
    folders = list(vault.finder.folders())
    with ExitStack() as held:
        store.open()
        held.callback(store.close)
        store.lock(fcntl.LOCK_EX)
        if store.is_sealed():
            return
        begin = _nearest(store, begins, set(_contents(folders)), held)
        with store.writing(begin) as db:
            if begin:
                db.execute(_STILL)
            sync(db, vault, folders, store.now_ns(), progress)


def _nearest(store: Store, begins: Iterable[Store], wanted: set[tuple[str, str]], held: ExitStack) -> Store | None:
    """The index that shares most with what is wanted, locked as long as it is held; None where none can begin it."""
    found: list[tuple[int, Store]] = []
    for other in begins:
        with suppress(Unusable, sqlite3.Error, OSError):
            if other is not store and other.can_begin():
                other.open()
                held.callback(other.close)
                other.lock(fcntl.LOCK_SH, 0)  # without waiting: its owner may be waiting for ours
            if other.can_begin():
                with closing(connect_to_read(other.path)) as db:
                    there = set(db.execute("select path, blob from files"))
                found.append((len(there ^ wanted), other))
    return min(found, key=lambda item: item[0])[1] if found else None


def _contents(folders: list[Folder]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        start = f"{folder.path}/" if folder.path else ""
        for name, *_stamps, inode, _mode in folder.listing:
            if isinstance(inode, str):
                yield shown_path(start + name), inode
