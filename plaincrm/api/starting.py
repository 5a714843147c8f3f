"""Making a vault of a folder: the files that it lacks, or of notes that are there the settings alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.errors import UsageError
from plaincrm.vault.config import NAME

if TYPE_CHECKING:  # loaded when a vault is made
    from plaincrm.changes.start import Begun, NewVault


def init_vault(path: str | Path, how: NewVault | None = None, *, dry_run: bool = False) -> Begun:
    """Make a vault of a folder, or complete one: what there was to do, and what was written.

    No byte of what stands there is changed, but for Obsidian's own list of types, into which ours are put.

    Raises:
        UsageError: the folder lies in another vault, or its settings, or those that are asked for, are not sound.
        WriteRefused: a file cannot be written; then none is.
    """
    from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
    from plaincrm.changes.start import Begun, NewVault, beginning, make_folder  # noqa: PLC0415

    root = _folder(path)
    found = beginning(root, how or NewVault())
    if not dry_run:
        make_folder(root)
    return Begun(root, found, carry_out(root, lambda _read: found.steps, dry_run=dry_run))


def _folder(path: str | Path) -> Path:
    root = Path(path).absolute()
    if root.exists() and not root.is_dir():
        raise UsageError(f"{path} is a file.", "Name a folder.")
    root = root.resolve()
    outer = next((folder for folder in root.parents if (folder / NAME).is_file()), None)
    if outer:
        raise UsageError(f"{path} lies in the vault {outer}.", "Name a folder outside of it, or that vault itself.")
    return root
