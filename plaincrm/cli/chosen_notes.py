"""Which notes a command is meant for: arguments that are files or folders, and words that are a query."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from plaincrm.api import Vault
from plaincrm.cli.context import Asked, Then
from plaincrm.errors import UsageError
from plaincrm.index.paths import shown_path
from plaincrm.vault.config import NAME
from plaincrm.vault.find import find_root

_LIKE_A_PATH = re.compile(r"[^-@\"':<>=][^\"':<>=]*(?:/[^\"':<>=]*|\.md)", re.IGNORECASE)


class ChosenNotes(NamedTuple):
    """A vault, what of it is meant (all of it without paths and query), and what stands before its paths when told."""

    vault: Vault
    paths: tuple[Path, ...]
    query: str
    prefix: str


def chosen_notes(asked: Asked, arguments: Sequence[str]) -> list[ChosenNotes]:
    """The vaults that arguments are about.

    Files and folders are looked for in the vault that holds them, unless --vault names one; what is in no vault is
    then passed over. Paths of a vault below the current folder are told from there, as they were named.

    Raises:
        UsageError: an argument looks like a path, and there is nothing.
    """
    paths, words = _sorted_out(arguments, of_the_past=asked.then != Then())
    query = " ".join(words)
    held = {} if asked.vault_named else _by_vault(paths)
    if not held:
        return [ChosenNotes(asked.vault, tuple(paths), query, "")]
    return [ChosenNotes(asked.opened(str(root)), tuple(of), query, _prefix(root)) for root, of in held.items()]


def _sorted_out(arguments: Sequence[str], *, of_the_past: bool) -> tuple[list[Path], list[str]]:
    """Paths and words apart; what was need not be there any more."""
    paths: list[Path] = []
    words: list[str] = []
    for argument in arguments:
        is_path = _LIKE_A_PATH.fullmatch(argument) is not None
        if _is_there(argument) or (is_path and of_the_past):
            paths.append(Path(argument))
        elif is_path:
            raise UsageError(f"There is no file or folder {argument}.", "Name it from the current folder.")
        else:
            words.append(argument)
    return paths, words


def _is_there(argument: str) -> bool:
    try:
        return bool(argument) and os.path.lexists(argument)
    except ValueError:  # a NUL, which no path has
        return False


def _by_vault(paths: Sequence[Path]) -> dict[Path, list[Path]]:
    """The paths that lie in a vault with settings, by its root, in their order."""
    held: dict[Path, list[Path]] = {}
    for path in paths:
        here = (path, *path.absolute().parents) if not path.is_symlink() else path.absolute().parents
        root = find_root(next(folder for folder in here if folder.is_dir()))
        if (root / NAME).is_file():
            held.setdefault(root, []).append(path)
    return held


def _prefix(root: Path) -> str:
    """The way from the current folder to a vault; none where one stands in it, as everywhere else."""
    way = os.path.relpath(root)
    return "" if Path.cwd().is_relative_to(root) else f"{shown_path(Path(way).as_posix())}/"


def codes(options: Sequence[str]) -> list[str]:
    """The codes of an option that may be repeated and takes several, with commas."""
    return [code for option in options for code in option.replace(",", " ").split()]
