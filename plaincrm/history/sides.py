"""Whose the two sides of a merge are, while it is under way, and which files git waits for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from plaincrm.history.git import Git, GitFailed
from plaincrm.index.paths import disk_path, shown_path

# What is merged into HEAD. In a rebase HEAD is what one rebases onto and what is picked so far.
_OTHERS = ("MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD^")
_STAGES = {  # of a file in git's index: 1 before both, 2 ours, 3 theirs
    "12": "theirs took it away, ours changed it",
    "13": "ours took it away, theirs changed it",
    "1": "both took it away or renamed it",
    "2": "only ours has it by this name",
    "3": "only theirs has it by this name",
}
_BOTH = "both sides changed it"


_RENAMED = "both sides renamed this note, theirs to {}; git left it twice: keep one, git rm the other"


class Unmerged(NamedTuple):
    """A file of which git is not told yet how the merge ends; `has_both` where both sides have it, with its markers.

    `twin` is the other file of a note that both sides renamed; git puts what both say into both.
    """

    file: str
    why: str
    has_both: bool
    twin: str = ""


def unmerged(root: Path) -> list[Unmerged]:
    """The files that git calls unmerged, by their paths; none outside of git."""
    stages: dict[str, str] = {}
    blobs: dict[str, str] = {}
    try:
        for row in Git.to_read(root)("ls-files", "-u", "-z").split(b"\0")[:-1]:
            head, _tab, path = os.fsdecode(row).partition("\t")
            name, (_mode, blob, stage) = shown_path(path), head.split()
            blobs[name] = blob
            stages[name] = stages.get(name, "") + stage
    except GitFailed:
        return []
    theirs = {blobs[file]: file for file, found in stages.items() if found == "3"}
    twins = {file: theirs[blobs[file]] for file, found in stages.items() if found == "2" and blobs[file] in theirs}
    waiting = ((file, found) for file, found in sorted(stages.items()) if file not in twins.values())
    return [
        Unmerged(file, _RENAMED.format(twins[file]), has_both=False, twin=twins[file])
        if file in twins
        else Unmerged(file, _STAGES.get(found, _BOTH), found not in _STAGES)
        for file, found in waiting
    ]


class Sides:
    """Both sides of the merge that is under way in a vault."""

    def __init__(self, root: Path) -> None:
        self._git = Git.to_read(root)
        self._theirs = next((name for name in _OTHERS if self._told(name)), "")
        self._blamed = lru_cache(None)(lambda revision, file: list(self._blame(revision, file)))

    def whose(self, file: str, ours: str, theirs: str) -> tuple[str, str]:
        """Who set the lines of each side of a note last, when, and the first line of the commit's message.

        Where that is not known, as of lines that are gone, it is the side's last commit that touched the note. Empty
        where nobody knows.
        """
        return self._set("HEAD", file, ours), self._theirs and self._set(self._theirs, file, theirs)

    def _set(self, revision: str, file: str, said: str) -> str:
        blamed = self._blamed(revision, file)
        texts = [text for _commit, text in blamed]
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        setters = [commit for commit, text in blamed if text in lines and texts.count(text) == 1]
        if setters:
            return self._told("--no-walk=sorted", *dict.fromkeys(setters))
        return self._told(revision, "--", disk_path(file)) or self._told(revision)

    def _blame(self, revision: str, file: str) -> Iterator[tuple[str, str]]:
        """The commit of each line of a note, and the line's words."""
        try:
            told = self._git("blame", "--no-textconv", "--porcelain", revision, "--", disk_path(file))
        except GitFailed:  # it has another name there, or is not there
            return
        commit = ""
        for row in told.decode("utf-8", "surrogateescape").split("\n"):
            if row.startswith("\t"):
                yield commit, row.strip()
                commit = ""
            elif not commit:
                commit = row.partition(" ")[0]

    def _told(self, *words: str) -> str:
        """The latest of some commits, in words; empty where there is none."""
        limits = words if "--" in words else (*words, "--")
        try:
            told = self._git("log", "-1", "--no-show-signature", "--format=%an, %as: %s", *limits)
        except GitFailed:
            return ""
        return told.decode("utf-8", "replace").rstrip("\n")
