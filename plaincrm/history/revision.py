"""A commit as a place that a vault is read from: nothing is checked out, and no program of the repository runs."""

from __future__ import annotations

import errno
import os
import stat
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from plaincrm.document.source import LIMIT, Unreadable
from plaincrm.errors import Fault, fault
from plaincrm.history.repository import Blob, Objects, Repository
from plaincrm.vault.files import ENDINGS, Entry, Followed, Listing

_LINK = 0o120000
_MOST_LINKS = 40  # on the way to one file, as Linux follows them


class Committed(NamedTuple):
    """A commit as people know it: its name, the day it was made, and the first line of its message."""

    name: str
    day: date
    subject: str


class Revision:
    """The files of a vault in one commit (see `Files`).

    Links are followed within the vault; an absolute one leads out of it. Submodules hold nothing.
    """

    def __init__(self, repository: Repository, root: Path, commit: str) -> None:
        self._repository = repository
        self.root = root
        self.commit = commit
        self._seen: dict[str, dict[str, Blob]] = {}

    @cached_property
    def _tree(self) -> str:
        return self._repository.tree(self.commit)

    @property
    def state(self) -> str:
        """The name of the vault's tree."""
        return self._tree or "nothing"

    def listing(self, folder: str) -> tuple[Listing, list[str]] | None:
        """What may be notes in a folder, each with its blob where the inode would be, and the folders in it."""
        try:
            here = self._way(folder)
        except OSError:
            return None
        if here is None or here not in self._folders:
            return None
        blobs, below = self._folders[here]
        rows: Listing = []
        for name, blob in blobs.items():
            if name.endswith(ENDINGS) or (blob.mode == _LINK and self._is_folder(blob.path)):
                rows.append((name, 0, 0, 0, blob.name, blob.mode))
        return rows, below

    def follow(self, path: str) -> Followed:
        """Where a path leads; see `Files`."""
        blob = self._near(path).get(path)
        is_plain = blob is not None and blob.mode != _LINK  # so that no link can be on the way
        found = path if is_plain else self._way(path)
        if found is None:
            return Followed(None, Entry("", 0, 0, 0, "", 0))
        blob = blob if is_plain else self._blobs.get(found)
        if blob:
            return Followed(found, Entry("", 0, 0, 0, blob.name, blob.mode))
        if found in self._folders:
            return Followed(found, Entry("", 0, 0, 0, "", stat.S_IFDIR))
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)

    def has(self, path: str) -> bool:
        """Whether a path leads to a file."""
        try:
            return bool(self._near(path)) and stat.S_ISREG(self.follow(path).entry.mode)
        except OSError:
            return False

    def read(self, path: str) -> bytes:
        """The bytes of a file; see `Files`."""
        with self.reading() as read:
            return read(path)

    @contextmanager
    def reading(self) -> Iterator[Callable[[str], bytes]]:
        """A way to read many files, by one git that stays open."""
        with self._objects() as objects:
            yield lambda path: self._read(objects, path)

    def _objects(self) -> AbstractContextManager[Objects]:
        return self._repository.objects()

    def paths(self) -> Iterator[str]:
        """Every file that a link can name, folder by folder in the order of names."""
        yield from self._paths_in("")

    def _paths_in(self, folder: str) -> Iterator[str]:
        blobs, below = self._folders.get(folder, ({}, []))
        yield from (blobs[name].path for name in sorted(blobs) if not self._is_link_to_folder(blobs[name]))
        for name in sorted(below):
            if not name.startswith("."):
                yield from self._paths_in(f"{folder}/{name}" if folder else name)

    def _read(self, objects: Objects, path: str) -> bytes:
        try:
            found, entry = self.follow(path)
        except OSError as error:
            raise Unreadable(fault("unreadable-file", 0, 0, reason=error.strerror or str(error))) from None
        if found is None or not stat.S_ISREG(entry.mode):
            raise Unreadable(fault("not-a-file", 0, 0))
        data = objects.read(str(entry.inode))
        if data is None:
            raise Unreadable(self._why_unread(str(entry.inode)))
        return data

    def _why_unread(self, blob: str) -> Fault:
        size = self._repository.size(blob)
        if size is None:
            return fault("unreadable-file", 0, 0, reason="the repository does not have its content")
        return fault("too-large", 0, 0, size=str(size), limit=str(LIMIT))

    def _near(self, path: str) -> dict[str, Blob]:
        """The files and links among a path and the folders on it, without a look at all others."""
        if "_blobs" not in self.__dict__ and path not in self._seen:
            parts = path.split("/")
            steps = ["/".join(parts[: at + 1]) for at in range(len(parts))]
            self._seen[path] = {blob.path: blob for blob in self._repository.some(self._tree, steps)}
        return self._seen.get(path, {}) if "_blobs" not in self.__dict__ else self._blobs

    def _way(self, path: str) -> str | None:
        """A path with every link followed, whether anything is there or not; None where it leads out of the vault."""
        done: list[str] = []
        left = path.split("/")[::-1]
        followed = 0
        while left:
            part = left.pop()
            if part == ".." and not done:
                return None
            if part == "..":
                done.pop()
            elif part not in ("", "."):
                done.append(part)
                target = self._links.get("/".join(done))
                if target is not None:
                    followed += 1
                    if target.startswith("/"):
                        return None
                    if followed > _MOST_LINKS or not target:
                        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
                    done.pop()
                    left += target.split("/")[::-1]
        return "/".join(done)

    def _is_folder(self, path: str) -> bool:
        try:
            return self._way(path) in self._folders
        except OSError:
            return False

    def _is_link_to_folder(self, blob: Blob) -> bool:
        return blob.mode == _LINK and self._is_folder(blob.path)

    @cached_property
    def _blobs(self) -> dict[str, Blob]:
        return {blob.path: blob for blob in self._repository.files(self.commit)}

    @cached_property
    def _links(self) -> dict[str, str]:
        """Where each link leads, as it says."""
        links = [blob for blob in self._blobs.values() if blob.mode == _LINK]
        if not links:
            return {}
        with self._repository.objects() as objects:
            return {blob.path: os.fsdecode(objects.read(blob.name) or b"") for blob in links}

    @cached_property
    def _folders(self) -> dict[str, tuple[dict[str, Blob], list[str]]]:
        """What each folder holds: files by name, and names of folders. Git keeps no empty ones."""
        found: defaultdict[str, tuple[dict[str, Blob], list[str]]] = defaultdict(lambda: ({}, []))
        for path, blob in self._blobs.items():
            folder, _slash, name = path.rpartition("/")
            is_new = folder not in found
            found[folder][0][name] = blob
            while is_new and folder:
                folder, _slash, name = folder.rpartition("/")
                is_new = folder not in found
                found[folder][1].append(name)
        return dict(found) or {"": ({}, [])}


def committed(repository: Repository, commit: str, zone: tzinfo = UTC) -> Committed:
    """What people are told of a commit."""
    seconds, subject = repository.told(commit)
    return Committed(commit, datetime.fromtimestamp(seconds, zone).date(), subject)
