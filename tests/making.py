"""Small vaults made for a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import plaincrm

EXAMPLE = Path(__file__).parents[1] / "example-vault"


def make_vault(folder: Path, notes: Mapping[str, str | bytes], config: str = "") -> Path:
    """A vault of notes by their names; a name without a folder stands in customers/."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plaincrm.toml").write_text(config, encoding="utf-8")
    for name, note in notes.items():
        path = folder / (name if "/" in name else f"customers/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(note if isinstance(note, bytes) else note.encode())
    return folder


def vault_of(folder: Path, notes: Mapping[str, str | bytes], config: str = "") -> plaincrm.Vault:
    """The same, opened without an index on disk."""
    return plaincrm.open_vault(make_vault(folder, notes, config), cache=False)
