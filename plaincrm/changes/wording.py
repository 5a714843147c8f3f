"""How a note words what it says: its language, and the spelling of keys and values in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from plaincrm.changes.parts import Reading
from plaincrm.document.nodes import Pairs
from plaincrm.language import LANGUAGES, is_word, label, vocabulary
from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema
from plaincrm.records.values import as_text

_OBSIDIANS = ("tags", "aliases", "cssclasses")
_ENTRIES = 9  # of the log that are looked at


def language_of(note: Reading) -> str:
    """The language in which a note words what is new in it; English where nothing tells."""
    return note.language or told_language(note) or LANGUAGES[0]


def told_language(note: Reading) -> str | None:
    """The language of most of a note's own keys, else of its section names and log; None where nothing tells.

    `tags` and `aliases` tell nothing: Obsidian calls them so whatever the language.
    """
    keys = [str(key.value) for key, _node in note.document.fields if str(key.value).lower() not in _OBSIDIANS]
    return _most(("fields", key) for key in keys) or _most(_said(note))


def _most(words: Iterable[tuple[str, str]]) -> str | None:
    """The language to which most words belong, each with its kind; the first of equals, which is English."""
    counts = Counter(language for kind, word in words for language in LANGUAGES if is_word(language, kind, word))
    return max(LANGUAGES, key=lambda language: counts[language]) if counts else None


def _said(note: Reading) -> Iterator[tuple[str, str]]:
    """The section names of a note, and the words with which entries of its log begin."""
    body = note.document.body
    yield from (("sections", section.title) for section in body.sections if section.level)
    for entry in body.entries[:_ENTRIES]:
        head = re.split("[:,]", note.text[entry.opening.words_start : entry.first_end])[0]
        yield from ((kind, word) for word in head.split() for kind in ("channels", "directions"))
        yield from (("inline", field.key) for field in entry.inline)


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
