"""Whose the two sides of a merge are, while it is under way."""

from __future__ import annotations

from pathlib import Path

from plaincrm.history.git import Git, GitFailed

_OTHERS = ("MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")


def sides(root: Path) -> tuple[str, str]:
    """Who made the last commit of our side and of the other one, when, and its first line; empty where nobody knows."""
    git = Git(root)
    return _told(git, "HEAD"), next((told for name in _OTHERS if (told := _told(git, name))), "")


def _told(git: Git, name: str) -> str:
    try:
        return git("log", "-1", "--format=%an, %as: %s", name, "--").decode("utf-8", "replace").rstrip("\n")
    except GitFailed:
        return ""
