"""Where a write goes: the file behind a name in the vault, reached without ever following a link out of it."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from plaincrm.changes.system import locked
from plaincrm.errors import WriteRefused
from plaincrm.index.paths import disk_path

OURS = frozenset((".gitignore", ".gitattributes", ".obsidian/types.json", ".obsidian/templates.json"))
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Folders:
    """The folders of a vault that are written into, each opened once and held until all is done."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()  # what is in it is told by comparing real paths
        self.tidy: set[int] = set()  # those in which nothing is left of runs that were killed
        self._alone = False
        self._seen: dict[int, set[str]] = {}  # the names in a folder, as disks compare them, when it was first asked
        self._handles: dict[tuple[str, ...], int] = {}

    def __enter__(self) -> Folders:
        return self

    def __exit__(self, *_error: object) -> None:
        for handle in self._handles.values():
            os.close(handle)

    @contextmanager
    def alone(self, file: str) -> Iterator[None]:
        """Keep other processes of ours from writing, as `locked` does; within it, that is so already."""
        if self._alone:
            yield
            return
        with locked(self.root, file):
            self._alone = True
            try:
                yield
            finally:
                self._alone = False

    def of_file(self, path: str) -> tuple[int, str]:
        """The folder and the name of a file that is there; of a link to a file of the vault, those of that file.

        Raises:
            WriteRefused: it leads out of the vault, into a hidden folder, or nowhere.
            OSError: the system refuses.
        """
        try:
            target = (self.root / disk_path(path)).resolve(strict=True)
        except FileNotFoundError:
            raise WriteRefused(path, "it is no longer there", "See where it has gone.") from None
        except RuntimeError:  # a circle of links, before Python 3.13
            raise WriteRefused(path, "it is a link that leads in a circle", "Mend the link.") from None
        if not target.is_relative_to(self.root):
            raise WriteRefused(path, "it is a link out of the vault", "Copy the note into the vault.")
        return self._open(path, target.relative_to(self.root).parts, make=False)

    def of_new(self, path: str) -> tuple[int, str]:
        """The folder and the name of a file that is to be made; folders that are missing are made, too.

        Raises:
            WriteRefused: it would stand outside the vault or in a hidden folder, or the name is taken, in whatever
                case or Unicode form.
            OSError: the system refuses.
        """
        folder, name = self._open(path, tuple(disk_path(path).split("/")), make=True)
        if folder not in self._seen:  # a hundred thousand new notes are not each compared with all the others
            self._seen[folder] = set(map(bare, names_in(folder)))
        if bare(name) in self._seen[folder]:  # it may have gone since
            taken = next((other for other in names_in(folder) if bare(other) == bare(name)), None)
            if taken is not None:
                raise WriteRefused(path, f"{taken} is there already", "Choose another name.")
        return folder, name

    def _open(self, path: str, parts: tuple[str, ...], *, make: bool) -> tuple[int, str]:
        """Go down from the vault folder by folder, none of which may be a link by now."""
        hidden = any(part.startswith(".") for part in parts) and not _is_ours(parts)
        if hidden or any(not part or "\0" in part for part in parts):
            raise WriteRefused(path, "it is hidden, and hidden files belong to other programs", "Choose another name.")
        *folders, name = parts
        for depth in range(len(parts)):
            here = tuple(folders[:depth])
            if here not in self._handles:
                parent = self._handles[here[:-1]] if here else None
                self._handles[here] = os.open(self.root, _FOLDER) if parent is None else _enter(parent, here[-1], make)
        return self._handles[tuple(folders)], name


def _is_ours(parts: tuple[str, ...]) -> bool:
    """Whether a hidden file is one of the few that a vault needs."""
    return parts[0] == ".plaincrm" or "/".join(parts) in OURS or parts[-1:] == (".gitkeep",)


def _enter(folder: int, name: str, make: bool) -> int:
    if make:
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=folder)
    return os.open(name, _FOLDER, dir_fd=folder)


def names_in(folder: int) -> list[str]:
    """Every name in an open folder."""
    with os.scandir(folder) as listing:
        return [item.name for item in listing]


def bare(name: str) -> str:
    """A name as disks compare it that do not tell case and Unicode forms apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
