"""Where the index lives, and when it may be trusted: in the user's cache folder, under a lock and a seal.

The seal is a small file that holds the stamps the index had when we last wrote it, beside what it was made from.
An index whose stamps are others was touched by somebody else, and is built anew; so is one made by another version
of the program, with other settings, or for another folder. It is removed before a write and laid on after it, so a
write that is cut short leaves an index without a seal.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import copy
from pathlib import Path
from typing import Any

from plaincrm.document.source import Unreadable, read_bytes
from plaincrm.errors import PlaincrmError
from plaincrm.index.digest import blake2b
from plaincrm.language import unaccented
from plaincrm.vault.vault import Vault

WAIT = 30.0  # seconds for another process that builds the index
BUSY = 5.0  # seconds for a program of others that has the file open


class Unusable(Exception):
    """The index on disk cannot be used now; the message says why, for people."""


def index_path(vault: Vault) -> Path:
    """The index of a vault, named after the vault's own path.

    Raises:
        Unusable: the system knows no home for this user.
    """
    return user_folder("XDG_CACHE_HOME", ".cache", "user_cache_path") / f"{vault_name(vault.root)}.sqlite"


def vault_name(root: Path) -> str:
    """What is kept of a vault outside of it is called so, after the vault's own path."""
    return blake2b(os.fsencode(root), digest_size=12).hexdigest()


def user_folder(variable: str, below_home: str, function: str) -> Path:
    """The folder of ours in the user's cache or state folder, as a function of platformdirs says.

    On Linux two variables tell the same in less time than it takes to load (8 ms).

    Raises:
        Unusable: the system knows no home for this user.
    """
    told = Path(os.environ.get(variable) or Path(os.environ.get("HOME", ""), below_home))
    if sys.platform == "linux" and told.is_absolute():
        return told / "plaincrm"
    import platformdirs  # noqa: PLC0415 (for all other cases)

    try:
        folder: Path = getattr(platformdirs, function)("plaincrm")
    except RuntimeError:
        folder = Path("~")
    if not folder.is_absolute():  # older versions leave the `~`, which would become a folder in the one we are in
        raise Unusable("there is no home folder to keep it in")
    return folder


def make_private(folder: Path) -> None:
    """Make a folder for what is ours alone.

    Raises:
        Unusable: somebody else owns it.
        OSError: the system refuses.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if status.st_uid != os.geteuid():
        raise Unusable(f"{folder} belongs to another user")
    if status.st_mode & 0o077:
        folder.chmod(0o700)


class Store:
    """The file of one index with its lock and its seal."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self.path = path
        self.seal_path = path.with_suffix(".seal")
        self.lock_path = path.with_suffix(".lock")
        names = repr(sorted(vault.finder.templates)).encode("utf-8", "surrogateescape")  # Obsidian's setting, not ours
        self.made_from = {
            "program": program_stamp(),
            "vault": str(os.fsencode(vault.root).hex()),
            "settings": blake2b(vault.config_bytes + names, digest_size=12).hexdigest(),
            "state": vault.files.state,
        }
        self.handle = -1

    def beside(self, path: Path) -> Store:
        """Another file for an index of the same."""
        other = copy(self)
        other.path, other.handle = path, -1
        other.seal_path, other.lock_path = path.with_suffix(".seal"), path.with_suffix(".lock")
        return other

    def open(self) -> None:
        """Make the folder, ours alone, and take the lock file in hand.

        Raises:
            Unusable: the folder cannot be written, or somebody else owns it.
        """
        folder = self.path.parent
        try:
            make_private(folder)
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            self.handle = os.open(self.lock_path, flags, 0o600)
        except OSError as error:
            raise Unusable(f"{folder} cannot be written: {_reason(error)}") from None

    def close(self) -> None:
        """Let go of the lock."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def lock(self, how: int, patience: float | None = None) -> None:
        """Take the lock for reading (LOCK_SH) or writing (LOCK_EX), waiting for a while, or so many seconds.

        Raises:
            Unusable: another process held it all that time.
        """
        deadline = time.monotonic() + (WAIT if patience is None else patience)
        while True:
            try:
                fcntl.flock(self.handle, how | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Unusable("another process keeps the index locked") from None
                time.sleep(0.02)
            except OSError as error:
                raise Unusable(f"it cannot be locked: {_reason(error)}") from None
            else:
                return self._see_lock()

    def _see_lock(self) -> None:
        """A lock file that is gone, with its folder perhaps, keeps nobody out: then nothing here may be sealed.

        Raises:
            Unusable: the file behind the name is not the one we hold.
        """
        with suppress(OSError):
            if os.path.samestat(os.fstat(self.handle), os.lstat(self.lock_path)):
                return
        raise Unusable("its folder was cleared")

    def now_ns(self) -> int:
        """The file system's own clock: the stamp of a file touched now."""
        os.utime(self.handle)
        return os.fstat(self.handle).st_mtime_ns

    def is_sealed(self) -> bool:
        """Whether the index is as we left it, made from what it would be made from now."""
        return self._sealed() == self._seal()

    def can_begin(self) -> bool:
        """Whether the index is as we left it, and differs in nothing but the state of the files."""
        sealed = self._sealed()
        return sealed == {**self._seal(), "state": sealed.get("state")}

    def is_whole(self) -> bool:
        """Whether the index is as somebody left it, be it made from what it would be made from now or not."""
        return bool(self._sealed().get("file") == self._seal()["file"])

    def was_tampered(self) -> bool:
        """Whether a seal says of the index on disk that somebody else has changed it."""
        sealed = self._sealed()
        return "file" in sealed and sealed["file"] != self._seal()["file"]

    def break_seal(self) -> None:
        """Have the index built anew by whoever comes next."""
        with suppress(OSError):
            self.seal_path.unlink()

    def _sealed(self) -> dict[str, Any]:
        try:
            sealed = json.loads(read_bytes(self.seal_path))
        except (Unreadable, ValueError, RecursionError):
            return {}
        return sealed if isinstance(sealed, dict) else {}

    def _seal(self) -> dict[str, Any]:
        try:
            seen = os.lstat(self.path)
            kind = stat.S_IFMT(seen.st_mode)
            stamps = [seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino, seen.st_uid, kind]
        except OSError:
            stamps = []
        return {"file": stamps, **self.made_from}

    @contextmanager
    def writing(self, begin: Store | None = None) -> Iterator[sqlite3.Connection]:
        """A connection to write with, under the exclusive lock; a sound index is kept, any other one built anew.

        Or it begins as another one is, which is ours or locked.
        """
        sound = self.is_sealed() if begin is None else begin is self
        self.seal_path.unlink(missing_ok=True)
        for foreign in ("-journal", "-wal", "-shm"):  # not ours, and SQLite would mix them in
            self.path.with_name(self.path.name + foreign).unlink(missing_ok=True)
        if not sound:
            self.path.unlink(missing_ok=True)
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        if begin and not sound:
            import shutil  # noqa: PLC0415 (2 ms, for answers from the past only)

            shutil.copyfile(begin.path, self.path)
        db = connect(self.path)
        try:
            if not sound:
                db.execute("pragma journal_mode = off")  # nothing to go back to: without a seal it is thrown away
            if not sound and begin is None:
                create(db)
            yield db
        finally:
            db.close()
        self._lay_seal()

    def _lay_seal(self) -> None:
        """Vouch for the index as it is now, once the disk has it: a power cut must not leave a seal on less."""
        self._see_lock()
        written = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            os.fsync(written)
        finally:
            os.close(written)
        temporary = self.seal_path.with_suffix(".sealing")  # one name, so that nothing piles up; we hold the lock
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(self._seal(), stream)
        temporary.replace(self.seal_path)


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else "the system gave no reason"


def connect(path: Path | str) -> sqlite3.Connection:
    """A connection tuned for a file that can be thrown away: a cut write is known by its missing seal."""
    db = sqlite3.connect(path, isolation_level=None, timeout=BUSY, cached_statements=256)
    db.execute("pragma journal_mode = memory")
    db.execute("pragma synchronous = off")
    db.execute("pragma temp_store = memory")  # no note's words in a file of which nobody knows
    db.execute("pragma cell_size_check = on")
    db.execute("pragma trusted_schema = off")
    sqlite3.register_adapter(type(None), _same)
    db.create_function("fold", 1, unaccented, deterministic=True)
    return db


def _same(value: None) -> None:
    """How a null is handed over: without a word on it, sqlite3 looks for one in three places, each time."""
    return value


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot change the index; what a question prepares for itself stays in memory.

    Our own lock keeps writers out, so SQLite need not look for them (`immutable`), nor trip over a stray journal.
    """
    db = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    db.execute("pragma temp_store = memory")
    return db


def create(db: sqlite3.Connection) -> None:
    """Lay out empty tables.

    Raises:
        PlaincrmError: this Python's SQLite has no full-text search with trigrams (3.34 or newer has).
    """
    schema = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
    db.execute("pragma page_size = 8192")  # twice SQLite's own: a fifth of the writing, and no question takes longer
    try:
        db.executescript(schema)
    except sqlite3.OperationalError as error:
        if "fts5" in str(error) or "tokenizer" in str(error):
            message = "This Python's SQLite has no FTS5 with trigrams."
            raise PlaincrmError(message, "Use a Python with SQLite 3.34 or newer.") from error
        raise


def program_stamp() -> str:
    """What tells one state of the reading code from another: names, sizes and times of its files.

    Python and SQLite count too, since they know what a letter is, and the folders of the libraries, whose times
    change when another version of one is installed.
    """
    seen = blake2b(f"{sys.hexversion} {sqlite3.sqlite_version}\n".encode(), digest_size=12)
    package = Path(__file__).parent.parent
    for room in ("document", "index", "language", "records", "vault"):
        with os.scandir(package / room) as files:
            for item in sorted(files, key=lambda item: item.name):
                if item.name.endswith((".py", ".sql", ".toml")):
                    seen.update(f"{room}/{item.name} {_stamp(item)}\n".encode())
    libraries = [Path(folder) for folder in sys.path if folder.endswith("-packages")]
    for name in (package / "dates.py", package / "money.py", package / "worktime.py", *libraries):
        with suppress(OSError):
            seen.update(f"{name} {_stamp(name)}\n".encode("utf-8", "surrogateescape"))
    return seen.hexdigest()


def _stamp(item: os.DirEntry[str] | Path) -> str:
    status = item.stat()
    return f"{status.st_size} {status.st_mtime_ns}"
