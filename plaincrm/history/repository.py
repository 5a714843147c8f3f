"""The git repository that a vault lies in, read: commits, what a commit holds of the vault, and the bytes."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, tzinfo
from itertools import accumulate
from pathlib import Path
from typing import IO, NamedTuple

from plaincrm.document.source import LIMIT, Unreadable, read_bytes
from plaincrm.errors import PlaincrmError, UsageError
from plaincrm.history.git import Git, GitFailed

_EARLIEST, _LATEST = 0, 253_402_300_799  # seconds: from 1970 to the end of 9999, the last that a calendar tells


class NotInGit(PlaincrmError):
    """The vault lies in no git repository, or in one in which nothing is committed."""


class Blob(NamedTuple):
    """One file of the vault in a commit: its path in the vault (as the system has it), git's mode, the blob's name."""

    path: str
    mode: int
    name: str


class Objects:
    """Contents by their names, from one git that stays open."""

    def __init__(self, questions: IO[bytes], answers: IO[bytes]) -> None:
        self._questions = questions
        self._answers = answers

    def read(self, name: str, limit: int = LIMIT) -> bytes | None:
        """The bytes of a blob; None where the repository lacks it or it is no blob or larger than the limit."""
        self._questions.write(f"{name}\n".encode())
        self._questions.flush()
        head = self._answers.readline().split()
        if len(head) != 3:  # `NAME missing`
            if not head:
                raise GitFailed("it ended while it was asked for objects")
            return None
        kind, size = head[1], int(head[2])
        if kind != b"blob" or size > limit:
            left = size + 1
            while left > 0:
                left -= len(self._answers.read(min(left, 1 << 20))) or left
            return None
        data = self._answers.read(size)
        self._answers.read(1)  # the line end behind it
        if len(data) < size:
            raise GitFailed("it ended while it was asked for objects")
        return data


class Repository:
    """What is committed of a vault.

    `prefix` is the vault's path in the repository, empty or with a slash at its end.

    Raises:
        NotInGit: the vault lies in no repository.
        GitFailed: there is no git, or it does not trust the repository.
    """

    def __init__(self, root: Path) -> None:
        self.git = Git.to_read(root)
        try:
            told = self.git("rev-parse", "--show-prefix", "--is-shallow-repository")
        except GitFailed as failure:
            if "not a git repository" not in failure.why:
                raise
            raise NotInGit("The vault is in no git repository.", "Make one with git init, and commit.") from None
        prefix, shallow = told.split(b"\n")[:2]
        self.prefix = os.fsdecode(prefix)
        self.is_shallow = shallow == b"true"

    def commit(self, revision: str) -> str:
        """The name of the commit that a revision means, as `git rev-parse` reads it: HEAD~3, a branch, a tag, a name.

        Raises:
            NotInGit: nothing is committed yet.
            UsageError: it means none.
        """
        for word in (revision, "HEAD"):
            try:
                found = self.git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{word}^{{commit}}")
            except GitFailed:
                continue
            if word == revision:
                return found.decode().strip()
            raise UsageError(f"{revision} is no revision of this repository.", self._known())
        raise NotInGit("Nothing is committed in the vault's repository yet.", "Commit with git first.")

    def names(self) -> list[str]:
        """The branches and tags, in the order of names."""
        told = self.git("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags")
        return sorted(told.decode("utf-8", "replace").splitlines())

    def _known(self) -> str:
        more = " This is a shallow clone: git fetch --unshallow brings the rest." if self.is_shallow else ""
        return f"Name one as git does: HEAD~3, a branch, a tag, or a commit.{more}"

    def commit_on(self, day: date, zone: tzinfo = UTC, start: str = "HEAD") -> str:
        """The last commit of the main line up to the end of a day: the way of first parents from `start`.

        A commit is told to be no earlier than the one before it, whatever the clock of its author said.

        Raises:
            NotInGit: nothing is committed yet.
            UsageError: the history begins later.
        """
        (found,) = self.commits_on([day], zone, start)
        if not found:
            (first, _name), *_later = self._main_line(start)
            began = datetime.fromtimestamp(first, zone).date()
            where = "this shallow clone" if self.is_shallow else "the history"
            raise UsageError(f"Nothing was committed up to {day}: {where} begins on {began}.", "Name a later day.")
        return found

    def commits_on(self, days: Iterable[date], zone: tzinfo = UTC, start: str = "HEAD") -> list[str]:
        """The same for each of some days; empty where the history begins later.

        Raises:
            NotInGit: nothing is committed yet.
        """
        line = self._main_line(start)
        latest = list(accumulate((seconds for seconds, _name in line), max))
        ends = (datetime.combine(day, time(23, 59, 59), zone).timestamp() for day in days)
        return [line[at - 1][1] if (at := bisect_right(latest, end)) else "" for end in ends]

    def _main_line(self, start: str) -> list[tuple[int, str]]:
        """When each commit of the main line was made, in seconds, and its name, the first one first."""
        told = self.git("rev-list", "--first-parent", "--reverse", "--timestamp", self.commit(start))
        rows = (row.split() for row in told.splitlines())
        return [(_clamped(seconds), name.decode()) for seconds, name in rows]

    def files(self, commit: str) -> list[Blob]:
        """Everything of the vault in a commit, by path; a link is told as the blob that holds where it leads."""
        tree = self.tree(commit)
        if not tree:
            return []
        return list(self._listed("-r", tree))

    def some(self, tree: str, paths: Sequence[str]) -> list[Blob]:
        """Those of a few paths of a tree that are files or links."""
        return list(self._listed(tree, "--", *paths)) if tree else []

    def _listed(self, *words: str) -> Iterator[Blob]:
        for part in self.git.parts("ls-tree", "-z", "--full-tree", *words):
            head, _tab, path = part.partition(b"\t")
            mode, kind, name = head.split()
            if kind == b"blob":
                yield Blob(os.fsdecode(path), int(mode, 8), name.decode())

    def size(self, blob: str) -> int | None:
        """How many bytes a blob has; None where the repository lacks it."""
        try:
            return int(self.git("cat-file", "-s", blob))
        except GitFailed:
            return None

    def tree(self, commit: str) -> str:
        """The name of what a commit holds of the vault; empty where the folder was not there then."""
        try:
            found = self.git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}:{self.prefix}")
        except GitFailed:
            return ""
        return found.decode().strip()

    def told(self, commit: str) -> tuple[int, str]:
        """When a commit was made, in seconds since 1970, and the first line of its message."""
        answer = self.git("rev-list", "--max-count=1", "--format=%ct%n%s", "--end-of-options", commit)
        _name, seconds, subject = answer.decode("utf-8", "replace").split("\n", 2)
        return _clamped(seconds), subject.strip()

    def cut(self) -> frozenset[str]:
        """The commits whose parents a shallow clone lacks."""
        if not self.is_shallow:
            return frozenset()
        path = self.git("rev-parse", "--path-format=absolute", "--git-path", "shallow").removesuffix(b"\n")
        try:
            return frozenset(read_bytes(os.fsdecode(path)).decode("ascii", "replace").split())
        except Unreadable:
            return frozenset()

    def blob(self, commit: str, path: str) -> str:
        """The name of what a file of the vault (as the system has it) held in a commit; empty where it is no file."""
        row = self.git("ls-tree", "-z", "--full-tree", "--end-of-options", commit, "--", f"{self.prefix}{path}")
        mode, kind, name = [*row.partition(b"\t")[0].split(), b"", b"", b""][:3]
        return name.decode() if kind == b"blob" and mode.startswith(b"100") else ""

    @contextmanager
    def objects(self) -> Iterator[Objects]:
        """Git's contents, as long as one needs them."""
        with self.git.running("cat-file", "--batch", asked=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            yield Objects(process.stdin, process.stdout)


def _clamped(seconds: bytes | str) -> int:
    """A commit's time in seconds since 1970, within what a calendar tells."""
    return min(max(int(seconds), _EARLIEST), _LATEST)
