"""Values of other programs seen to be values of our fields; the others are left out, and told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, read_value


def checked(said: Mapping[str, Iterable[str]], schema: Schema) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The fields with their sound values, each once, of a single-valued field the first; and what is left out."""
    fields, left_out = dict[str, tuple[str, ...]](), list[str]()
    for key, texts in said.items():
        field, found = schema.table.customer[key], dict[str, None]()
        for text in filter(None, (" ".join(text.split()) for text in texts)):
            try:
                read_value(text, field, schema)
            except BadValue:
                left_out.append(f"{text[:60]}: no {field.label()}")
            else:
                found.setdefault(text)
        if found:
            fields[key] = tuple(found) if field.many else tuple(found)[:1]
    return fields, tuple(left_out)
