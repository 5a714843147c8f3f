"""What is told of the word at a place: what a field is for, and the brief of the customer that a link names."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from plaincrm.document.inline import inline_fields
from plaincrm.errors import NoMatch
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.live.lsp.links import named_by, target_at
from plaincrm.live.lsp.note import Note
from plaincrm.records.fields import Field
from plaincrm.render.brief_markdown import markdown
from plaincrm.render.escape import markdown_text
from plaincrm.reports.brief import brief
from plaincrm.reports.completion import values_of

_KEY = re.compile(r"(?P<key>[^\s:#\"'\[\]{}-][^:#\"'\[\]{}]*?) *:(?=\s|$)")


class Told(NamedTuple):
    """Markdown about a span of the note."""

    text: str
    start: int
    end: int


def hover(note: Note, offset: int, today: date, index: Index | None) -> Told | None:
    """What is to be told; nothing where the place is plain text."""
    target = target_at(note, offset)
    if target:
        found = named_by(index, target.name) if index else []
        try:
            text = _brief(index, found[0], today) if index and len(found) == 1 else ""
        except NoMatch:  # it is gone since the index was brought up
            text = ""
        return Told(text, target.start, target.end) if text else None
    return _of_key(note, offset) if note.is_record else None


def _brief(index: Index, customer: Named, today: date) -> str:
    """The brief as a note, with the bare name instead of a link for Obsidian."""
    _heading, _line, rest = markdown(brief(index, customer, today)).partition("\n")
    return f"# {markdown_text(customer.name)}\n{rest}"


def _of_key(note: Note, offset: int) -> Told | None:
    start, line = note.line_at(offset)
    if note.in_front(offset):
        match = _KEY.match(line)
        field = note.vault.config.schema.table.find(match["key"]) if match else None
        if match and field and offset <= start + match.end("key"):
            return Told(_about(note, field), start, start + match.end("key"))
        return None
    for item in inline_fields(line, listed=True, offset=start):
        end = note.text.index(item.key, item.start) + len(item.key)
        field = note.vault.config.schema.table.find_inline(item.key)
        if field and item.start <= offset <= end:
            return Told(_about(note, field), end - len(item.key), end)
    return None


def _about(note: Note, field: Field) -> str:
    """A field's name, what it is for, and what its values are."""
    values = [*values_of(None, note.vault.config, field)] if field.type != "date" else []
    told = ", ".join(map(markdown_text, values)) or markdown_text(field.type)
    return (
        f"**{markdown_text(field.key)}** ({'several' if field.many else 'one'}): {told}\n\n{markdown_text(field.help)}"
    )
