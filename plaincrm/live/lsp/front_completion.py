"""Completion in the front matter: keys that the note has not, and the values of the key in whose line one types."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plaincrm.document.scalars import scalar
from plaincrm.language import key_beside, unaccented
from plaincrm.live.lsp.choices import Choice, Cursor, customers, days
from plaincrm.live.lsp.note import Note
from plaincrm.records.fields import Field

_KEY = re.compile(r"([^\W\d][\w -]*)?")
_PAIR = re.compile(r"(?P<key>[^\s:#\"'\[\]{}-][^:#\"'\[\]{}]*?) *:(?:[ \t]+(?P<value>.*))?")
_CLOSING = re.compile(r"\]{0,2}[\"']?")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>.*)")


def front_choices(at: Cursor) -> Iterator[Choice]:
    """What may be typed at a place of the front matter."""
    if not at.note.is_record:
        return
    before = at.note.before(at.offset)
    start, line = at.note.line_at(at.offset)
    if _KEY.fullmatch(before):
        yield from _keys(at.note, start, at.offset, has_colon=line[at.offset - start :].lstrip().startswith(":"))
        return
    pair, item = _PAIR.fullmatch(before), _ITEM.fullmatch(before)
    key = pair["key"] if pair and not item else _key_above(at.note, start) if item else ""
    value = (item or pair or {"value": None})["value"]
    field = at.note.vault.config.schema.table.find(key) if key else None
    if field and value is not None:
        yield from _values(at, field, value)


def _keys(note: Note, start: int, offset: int, *, has_colon: bool) -> Iterator[Choice]:
    """Fields that are not there yet, called as the others of the note are."""
    find = note.vault.config.schema.table.find
    here = [key[1] for key in _keys_of(note) if key[0] != start]
    taken = {field.key for key in here if (field := find(key))}
    typed = unaccented(note.text[start:offset])
    for field in note.vault.config.schema.table.customer.values():
        key = field.key if field.own else key_beside(field.key, here)
        words = (key, field.key, *field.spellings)
        if field.key not in taken and any(typed in unaccented(word) for word in words):
            yield Choice(start, offset, key if has_colon else f"{key}: ", key, "key", field.help)


def _keys_of(note: Note) -> Iterator[tuple[int, str]]:
    """The keys of the front matter as they stand, with the places of their lines; closed or not, sound or not."""
    at = note.lines.line_of(0) + 1
    while at < len(note.lines.starts) and (not note.front or note.lines.starts[at] < note.front.block_end):
        start, end = note.lines.span(at)
        if pair := _PAIR.match(note.text, start, end):
            yield start, pair["key"]
        at += 1


def _key_above(note: Note, start: int) -> str:
    """The key to whose list an item belongs."""
    return next((key for place, key in reversed([*_keys_of(note)]) if place < start), "")


def _values(at: Cursor, field: Field, value: str) -> Iterator[Choice]:
    """Values of a field; in a list in brackets only the item at the place is replaced."""
    typed = re.split(r"[\[,]", value)[-1].lstrip() if value.startswith("[") and "[[" not in value else value
    start = at.offset - len(typed)
    if field.type == "date":
        yield from days(typed, start, at.offset, at.today)
    elif field.type == "link":
        yield from _links(at, typed, start)
    else:
        for text in at.values(field):
            if text and "\n" not in text and unaccented(text).startswith(unaccented(typed.lstrip("\"'"))):
                yield Choice(start, at.offset, scalar(text, typed=True), text, "value", field.help)


def _links(at: Cursor, typed: str, start: int) -> Iterator[Choice]:
    """Links in quotes, without which YAML takes brackets for a list; what closes them already is taken along."""
    behind = _CLOSING.match(at.note.text, at.offset)
    for customer, name in customers(at.index, typed.lstrip("\"'[")):
        end = behind.end() if behind else at.offset
        yield Choice(start, end, f'"[[{customer}]]"', name, "customer", customer)
