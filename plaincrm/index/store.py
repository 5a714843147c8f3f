"""Where the index lives, and when it may be trusted: in the user's cache folder, under a lock and a seal.

The seal is a small file that holds the stamps the index had when we last wrote it, beside what it was made from.
An index whose stamps are others was touched by somebody else, and is built anew; so is one made by another version
of the program, with other settings, or for another folder. It is removed before a write and laid on after it, so a
write that is cut short leaves an index without a seal.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from plaincrm.errors import PlaincrmError
from plaincrm.vault.vault import Vault

WAIT = 30.0  # seconds for another process that builds the index


class Unusable(Exception):
    """The index on disk cannot be used now; the message says why, for people."""


def index_path(vault: Vault) -> Path:
    """The index of a vault, named after the vault's own path."""
    import platformdirs  # noqa: PLC0415 (for the place of the index only)

    name = hashlib.blake2b(os.fsencode(vault.root), digest_size=12).hexdigest()
    return platformdirs.user_cache_path("plaincrm") / f"{name}.sqlite"


class Store:
    """The file of one index with its lock and its seal."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self.path = path
        self.seal_path = path.with_suffix(".seal")
        self.made_from = {
            "program": program_stamp(),
            "vault": str(os.fsencode(vault.root).hex()),
            "settings": hashlib.blake2b(vault.config_bytes, digest_size=12).hexdigest(),
        }
        self.handle = -1

    def open(self) -> None:
        """Make the folder and take the lock file in hand.

        Raises:
            Unusable: the folder cannot be written, or somebody else owns it.
        """
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            self.handle = os.open(self.path.with_suffix(".lock"), flags, 0o600)
            if os.fstat(self.handle).st_uid != os.geteuid():
                raise Unusable("the index folder belongs to another user")
        except OSError as error:
            raise Unusable(f"{self.path.parent} cannot be written: {os.strerror(error.errno or 0)}") from None

    def close(self) -> None:
        """Let go of the lock."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def lock(self, how: int) -> None:
        """Take the lock for reading (LOCK_SH) or writing (LOCK_EX), waiting for a while.

        Raises:
            Unusable: another process held it all that time.
        """
        deadline = time.monotonic() + WAIT
        while True:
            try:
                fcntl.flock(self.handle, how | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Unusable("another process keeps the index locked") from None
                time.sleep(0.02)
            except OSError as error:
                raise Unusable(f"it cannot be locked: {os.strerror(error.errno or 0)}") from None
            else:
                return

    def now_ns(self) -> int:
        """The file system's own clock: the stamp of a file touched now."""
        os.utime(self.handle)
        return os.fstat(self.handle).st_mtime_ns

    def is_sealed(self) -> bool:
        """Whether the index is as we left it, made from what it would be made from now."""
        try:
            sealed = json.loads(self.seal_path.read_bytes())
        except (OSError, ValueError):
            return False
        return bool(sealed == self._seal())

    def was_tampered(self) -> bool:
        """Whether a seal says of the index on disk that somebody else has changed it."""
        try:
            sealed = json.loads(self.seal_path.read_bytes())
            return bool(sealed["file"] != self._seal()["file"])
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def _seal(self) -> dict[str, Any]:
        try:
            seen = os.lstat(self.path)
            stamps = [seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino, seen.st_uid, stat.S_IFMT(seen.st_mode)]
        except OSError:
            stamps = []
        return {"file": stamps, **self.made_from}

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection to write with, under the exclusive lock; a sound index is kept, any other one built anew."""
        sound = self.is_sealed()
        self.seal_path.unlink(missing_ok=True)
        if not sound:
            for leftover in (self.path, self.path.with_name(self.path.name + "-journal")):
                leftover.unlink(missing_ok=True)
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        db = connect(self.path)
        try:
            if not sound:
                create(db)
            yield db
        finally:
            db.close()
        self._lay_seal()

    def _lay_seal(self) -> None:
        temporary = self.seal_path.with_suffix(f".{os.getpid()}.tmp")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(self._seal(), stream)
        temporary.replace(self.seal_path)


def connect(path: Path | str) -> sqlite3.Connection:
    """A connection tuned for a file that can be thrown away: a cut write is known by the missing seal, not by a journal."""
    db = sqlite3.connect(path, isolation_level=None, timeout=5.0, cached_statements=256)
    db.execute("pragma journal_mode = memory")
    db.execute("pragma synchronous = off")
    db.execute("pragma cell_size_check = on")
    db.execute("pragma trusted_schema = off")
    return db


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot change the index; what a question prepares for itself stays in memory."""
    db = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=5.0)
    db.execute("pragma temp_store = memory")
    db.execute("pragma mmap_size = 1073741824")
    return db


def create(db: sqlite3.Connection) -> None:
    """Lay out empty tables.

    Raises:
        PlaincrmError: this Python's SQLite has no full-text search with trigrams (3.34 or newer has).
    """
    schema = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
    try:
        db.executescript(schema)
    except sqlite3.OperationalError as error:
        if "fts5" in str(error) or "tokenizer" in str(error):
            raise PlaincrmError("This Python's SQLite has no FTS5 with trigrams.", "Use a Python with SQLite 3.34 or newer.") from error
        raise


def program_stamp() -> str:
    """What tells one state of the reading code from another: names, sizes and times of its files."""
    seen = hashlib.blake2b(digest_size=12)
    package = Path(__file__).parent.parent
    for room in ("document", "index", "language", "records", "vault"):
        with os.scandir(package / room) as files:
            for item in sorted(files, key=lambda item: item.name):
                if item.name.endswith((".py", ".sql", ".toml")):
                    status = item.stat()
                    seen.update(f"{room}/{item.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    for name in ("dates.py", "money.py"):
        with suppress(OSError):
            status = (package / name).stat()
            seen.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()
