"""A look at notes that are there already: which of them look like customers, and how their keys would be read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from plaincrm.document.document import Document, read_document
from plaincrm.document.source import Unreadable, read_bytes
from plaincrm.language import canonical
from plaincrm.records.read import read_record
from plaincrm.records.schema import Schema
from plaincrm.vault.files import FilesOnDisk
from plaincrm.vault.find import is_entered, obsidian_folder

# A note with two of these is taken for a customer: notes of books and projects seldom have them.
_OF_PEOPLE = ("birthday", "company", "contacts", "email", "phone", "referred_by", "role")
_OF_CUSTOMERS = ("address", "business_id", "cadence", "city", "next", "owner", "postcode", "stage", "tier", "vat_id")
TELLING = frozenset((*_OF_PEOPLE, *_OF_CUSTOMERS, "website"))
_KINDS = frozenset(("person", "people", "contact", "company", "client", "customer", "lead", "organization", "crm"))


class FolderLook(NamedTuple):
    """A folder with notes of its own that look like customers: how many of how many, and their log entries."""

    path: str
    notes: int
    customers: int
    entries: int

    @property
    def taken(self) -> bool:
        """Whether the folder is one of customers: at least half of its notes look so."""
        return self.customers * 2 >= self.notes


class KeyUse(NamedTuple):
    """A key of those notes: how it is typed, in how many, and the field it is read as; empty where it is left alone."""

    key: str
    notes: int
    field: str


class Adoption(NamedTuple):
    """What a folder of notes holds: how many notes, the folders with customers in them, and the keys of these."""

    notes: int
    unread: int
    folders: tuple[FolderLook, ...]
    keys: tuple[KeyUse, ...]

    @property
    def records(self) -> tuple[str, ...]:
        """Globs of the folders that are of customers; those below one that is are in its glob."""
        taken = sorted(folder.path for folder in self.folders if folder.taken)
        tops = [path for path in taken if not any(path.startswith(f"{other}/") for other in taken if other)]
        return tuple(f"{path}/**/*.md" if path else "*.md" for path in tops)


def adoption(root: Path, schema: Schema) -> Adoption:
    """Look at all notes below a folder; hidden ones and templates are none."""
    notes, unread, folders = 0, 0, list[FolderLook]()
    keys: Counter[str] = Counter()
    for folder, paths in _folders(root):
        look = FolderLook(folder, len(paths), 0, 0)
        for path in paths:
            try:
                document = read_document(read_bytes(root / path))
            except Unreadable:
                unread += 1
                continue
            found = {str(key.value): schema.table.find(str(key.value)) for key, _node in document.fields}
            if _looks_like_one(document, {field.key for field in found.values() if field}):
                entries = len(read_record(document, path, schema).customer.entries)
                look = look._replace(customers=look.customers + 1, entries=look.entries + entries)
                keys.update([*found])
        notes += len(paths)
        folders += [look] if look.customers else []
    return Adoption(notes, unread, tuple(folders), tuple(_key_uses(keys, schema)))


def _folders(root: Path) -> Iterator[tuple[str, list[str]]]:
    """Every folder with the notes that stand in it itself; links are not followed."""
    template = (obsidian_folder(FilesOnDisk(root)).rpartition("/")[2].casefold(),)
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if is_entered(name, template))
        here = Path(folder).relative_to(root).as_posix().removeprefix(".")
        paths = [f"{here}/{name}".lstrip("/") for name in sorted(names) if name.endswith(".md") and name[0] != "."]
        if paths:
            yield here, paths


def _looks_like_one(document: Document, fields: set[str]) -> bool:
    return len(fields & TELLING) >= 2 or any(_names_a_kind(document, key) for key in ("type", "file-role", "tags"))


def _names_a_kind(document: Document, wanted: str) -> bool:
    texts = [item.text or "" for key, node in document.fields if key.text == wanted for item in node.items]
    parts = {part for text in texts for part in text.casefold().lstrip("#").replace("-", "/").split("/")}
    return bool(parts & _KINDS) or any(canonical("types", part) for part in parts)


def _key_uses(keys: Counter[str], schema: Schema) -> Iterator[KeyUse]:
    for key, count in sorted(keys.items(), key=lambda item: (-item[1], item[0])):
        field = schema.table.find(key)
        yield KeyUse(key, count, field.key if field else "")
