"""A vault opened: its root, its settings, and the names of its records."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from plaincrm.document.source import Unreadable, read_bytes
from plaincrm.errors import VaultError
from plaincrm.vault.config import NAME, Config, read_config
from plaincrm.vault.find import Finder, find_root


class Vault:
    """A folder of notes. `config_bytes` are the settings as they stand in the file, empty where there is none."""

    def __init__(self, root: Path, config: Config, config_bytes: bytes) -> None:
        self.root = root
        self.config = config
        self.config_bytes = config_bytes

    @cached_property
    def finder(self) -> Finder:
        """Which files are records."""
        return Finder(self.root, self.config.records, self.config.ignore)


def load_vault(start: Path) -> Vault:
    """The vault that holds a folder.

    Raises:
        VaultError: there is no such folder, or its settings cannot be read at all.
    """
    root = find_root(start)
    path = root / NAME
    if not path.exists():
        return Vault(root, Config(), b"")
    try:
        data = read_bytes(path)
    except Unreadable as error:
        reason = dict(error.fault.facts).get("reason", error.fault.code.replace("-", " "))
        raise VaultError(f"{path}: the settings cannot be read: {reason}.", "See to the file's rights.") from None
    return Vault(root, read_config(data), data)
