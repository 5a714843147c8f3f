"""What is open in the editor: its notes, the vaults they belong to, in one place."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from plaincrm.document.source import read_bytes
from plaincrm.errors import PlaincrmError
from plaincrm.index.paths import disk_path, shown_path
from plaincrm.live.lsp.note import Note
from plaincrm.live.lsp.positions import Lines
from plaincrm.vault.config import NAME
from plaincrm.vault.find import find_root
from plaincrm.vault.vault import Vault, load_vault


class Workspace:
    """Open notes by their addresses. A note outside every vault is none of ours and is not kept.

    A vault is a folder with a `plaincrm.toml`; `named` is one that counts without, since the user named it.
    """

    def __init__(self, today: Callable[[], date], named: Path | None = None) -> None:
        self.today = today
        self.encoding = "utf-16"
        self.notes: dict[str, Note] = {}
        self._named = named.resolve() if named else None
        self._vaults: dict[Path, Vault] = {}

    def put(self, uri: str, text: str) -> Note | None:
        """Take a note's text as the editor has it now."""
        known = self.notes.get(uri)
        lines = Lines(text, self.encoding)
        if known:
            self.notes[uri] = Note(uri, known.path, lines, known.vault, known.is_record)
            return self.notes[uri]
        file = file_of(uri)
        vault = self.vault_of(file) if file else None
        if not file or not vault:
            return None
        path = shown_path(file.relative_to(vault.root).as_posix())
        is_record = path.endswith((".md", ".MD")) and vault.finder.would_read(disk_path(path))
        self.notes[uri] = Note(uri, path, lines, vault, is_record)
        return self.notes[uri]

    def drop(self, uri: str) -> None:
        """Forget a note that was closed."""
        self.notes.pop(uri, None)

    def vault_of(self, file: Path) -> Vault | None:
        """The vault that holds a file; None where there is none, or its settings cannot be read."""
        try:
            root = find_root(file.parent)
            if not (root / NAME).is_file():
                if not self._named or not file.is_relative_to(self._named):
                    return None
                root = self._named
            if root not in self._vaults:
                self._vaults[root] = load_vault(root)
        except PlaincrmError:
            return None
        return self._vaults[root]

    def reload(self, root: Path) -> None:
        """Read a vault's settings anew, and its open notes by them; while they are gone, the old ones hold."""
        old = self._vaults.pop(root, None)
        if not self.vault_of(root / NAME) and old:
            self._vaults[root] = old
            return
        for uri, note in [*self.notes.items()]:
            if note.vault.root == root:
                del self.notes[uri]
                self.put(uri, note.text)

    def forget(self, vault: Vault) -> None:
        """A vault of which nothing is open any more."""
        self._vaults.pop(vault.root, None)

    @property
    def vaults(self) -> list[Vault]:
        """The vaults of which something was asked."""
        return [*self._vaults.values()]

    def in_vault(self, vault: Vault) -> list[Note]:
        """The open notes of a vault."""
        return [note for note in self.notes.values() if note.vault.root == vault.root]

    def open_at(self, vault: Vault, path: str) -> Note | None:
        """The open note of a path in a vault."""
        return next((note for note in self.in_vault(vault) if note.path == path), None)

    def read(self, vault: Vault, path: str) -> bytes:
        """A note's bytes as the editor has them, else as they lie on the disk.

        Raises:
            Unreadable: there is no such file, or it cannot be read.
        """
        note = self.open_at(vault, path)
        return note.data if note else read_bytes(vault.root / disk_path(path))

    def uri(self, vault: Vault, path: str) -> str:
        """The address of a path in a vault; of an open note the one that the editor uses."""
        note = self.open_at(vault, path)
        return note.uri if note else (vault.root / disk_path(path)).as_uri()


def file_of(uri: str) -> Path | None:
    """The file of an address, wherever links on the way to it lead; None for what is no file."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    file = Path(os.fsdecode(unquote_to_bytes(parts.path)))
    try:
        return file.parent.resolve() / file.name if file.is_absolute() else None
    except (OSError, RuntimeError, ValueError):
        return None
