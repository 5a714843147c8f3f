"""A vault opened: its root, its settings, and the names of its records."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from plaincrm.document.source import Unreadable
from plaincrm.errors import VaultError
from plaincrm.vault.config import NAME, Config, read_config
from plaincrm.vault.files import Files, FilesOnDisk
from plaincrm.vault.find import Finder, find_root


class Vault:
    """Notes and their settings; `config_bytes` are these as they stand in the file, empty where there is none."""

    def __init__(self, files: Files, config: Config, config_bytes: bytes) -> None:
        self.files = files
        self.root = files.root
        self.config = config
        self.config_bytes = config_bytes

    @cached_property
    def finder(self) -> Finder:
        """Which files are records."""
        return Finder(self.files, self.config.records, self.config.ignore)


def load_vault(start: Path) -> Vault:
    """The vault that holds a folder.

    Raises:
        VaultError: there is no such folder, or its settings cannot be read at all.
    """
    root = find_root(start)
    if (root / NAME).exists() and not (root / NAME).is_file():
        raise _unreadable(root, "it is no plain file")
    return vault_of(FilesOnDisk(root))


def vault_of(files: Files) -> Vault:
    """The vault that is made of these files.

    Raises:
        VaultError: its settings cannot be read at all.
    """
    if not files.has(NAME):
        return Vault(files, Config(), b"")
    try:
        data = files.read(NAME)
    except Unreadable as error:
        reason = dict(error.fault.facts).get("reason", error.fault.code.replace("-", " "))
        raise _unreadable(files.root, reason) from None
    return Vault(files, read_config(data), data)


def _unreadable(root: Path, reason: str) -> VaultError:
    return VaultError(f"{root / NAME}: the settings cannot be read: {reason}.", "See to the file's rights.")
