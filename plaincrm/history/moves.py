"""How a field of customers moved: each change of its value, by whom and when."""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.history.story import Event
from plaincrm.records.moved import Moved


def moves(events: tuple[Event, ...], field: str) -> Iterator[Moved]:
    """The changes of a field in a story, in its order; that a note came or went with a value is no move."""
    for event in events:
        for note in event.notes:
            if note.changes and note.changes[0].kind == "note" and note.changes[0].what in ("added", "removed"):
                continue
            for change in note.changes:
                if change.kind == "field" and change.key == field:
                    values = (change.old or None, change.new or None)
                    where = (note.customer, note.name, note.file, change.line)
                    yield Moved(*where, *values, event.when, event.author, event.commit)
