"""Which files of the vault a check is limited to: those of a query, and those that were named."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from plaincrm.errors import NoMatch, UsageError
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.index.paths import shown_path
from plaincrm.vault.config import NAME
from plaincrm.vault.files import Files


def files_of(index: Index, where: Condition | None, paths: Iterable[Path]) -> frozenset[str] | None:
    """The paths in the vault that a query or names of files and folders stand for; None where neither is given.

    A file of the vault that is no record is passed over: whoever asks for all staged files names such ones, too.

    Raises:
        UsageError: there is no such file, or it lies outside the vault.
        NoMatch: the query names no customer, and no path is named.
    """
    named = {_in_vault(index.vault.files, path) for path in paths}
    if where is None and not named:
        return None
    known = [path for (path,) in index.rows("select path from files")]
    found = {path for path in (*known, NAME) if not named.isdisjoint(_way_to(path))}
    if where is not None:
        sql = f"select path from customers c join files using (file) where {where.sql}"
        found |= {path for (path,) in index.rows(sql, where.parameters)}
    if not (found or named):
        raise NoMatch("No customer matches the query.", "plaincrm list shows all customers.")
    return frozenset(found)


def _way_to(path: str) -> Iterator[str]:
    """A path, the folders that hold it, and the vault itself, which is empty."""
    while path:
        yield path
        path = path.rpartition("/")[0]
    yield ""


def _in_vault(files: Files, path: Path) -> str:
    """A path as the index knows it; empty for the vault itself. What was need not be there any more."""
    is_there = "\0" not in str(path) if files.state else os.path.lexists(path)
    if not is_there:
        raise UsageError(f"There is no file or folder {path}.", "Name it from the current folder.")
    named = path.name not in ("", "..")  # of a note that is a link, not what it leads to
    absolute = os.path.realpath(path.parent) / Path(path.name) if named else path.resolve()
    if not absolute.is_relative_to(files.root):
        raise UsageError(f"{path} lies outside the vault {files.root}.", "Name another vault with --vault.")
    inside = absolute.relative_to(files.root).as_posix()
    if files.state and inside != "." and not files.has(inside) and files.listing(inside) is None:
        raise UsageError(f"There was no file or folder {path} then.", "plaincrm history tells when it came and went.")
    return "" if inside == "." else shown_path(inside)
