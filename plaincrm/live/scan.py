"""What stands in the vault, by names and stamps alone, and what differs from what stood there before."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from plaincrm.index.paths import disk_path
from plaincrm.live.notes import OWNER
from plaincrm.vault.config import NAME
from plaincrm.vault.files import Listing
from plaincrm.vault.find import Finder, Folder
from plaincrm.vault.vault import Vault


class Scan(NamedTuple):
    """The listings of folders by their paths, and the stamps of single files: settings, generated notes."""

    folders: Mapping[str, Listing]
    files: Mapping[str, tuple[int, ...] | None]


class Changes(NamedTuple):
    """What differs: records that were saved, records that are gone, and whether the settings or other notes did."""

    saved: tuple[str, ...]
    gone: tuple[str, ...]
    settings: bool
    others: bool

    def __bool__(self) -> bool:
        return bool(self.saved or self.gone or self.settings or self.others)


def scan(vault: Vault) -> Scan:
    """Look at the folders of records and of notes with parts, at the settings and at generated notes."""
    own = Finder(vault.files, vault.config.note_parts, ())
    looked = chain(own.folders() if vault.config.note_parts else (), vault.finder.folders())
    return Scan(
        {folder.path: folder.listing for folder in looked},
        {path: _stamps(vault, path) for path in (NAME, *generated_paths(vault))},
    )


def generated_paths(vault: Vault) -> Iterator[str]:
    """The whole notes that the settings name."""
    for name in vault.config.notes:
        yield from (name.replace(OWNER, owner) for owner in (vault.config.owners if OWNER in name else ("",)))


def changes_between(vault: Vault, before: Scan, after: Scan) -> Changes:
    """What differs between two looks; which of it are records is told by the settings as they are now."""
    saved: list[str] = []
    gone: list[str] = []
    ours = set(generated_paths(vault))
    others = any(before.files.get(path) != stamps for path, stamps in after.files.items() if path != NAME)
    for path in sorted({*before.folders, *after.folders}):
        old, new = before.folders.get(path, []), after.folders.get(path, [])
        if old == new:
            continue
        known = {row[0]: row for row in old}
        changed = {row[0] for row in new if known.pop(row[0], None) != row}
        found = vault.finder.sort_out(Folder(path, new))
        names = {entry.name for entry in found.records} | {name for name, _fault in found.faults}
        records = sorted(name for name in changed & names if _joined(path, name) not in ours)
        lost = [entry.name for entry in vault.finder.sort_out(Folder(path, list(known.values()))).records]
        saved += [_joined(path, name) for name in records if name]
        gone += [_joined(path, name) for name in sorted(lost)]
        others = others or bool(changed - names)
    return Changes(tuple(saved), tuple(gone), before.files.get(NAME) != after.files.get(NAME), others)


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _stamps(vault: Vault, path: str) -> tuple[int, ...] | None:
    try:
        seen = os.stat(vault.root / disk_path(path))  # noqa: PTH116 (beside the scan's own way)
    except (OSError, ValueError):
        return None
    return seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino, seen.st_mode
