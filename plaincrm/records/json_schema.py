"""The field table as JSON Schema (2020-12), by which editors complete, explain and check front matter as one types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plaincrm.language import LANGUAGES, label, spellings, vocabulary
from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT = {"type": ["string", "number"]}  # Obsidian writes a text of digits as a number
_TYPES: Mapping[str, Mapping[str, Any]] = {
    "number": {"type": "number"},
    "percent": {"type": ["number", "string"]},
    "money": {"type": ["number", "string"]},
    "date": {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"},
    "birthday": {"type": "string", "pattern": r"^([0-9]{4}|-)-[0-9]{2}-[0-9]{2}$"},
    "yes/no": {"type": ["boolean", "string"]},
    "email": {"type": "string", "pattern": "@"},
    "phone": {"type": "string"},
    "country": {"type": "string"},
    "contact": {"type": ["string", "object"]},
}


def json_schema(schema: Schema) -> dict[str, Any]:
    """What front matter may hold: every field under each of its spellings, a vault's own fields among them.

    Keys that are none of ours are left alone. A sound note fits; `plaincrm check` is stricter, and has the last word.
    """
    fields = schema.table.customer.values()
    return {
        "$schema": DRAFT,
        "title": "Front matter of a customer",
        "type": "object",
        "properties": {
            spelling: {"$ref": f"#/$defs/{field.key}"} for field in fields for spelling in _spellings(field)
        },
        "additionalProperties": True,
        "$defs": {field.key: _definition(field, schema) for field in fields},
    }


def _spellings(field: Field) -> list[str]:
    """The keys under which a field is offered: the canonical one, and its name in each language."""
    labels = [field.label(language) for language in LANGUAGES]
    return [*dict.fromkeys([field.key, *labels, *field.spellings])]


def _definition(field: Field, schema: Schema) -> dict[str, Any]:
    value = _value(field, schema)
    several = {"type": "array", "items": value}
    kinds = [value, several, {"type": "null"}] if field.many else [value, {"type": "null"}]
    return {"title": label("fields", field.key).replace("_", " "), "description": field.help, "anyOf": kinds}


def _value(field: Field, schema: Schema) -> dict[str, Any]:
    if field.type == "choice" and (words := _choices(field, schema)):
        return {"enum": words}
    found = dict(_TYPES.get(field.type, _TEXT))
    if field.type == "channel":
        return {"enum": _words("channels", [*vocabulary(LANGUAGES[0])["channels"], *schema.own_channels])}
    if field.type == "cadence":
        found = {"type": "string", "examples": ["6w", "3m", "1y", "never"]}
    if field.type == "link":
        found = {"type": "string", "examples": ["[[…]]"]}
    if field.limits:
        found = {"type": "number", "minimum": field.limits[0], "maximum": field.limits[1]}
    return found


def _choices(field: Field, schema: Schema) -> list[str]:
    """The values of a choice as people write them; none where any is taken."""
    if not isinstance(field.choices, str):
        return list(field.choices)
    return _words(field.choices, schema.choices(field.choices))


def _words(kind: str, names: Iterable[str]) -> list[str]:
    """Words by every spelling, with a small and a capital letter: an editor does not fold them as we do."""
    found = [word for name in names for word in spellings(kind, name)]
    return [*dict.fromkeys(word for each in found for word in (each, each[:1].upper() + each[1:]))]
