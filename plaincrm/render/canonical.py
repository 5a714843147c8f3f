"""A note in canonical words: keys, choices, dates and the heads of entries as JSON and SQL have them, else as typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from plaincrm.changes.edits import Edit, edited, without_overlaps
from plaincrm.dates import parse_day
from plaincrm.document.body import Entry, section_kind
from plaincrm.document.document import Document, read_document
from plaincrm.language import label
from plaincrm.records.entry import Head, read_head
from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, as_text, read_value

_WORDED = frozenset(("choice", "date", "channel", "permission", "country", "yes/no"))  # types with words of a language


def canonical_note(data: bytes, schema: Schema) -> str:
    """The text of a note's bytes; what cannot be read stays as it stands."""
    document = read_document(data)
    edits = [*_fields(document, schema), *_body(document, schema)]
    return edited(document.source.text, without_overlaps(edits))


def _fields(document: Document, schema: Schema) -> Iterator[Edit]:
    for key, node in document.fields:
        known = schema.table.find(str(key.value))
        if known is not None:
            yield Edit(key.start, key.end, known.key)
            for item in node.items:
                if item.plain and item.text:
                    yield Edit(item.start, item.end, _worded(item.text, known, schema))


def _worded(text: str, known: Field, schema: Schema) -> str:
    """A value in its canonical word, where its type has such words."""
    if known.type in _WORDED:
        with suppress(BadValue):
            return as_text(read_value(text.strip(), known, schema))
    return text


def _body(document: Document, schema: Schema) -> Iterator[Edit]:
    body, text = document.body, document.source.text
    for section in body.sections:
        kind = section_kind(section.title)
        if kind and section.level:
            start = text.index(section.title, section.start)
            yield Edit(start, start + len(section.title), label("sections", kind, "en").capitalize())
    for entry in body.entries:
        yield from _entry(entry, text, schema)
    fields = [*body.inline, *(item for entry in body.entries for item in entry.inline)]
    tasks = [*body.tasks, *(task for entry in body.entries for task in entry.tasks)]
    for item in [*fields, *(item for task in tasks for item in task.inline)]:
        known = schema.table.find_inline(item.key)
        if known is not None and (at := text.find(item.key, item.start, item.value_start)) >= 0:
            yield Edit(at, at + len(item.key), known.key)
            yield Edit(item.value_start, item.value_end, _worded(item.value, known, schema))


def _entry(entry: Entry, text: str, schema: Schema) -> Iterator[Edit]:
    """The date and the words before the summary of an entry's first line."""
    opening = entry.opening
    day = parse_day(opening.date_text)
    if day and day.precision == "day":
        yield Edit(opening.date_start, opening.date_start + len(opening.date_text), day.date.isoformat())
    end = min([entry.first_end, *(item.start for item in entry.inline if item.start >= opening.words_start)])
    words = text[opening.words_start : end]
    head = read_head(words, schema)
    if head.channel and (not head.summary or words.count(head.summary) == 1):
        start = opening.words_start + len(words) - len(words.lstrip())
        stop = opening.words_start + (words.index(head.summary) if head.summary else len(words.rstrip()))
        yield Edit(start, stop, _head(head))


def _head(head: Head) -> str:
    times = "-".join(f"{time:%H:%M}" for time in (head.time, head.end_time) if time)
    words = " ".join(word for word in (times, head.channel, head.direction) if word)
    return f"{words}{f', {head.who}' if head.who else ''}{': ' if head.summary else ''}"
