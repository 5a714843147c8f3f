"""Whole customers read back from the JSON Lines that `export` writes, each as a note."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from plaincrm.changes.draft import Step
from plaincrm.changes.plan import Change
from plaincrm.changes.write import Reader
from plaincrm.document.scalars import in_double_quotes, scalar
from plaincrm.errors import UsageError
from plaincrm.records.incoming import is_whole_note
from plaincrm.records.schema import Schema
from plaincrm.vault.vault import Vault

_NOT_FIELDS = ("customer", "file", "other", "body")
_TYPED = frozenset(("date", "birthday", "number", "percent", "cadence", "period", "business_id"))


def restored(vault: Vault, lines: Iterable[str], read: Reader) -> Iterator[Step]:
    """The steps that make the notes; a note that stands there with the same text needs none.

    Raises:
        UsageError: a line is no customer that `export` has written, a note would not be read as a customer, or another
            one stands in its place.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                step = note_of(vault, line, read).step
            except UsageError as error:
                raise UsageError(f"line {number}: {error.message}", error.remedy) from None
            if step:
                yield step


class Restored(NamedTuple):
    """A customer of an export: its name, its note's place, and the step that makes it; none where it is there."""

    name: str
    path: str
    step: Step | None


def note_of(vault: Vault, line: str, read: Reader) -> Restored:
    """The note of one line of an export.

    Raises:
        UsageError: it is no customer, would not be read as one, or another note stands in its place.
    """
    record = _record(line)
    path, data = record["file"], note_text(record, vault.config.schema).encode("utf-8", "replace")
    name = str(record.get("name", record["customer"]))
    if (vault.root / path).is_file():
        if read(path) != data:
            raise UsageError(f"{path} is there, and says something else.", "Read it into an empty vault.")
        return Restored(name, path, None)
    if not vault.finder.would_read(path):
        records = ", ".join(vault.config.records)
        raise UsageError(f"{path} would not be read as a customer.", f"Notes at {records} are read.")
    return Restored(name, path, Step(Change(path, None, data), (f"new: {name}",)))


def note_text(record: Mapping[str, Any], schema: Schema) -> str:
    """The note of a record: its fields as front matter, and its body as it is."""
    fields = [item for key, value in record.items() if key not in _NOT_FIELDS for item in _field(key, value, schema)]
    other = [f"{scalar(key)}: {_foreign(value)}" for key, value in record.get("other", {}).items()]
    front = [*fields, *other]
    return "\n".join(["---", *front, "---", ""]) + record["body"] if front else str(record["body"])


def _record(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict) or not is_whole_note(record):
        raise UsageError("This is no customer.", "Give the file that plaincrm export -o customers.jsonl has written.")
    parts = record["file"].split("/")
    if any(part in ("", ".", "..") for part in parts) or not record["file"].isprintable():
        raise UsageError(f"{record['file']!r} is no path in a vault.", "Name it as customers/acme.md.")
    return dict(record)


def _field(key: str, value: object, schema: Schema) -> Iterator[str]:
    """The lines of one field."""
    field = schema.table.find(key)
    kind = field.type if field else "text"
    if isinstance(value, list):
        yield f"{scalar(key)}:"
        yield from (f"  - {_scalar(str(item), kind)}" for item in value)
    else:
        yield f"{scalar(key)}: {_scalar(str(value), kind)}"


def _scalar(text: str, kind: str) -> str:
    if kind == "link" and "[[" not in text:
        return f'"[[{in_double_quotes(text)}]]"'
    return scalar(text, typed=kind in _TYPED)


def _foreign(value: object) -> str:
    """A value of a field that nobody knows; JSON is YAML, too."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else scalar(str(value), typed=True)
