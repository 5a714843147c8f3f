"""Vaults for many questions: notes that are read once, and notes that are on no disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

import plaincrm
from plaincrm.document.document import read_document
from plaincrm.index.index import Index, open_index
from plaincrm.index.rows import rows_of
from plaincrm.index.tables import TABLES
from plaincrm.records.model import Customer
from plaincrm.records.read import read_record
from plaincrm.vault.vault import load_vault
from tests.making import EXAMPLE, make_vault

T = TypeVar("T")


class KeptVault(plaincrm.Vault):
    """A vault whose files stay as they are while it is asked: one index in memory answers all questions."""

    @cached_property
    def index(self) -> Index:
        return open_index(self._folder, cache=False)

    @cached_property
    def _records(self) -> dict[str, Customer]:
        return {}

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {}

    def _answer(self, question: Callable[[Index], T], *, cache: bool) -> T:  # noqa: ARG002 (there is nothing on disk)
        return question(self.index)

    def _load(self, path: str) -> Customer:
        if path not in self._records:
            text = self._texts.get(path)
            self._records[path] = (
                super()._load(path)
                if text is None
                else read_record(read_document(text.encode()), path, self.config.schema).customer
            )
        return self._records[path]

    def put(self, notes: Mapping[str, str]) -> KeptVault:
        """Let the index know these notes instead, by their names in customers/, as if they had been read from there.

        Nothing is written, and the search tables stay empty: this is for hundreds of vaults and questions of figures.
        """
        db, schema = self.index.db, self.config.schema
        self._records.clear()
        self._texts.clear()
        for table in ("files", *TABLES):
            db.execute(f"delete from {table}")
        for file, (name, text) in enumerate(notes.items(), 1):
            path = f"customers/{name}"
            self._texts[path] = text
            db.execute("insert into files values (?, ?, 'customers', 0, 0, 0, 0, 0, '', 0)", (file, path))
            for table, rows in rows_of(file, path, read_document(text.encode()), schema).items():
                if rows:
                    db.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)
        return self


def kept(folder: Path) -> KeptVault:
    """The vault of a folder, read once."""
    return KeptVault(load_vault(folder), cache=False)


@cache
def example_vault() -> KeptVault:
    """The example vault, read once a process; for questions that leave nothing behind."""
    return kept(EXAMPLE)


@cache
def vault_in_memory(config: str = "") -> KeptVault:
    """A vault without a note, for `put`."""
    return kept(make_vault(Path(mkdtemp(prefix="plaincrm-test-")), {}, config))
