"""What is staged for the next commit, read from git's own objects: the working tree may say something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from plaincrm.document.source import read_bytes
from plaincrm.history.git import Git, GitFailed
from plaincrm.vault.config import NAME

_FILES = ("100644", "100755")  # modes of files that are no links
_READ = (".md", ".markdown", ".toml", ".txt")  # what a check reads; of other files it asks whether they are there


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
    for row in rows:
        words, tab, path = row.partition(b"\t")
        mode, first, second, *_stage = [*words.decode("ascii", "replace").split(), "", "", ""]
        if tab and mode in _FILES and "\n" not in (name := path.decode("utf-8", "surrogateescape")):
            yield name, second if first == "blob" else first


def contents(git: Git, blobs: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """What the blobs hold as a checkout would write them, each asked for with its path in the repository."""
    asked = "".join(f"{blob} {path}\n" for blob, path in blobs).encode("utf-8", "surrogateescape")
    answer, at = git("cat-file", "--batch", "--filters", given=asked) if asked else b"", 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        size = int(answer[at:end].split()[2])
        yield answer[end + 1 : end + 1 + size]
        at = end + size + 2


@contextmanager
def laid_out(git: Git, root: Path, files: Iterable[Staged], prefix: str) -> Iterator[Path]:
    """The vault as it is staged, in a folder inside the repository's own that is gone afterwards."""
    own = root / git("rev-parse", "--git-path", "plaincrm").decode("utf-8", "surrogateescape").rstrip("\n")
    there = [file for file in files if file.new]
    read = [file for file in there if file.path.endswith(_READ)]
    with TemporaryDirectory(prefix="plaincrm-", dir=own.parent) as name:
        folder = Path(name)
        for file in there:
            (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.path).touch()
        for file, data in zip(read, contents(git, [(file.new, prefix + file.path) for file in read]), strict=True):
            (folder / file.path).write_bytes(data)
        if not (folder / NAME).exists():  # settings that are not committed count all the same
            (folder / NAME).write_bytes(read_bytes(root / NAME) if (root / NAME).exists() else b"")
        yield folder
