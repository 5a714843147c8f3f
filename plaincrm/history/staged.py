"""What is staged for the next commit, read from git's own objects: the working tree may say something else."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from plaincrm.history.git import Git, GitFailed
from plaincrm.history.repository import Blob, Objects, Repository
from plaincrm.history.revision import Revision
from plaincrm.index.digest import blake2b

_FILES = ("100644", "100755")  # modes of files that are no links
_LINK = "120000"


class Staged(NamedTuple):
    """A file of the vault: its blob in the last commit and as it is staged, empty where there is none."""

    path: str
    old: str
    new: str


def staged(git: Git, listing: bytes, prefix: str) -> list[Staged]:
    """The files below a folder of the repository, by their paths in it.

    The listing, of `git ls-files --stage -z`, is made by git's hook, which knows the index of the commit to come.
    """
    new = dict(_named(row for row in listing.split(b"\0") if row))
    try:
        old = dict(_named(git("ls-tree", "-r", "-z", "--full-tree", "HEAD").split(b"\0")))
    except GitFailed:  # nothing is committed yet
        old = {}
    paths = sorted(path for path in old.keys() | new.keys() if path.startswith(prefix))
    return [Staged(path[len(prefix) :], old.get(path, ""), new.get(path, "")) for path in paths]


def _named(rows: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """Path and blob of each file in rows of `ls-files --stage` or `ls-tree`."""
    return ((path, blob) for path, mode, blob in _rows(rows) if mode in _FILES)


def _rows(rows: Iterable[bytes]) -> Iterator[tuple[str, str, str]]:
    """Path, mode and blob of each file or link in such rows."""
    for row in rows:
        words, tab, path = row.partition(b"\t")
        mode, first, second, *_stage = [*words.decode("ascii", "replace").split(), "", "", ""]
        if tab and mode in (*_FILES, _LINK) and "\n" not in (name := os.fsdecode(path)):
            yield name, mode, second if first == "blob" else first


def contents(git: Git, blobs: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """What the blobs hold as a checkout would write them, each asked for with its path in the repository."""
    asked = "".join(f"{blob} {path}\n" for blob, path in blobs).encode("utf-8", "surrogateescape")
    answer, at = git("cat-file", "--batch", "--filters", given=asked) if asked else b"", 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        size = int(answer[at:end].split()[2])
        yield answer[end + 1 : end + 1 + size]
        at = end + size + 2


class StagedFiles(Revision):
    """The files of a vault as they are staged, read as a commit's are: nothing is checked out.

    Where the attributes name a filter, as for files that git keeps encrypted, contents come through it, and are known
    by another name than the blob's.
    """

    def __init__(self, repository: Repository, git: Git, root: Path, listing: bytes) -> None:
        super().__init__(repository, root, "")
        self._git = git
        self._listing = listing
        self._name = f"staged {blake2b(listing, digest_size=12).hexdigest()}"

    @property
    def state(self) -> str:
        """A name for all that is staged."""
        return self._name

    @cached_property
    def _blobs(self) -> dict[str, Blob]:
        prefix = self._repository.prefix
        rows = _rows(self._listing.split(b"\0"))
        found = {path[len(prefix) :]: (mode, name) for path, mode, name in rows if path.startswith(prefix)}
        name = "{1} {0}".format if self._is_filtered else "{1}".format
        return {
            path: Blob(path, int(mode, 8), name(prefix + path, blob) if mode in _FILES else blob)
            for path, (mode, blob) in found.items()
        }

    def _near(self, _path: str) -> dict[str, Blob]:
        return self._blobs

    @cached_property
    def _is_filtered(self) -> bool:
        listed = b"".join(row.partition(b"\t")[2] + b"\0" for row in self._listing.split(b"\0") if row)
        told = self._git("check-attr", "-z", "--stdin", "filter", given=listed).split(b"\0")[2::3]
        return any(value not in (b"unspecified", b"unset") for value in told)

    @contextmanager
    def _objects(self) -> Iterator[Objects]:
        if not self._is_filtered:
            with super()._objects() as objects:
                yield objects
            return
        with self._git.running("cat-file", "--batch", "--filters", asked=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            yield Objects(process.stdin, process.stdout)
