"""Where a vault lies: which other files it holds, who else can read it, and where git sends it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from plaincrm.document.source import Unreadable, decode, read_bytes

_REMOTE = re.compile(r"^\s*url\s*=\s*\"?(?P<scheme>git|http)://", re.MULTILINE)


def file_paths(root: Path) -> Iterator[str]:
    """Every file of the vault that a link can name, records or not; hidden folders hold none."""
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        start = Path(folder).relative_to(root).as_posix()
        for name in sorted(names):
            yield name if start == "." else f"{start}/{name}"


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
