"""Values of front matter that can be taken as they stand: nearly all, and half of them stand in many notes."""

from __future__ import annotations

import re

from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema
from plaincrm.records.spelling import is_oddly_spelt
from plaincrm.records.values import BadValue, read_value

_TEXTS = frozenset(("text", "phone", "business_id", "vat_id"))
_NUMBER = re.compile(r"\+[0-9]+|-?0[0-9]+|[0-9]+\.[0-9]*0|[0-9]+[eE][0-9]+|0[xo][0-9A-Fa-f]+|[0-9]{17,}", re.ASCII)


def plain_value(key: str, text: str, schema: Schema) -> tuple[str, object] | None:
    """The field of one value that a key names, and what a text in it means; asked for by `Schema.plain_value`.

    None where the key names none, and where more has to be said: of lists, links, templates, odd spellings, faults.
    """
    field = schema.table.find(key)
    if field is None or field.many or field.type == "link" or not text or text != text.strip():
        return None
    if "{{" in text or "<%" in text or is_number_to_others(field, text) or is_oddly_spelt(field, text, schema):
        return None
    try:
        return field.key, read_value(text, field, schema)
    except BadValue:
        return None


def plain_inline(key: str, text: str, schema: Schema) -> tuple[str, str, object] | None:
    """The inline field that a key names, its scope, and what a text in it means; asked for by `Schema.plain_inline`."""
    field = schema.table.find_inline(key)
    if field is None or not text:
        return None
    try:
        return field.key, field.scope, read_value(text, field, schema)
    except BadValue:
        return None


def is_number_to_others(field: Field, text: str) -> bool:
    """Whether other programs take a text without quotes for a number, and change it."""
    return field.type in _TEXTS and _NUMBER.fullmatch(text) is not None
