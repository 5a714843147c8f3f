"""The journal: what each command writes, kept in the user's own folder, so that it can be told and taken back.

An entry is a file of JSON lines, compressed, one line a note with its text before and after. It is called
`12.pending` and locked while its command writes; a pending one without a lock is of a command that was cut short.
"""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from plaincrm.changes.draft import Step
from plaincrm.changes.plan import Change
from plaincrm.changes.rights import Rights
from plaincrm.errors import PlaincrmError, WriteFailed, WriteRefused
from plaincrm.index.store import Unusable, make_private, user_folder, vault_name

_REMEDY = "See to that folder, or name another one in XDG_STATE_HOME."
KEPT = 30 * 86_400  # seconds
_NAME = re.compile(r"([1-9][0-9]*)\.(pending|gz)")
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Entry(NamedTuple):
    """One command: its number in the vault, when it wrote (seconds since 1970, by the disk's clock), and what."""

    number: int
    when: float
    steps: tuple[Step, ...]


class Recording:
    """An entry in hand, locked against all others: of a command that writes just now, or of one that was cut short."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self.handle = handle

    def leave_out(self, file: str) -> None:
        """Note that a file was not written after all."""
        with suppress(OSError):  # then undo finds another text there, and leaves it
            _write(self.handle, [{"refused": file}])

    def done(self) -> None:
        """Note that all is written. Should this fail, it is found out from the files."""
        with suppress(OSError):
            self.path.rename(self.path.with_suffix(".gz"))

    def drop(self) -> None:
        """Forget it: nothing is written."""
        with suppress(OSError):
            self.path.unlink()


class Journal:
    """The entries of one vault. A folder that is not there yet has none."""

    def __init__(self, root: Path) -> None:
        try:
            self.folder = user_folder("XDG_STATE_HOME", ".local/state", "user_state_path") / vault_name(root)
        except Unusable as error:
            raise _unusable(root.name, str(error)) from None

    @contextmanager
    def record(self, steps: Sequence[Step]) -> Iterator[Recording]:
        """Have an entry stand on the disk while its steps are made; it goes where none of them is.

        Raises:
            WriteFailed: it cannot be written.
        """
        try:
            recording = self._begin(steps)
        except (OSError, Unusable) as error:
            why = (os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)).lower()
            raise _unusable(steps[0].change.path, why) from None
        try:
            yield recording
            recording.done()
        except WriteRefused as refusal:
            if not refusal.written:
                recording.drop()
            raise
        finally:
            os.close(recording.handle)

    def entry(self, number: int | None) -> Entry | None:
        """A command by its number, or the last one; None where there is none."""
        return next(self.entries(), None) if number is None else self._read(number, "gz")

    def entries(self) -> Iterator[Entry]:
        """What commands wrote, the latest first."""
        for number, ending in sorted(self._names(), reverse=True):
            if ending == "gz" and (found := self._read(number, ending)):
                yield found

    def cut_short(self) -> Iterator[tuple[Recording, Entry]]:
        """The entries of commands that did not come to their end, each in nobody else's hand meanwhile.

        One that is not whole is passed over: nothing is written before its entry stands on the disk.
        """
        for number, ending in sorted(self._names(), reverse=True):
            if ending == "pending" and (found := self._read(number, ending)):
                path = self._path(number, ending)
                with suppress(FileNotFoundError, BlockingIOError), _locked(path) as handle:
                    yield Recording(path, handle), found

    def _begin(self, steps: Sequence[Step]) -> Recording:
        make_private(self.folder)
        numbers = sorted(self._names())
        number = numbers[-1][0] + 1 if numbers else 1
        while True:
            path = self._path(number, "pending")
            try:
                handle = os.open(path, _CREATE, 0o600)
                break
            except FileExistsError:  # somebody else was faster
                number += 1
        try:
            with suppress(BlockingIOError):
                _lock(handle)
            _write(handle, map(_row, steps))
            os.fsync(handle)
            _sync(self.folder)
            self._forget(numbers, os.fstat(handle).st_mtime - KEPT)
        except BaseException:
            Recording(path, handle).drop()
            os.close(handle)
            raise
        return Recording(path, handle)

    def _forget(self, names: Iterable[tuple[int, str]], before: float) -> None:
        """Remove entries that are older; the first are the oldest."""
        for name in names:
            path = self._path(*name)
            with suppress(FileNotFoundError):
                if path.stat().st_mtime >= before:
                    return
                path.unlink()

    def _names(self) -> list[tuple[int, str]]:
        """The number and the ending of each entry."""
        try:
            names = [path.name for path in self.folder.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise PlaincrmError(f"{self.folder} cannot be read: {(error.strerror or '').lower()}.", _REMEDY) from None
        return [(int(match[1]), match[2]) for match in map(_NAME.fullmatch, names) if match]

    def _path(self, number: int, ending: str) -> Path:
        return self.folder / f"{number}.{ending}"

    def _read(self, number: int, ending: str) -> Entry | None:
        """An entry; None where it is gone or not whole."""
        path = self._path(number, ending)
        try:
            with path.open("rb") as file:
                when = os.fstat(file.fileno()).st_mtime
                rows = [json.loads(line) for line in gzip.decompress(file.read()).splitlines()]
        except (OSError, EOFError, ValueError):
            return None
        refused = {row["refused"] for row in rows if "refused" in row}
        steps = tuple(_step(row) for row in rows if row.get("file", "") not in {"", *refused})
        return Entry(number, when, steps) if steps else None


def _row(step: Step) -> dict[str, object]:
    return {
        "file": step.change.path,
        "what": step.what,
        "lines": step.lines,
        "old": _text(step.change.old),
        "new": _text(step.change.new),
        **({"rights": _told(step.change.rights)} if step.change.rights else {}),
    }


def _step(row: dict[str, object]) -> Step:
    what, lines = row["what"], row.get("lines")
    change = Change(str(row["file"]), _bytes(row["old"]), _bytes(row["new"]), rights=_rights(row.get("rights")))
    return Step(
        change,
        tuple(map(str, what)) if isinstance(what, list) else (),
        tuple(map(tuple, lines)) if isinstance(lines, list) else (),
    )


def packed_step(step: Step) -> str:
    """A step as a text that `unpacked_step` reads."""
    return json.dumps(_row(step))


def unpacked_step(text: str) -> Step:
    """A step of the text that `packed_step` makes of it."""
    return _step(json.loads(text))


def _told(rights: Rights) -> list[object]:
    """Rights as JSON has them, attributes in Base64."""
    return [*rights[:3], {name: b64encode(value).decode() for name, value in rights.attributes}]


def _rights(told: object) -> Rights | None:
    if not isinstance(told, list):
        return None
    mode, uid, gid, attributes = told
    return Rights(mode, uid, gid, tuple((name, b64decode(value)) for name, value in attributes.items()))


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8", "surrogateescape")


def _bytes(text: object) -> bytes | None:
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else None


def _write(handle: int, rows: Iterable[dict[str, object]]) -> None:
    packer = zlib.compressobj(1, wbits=zlib.MAX_WBITS | 16)  # as gzip has it
    lines = (packer.compress(f"{json.dumps(row)}\n".encode()) for row in rows)
    for part in chain(lines, map(packer.flush, (zlib.Z_FINISH,))):
        left = memoryview(part)
        while left:
            left = left[os.write(handle, left) :]


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    """Hold a file for ourselves, as long as we live.

    Raises:
        BlockingIOError: somebody else does.
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:  # no locks here: who is at work cannot be told, and hardly anybody is
        return


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _lock(handle)
        path.stat()  # it may have come to its end before we had it
        yield handle
    finally:
        os.close(handle)


def _unusable(file: str, why: str) -> WriteFailed:
    return WriteFailed(file, f"what could be taken back cannot be kept in the user's state folder ({why})", _REMEDY)
