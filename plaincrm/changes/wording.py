"""How a note words what it says: its language, and the spelling of keys and values in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plaincrm.changes.parts import Reading
from plaincrm.document.nodes import Pairs
from plaincrm.language import LANGUAGES, is_word, label, vocabulary
from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema
from plaincrm.records.values import as_text


def language_of(note: Reading) -> str:
    """The language most of a note's own keys and section names are written in; English where nothing tells."""
    keys = [str(key.value) for key, _node in note.document.fields]
    titles = [section.title for section in note.document.body.sections if section.level]
    counts = {
        language: sum(is_word(language, "fields", key) for key in keys)
        + sum(is_word(language, "sections", title) for title in titles)
        for language in LANGUAGES
    }
    return max(LANGUAGES, key=lambda language: counts[language])  # the first of equals: English


def key_for(field: Field, note: Reading) -> str:
    """The key under which a field is written anew: as other keys of the note are, `next_action` or `seuraava toimi`."""
    if field.own or field.key not in vocabulary(LANGUAGES[0])["fields"]:
        return field.key
    language = language_of(note)
    return field.key if language == LANGUAGES[0] else label("fields", field.key, language)


def worded(value: object, field: Field, typed: str, note: Reading, schema: Schema) -> str:
    """A value in the words of a note: choices in its language, links in brackets, all else in its canonical form.

    `typed` is how the user wrote it, which stays where nothing is gained by another spelling.
    """
    if field.type == "link":
        return f"[[{value}]]"
    if field.type in ("phone", "money", "text", "response", "url"):
        return typed
    if isinstance(field.choices, str) and isinstance(value, str) and field.choices != "owners":
        language = language_of(note)
        own = schema.choices(field.choices)
        spelt = vocabulary(language).get(field.choices, {}).get(value, ())
        return spelt[0] if language != LANGUAGES[0] and spelt and value in own else value
    return as_text(value)


def current(note: Reading, field: Field) -> tuple[Any, ...]:
    """What a note says of a field, value by value."""
    if field.key in note.record.customer.fields:
        return tuple(value.value for value in note.record.customer.fields[field.key])
    other = note.record.customer.other.get(field.key)
    return tuple(_texts(other))


def _texts(value: object) -> Iterable[Any]:
    if value is None or isinstance(value, Pairs):
        return ()
    return value if isinstance(value, list) else (value,)
