"""Where a vault's files come from: its folder as it stands now. What was committed is another such place."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from stat import S_IFREG
from typing import NamedTuple, Protocol

from plaincrm.document.source import read_bytes

ENDINGS = (".md", ".MD", ".markdown")  # of names that may be notes; the last one is none, and is named
PLACEHOLDER = re.compile(r"\.(.+\.md)\.icloud")  # stands for a note that iCloud keeps elsewhere


class Entry(NamedTuple):
    """One file as the system tells it, without a look inside: what decides whether it is read again.

    Of a place that knows contents by name, `inode` is that name, and the stamps are 0.
    """

    name: str
    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int | str
    mode: int


Row = tuple[str, int, int, int, int | str, int]  # of an `Entry`, bare: a hundred thousand are made at each start
Listing = list[Row]


class Followed(NamedTuple):
    """Where a path leads, every link followed: the path in the vault, None outside of it, and what is there."""

    path: str | None
    entry: Entry


class Files(Protocol):
    """What a vault is read from. Paths are those in the vault, as the system has them.

    `state` names the files where they can never change; else it is empty.
    """

    @property
    def root(self) -> Path:
        """The vault's folder on this machine."""

    @property
    def state(self) -> str:
        """The name of what the files hold; empty where that can change."""

    def listing(self, folder: str) -> tuple[Listing, list[str]] | None:
        """What may be notes in a folder, and the folders in it; None where there is no such folder.

        A folder that cannot be read holds a row without a name, and the reason's number where the inode would be.
        """

    def follow(self, path: str) -> Followed:
        """Where a path leads.

        Raises:
            OSError: nowhere.
        """

    def has(self, path: str) -> bool:
        """Whether a path leads to a file."""

    def read(self, path: str) -> bytes:
        """The bytes of a file.

        Raises:
            Unreadable: they cannot be had.
        """

    def reading(self) -> AbstractContextManager[Callable[[str], bytes]]:
        """A way to `read` many files, for one process."""

    def paths(self) -> Iterator[str]:
        """Every file that a link can name, records or not; hidden folders hold none."""


class FilesOnDisk:
    """The files of a folder as they are when they are asked for."""

    state = ""

    def __init__(self, root: Path) -> None:
        self.root = root

    def listing(self, folder: str) -> tuple[Listing, list[str]] | None:
        """What may be notes in a folder, and the folders in it: one look at each."""
        rows: Listing = []
        below: list[str] = []
        try:
            with _opened(self.root / folder) as handle, os.scandir(handle) as listing:
                for item in listing:
                    name = item.name
                    if name.endswith(ENDINGS) or PLACEHOLDER.fullmatch(name) or (item.is_symlink() and item.is_dir()):
                        row = _row(item)
                        if row:
                            rows.append(row)
                    elif item.is_dir(follow_symlinks=False):
                        below.append(name)
        except OSError as error:
            if not (self.root / folder).is_dir():
                return None
            rows.append(("", 0, 0, 0, error.errno or 0, 0))
        return rows, below

    def follow(self, path: str) -> Followed:
        """Where a path leads."""
        real = os.path.realpath(self.root / path, strict=True)
        seen = os.stat(real)  # noqa: PTH116 (a string)
        entry = Entry("", seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino, seen.st_mode)
        inside = Path(real).is_relative_to(self.root)
        return Followed(os.path.relpath(real, self.root) if inside else None, entry)

    def has(self, path: str) -> bool:
        """Whether a path leads to a file."""
        return (self.root / path).is_file()

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return read_bytes(self.root / path)

    def reading(self) -> AbstractContextManager[Callable[[str], bytes]]:
        """A way to read many files."""
        start = os.path.join(self.root, "")  # noqa: PTH118 (a string, many times)
        return nullcontext(lambda path: read_bytes(start + path))

    def paths(self) -> Iterator[str]:
        """Every file that a link can name."""
        for folder, below, names in os.walk(self.root):
            below[:] = sorted(name for name in below if not name.startswith("."))
            start = Path(folder).relative_to(self.root).as_posix()
            for name in sorted(names):
                yield name if start == "." else f"{start}/{name}"


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """A folder in hand: its files are then looked up in it, and not each along its whole path."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


def _row(item: os.DirEntry[str]) -> Row | None:
    try:
        seen = item.stat(follow_symlinks=False)
    except FileNotFoundError:  # gone since the folder was read
        return None
    except OSError:  # a folder that may be listed and not entered: what reading says will tell why
        return item.name, 0, 0, 0, 0, S_IFREG
    return item.name, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino, seen.st_mode
