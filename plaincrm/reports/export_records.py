"""Whole customers for JSON Lines: every field by its canonical key, and the Markdown below the front matter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from plaincrm.document.frontmatter import find_front_matter
from plaincrm.document.source import Source
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index

OWN = ("customer", "file", "other", "body")  # keys of a record that are no fields


def whole_customers(index: Index, where: Condition) -> Iterator[dict[str, Any]]:
    """A record a customer, by name: `customer` (the id), fields in the order of the note, `other` (fields that nobody

    knows), `body` (the Markdown below the front matter) and `file`. A field of which there may be several values is a
    list. What is not there has no key: as in a note.
    """
    many = {key for key, field in index.vault.config.schema.table.customer.items() if field.many}
    query = (
        "select c.file, c.customer, f.path, n.text from customers c join files f using (file) join notes n using (file)"
        f" where {where.sql} order by c.sort_name, c.customer, f.path"
    )
    for batch in index.batches(query, where.parameters, 200):
        fields = _fields(index, [row[0] for row in batch])
        for file, customer, path, text in batch:
            record: dict[str, Any] = {"customer": customer}
            other = dict[str, Any]()
            for key, value, known in fields.get(file, ()):
                if not known or key in OWN:
                    other[key] = _typed(value)
                elif key in many:
                    record.setdefault(key, []).append(value)
                else:
                    record.setdefault(key, value)
            yield {**record, **({"other": other} if other else {}), "body": _body(text), "file": path}


def _fields(index: Index, files: list[int]) -> dict[int, list[tuple[str, str, int]]]:
    found: dict[int, list[tuple[str, str, int]]] = {}
    rows = index.rows(
        "select file, field, value, known from fields where file in (select value from json_each(?))"
        " order by file, line, field, position",
        (json.dumps(files),),
    )
    for file, key, value, known in rows:
        found.setdefault(file, []).append((key, value, known))
    return found


def _typed(value: str) -> Any:  # noqa: ANN401 (whatever the note has)
    """The value of a field that nobody knows: the index keeps its lists and maps as JSON."""
    if value.startswith(("[", "{")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _body(text: str) -> str:
    source = Source(text)
    front = find_front_matter(source)
    return text[front.end if front else source.start :]
