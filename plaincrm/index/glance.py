"""The index as it lies there, for what must not wait: nothing is read anew, nothing is written, nothing is certain."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from plaincrm.index.index import Index
from plaincrm.index.store import Store, Unusable, connect_to_read, index_path
from plaincrm.vault.vault import Vault


@contextmanager
def glance(vault: Vault) -> Iterator[Index | None]:
    """The index as it was left, perhaps behind the notes; None where there is none, or somebody writes it just now."""
    opened = None
    lock = -1
    try:
        store = Store(index_path(vault), vault)
        if os.lstat(store.path).st_uid == os.geteuid() and store.is_whole():
            lock = os.open(store.lock_path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            opened = Index(vault, connect_to_read(store.path))
    except (OSError, sqlite3.Error, Unusable):
        opened = None
    try:
        yield opened
    finally:
        if opened:
            opened.close()
        if lock >= 0:
            os.close(lock)
