"""Where a vault lies: who else can read it, and where git sends it."""

from __future__ import annotations

import re
from pathlib import Path

from plaincrm.document.source import Unreadable, decode, read_bytes

_REMOTE = re.compile(r"^\s*url\s*=\s*\"?(?P<scheme>git|http)://", re.MULTILINE)


def is_open_to_others(root: Path) -> bool:
    """Whether any user of this machine may list the folder and every folder on the way to it."""
    try:
        return bool(root.stat().st_mode & 0o004) and all(
            folder.stat().st_mode & 0o001 for folder in (root, *root.parents)
        )
    except OSError:
        return False


def open_remote(root: Path) -> str | None:
    """The scheme of a git remote whose traffic anyone can read (`git`, `http`), by git's own settings file; or None."""
    repository = next((folder for folder in (root, *root.parents) if (folder / ".git").is_dir()), None)
    if repository is None:
        return None
    try:
        text = decode(read_bytes(repository / ".git" / "config")).text
    except Unreadable:
        return None
    match = _REMOTE.search(text)
    return match["scheme"] if match else None
