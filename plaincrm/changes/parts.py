"""A record in parts, each with its place: what an edit did not touch has to mean the same afterwards."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from plaincrm.changes.edits import Edit, in_order
from plaincrm.document.body import section_kind
from plaincrm.document.document import Document, read_document
from plaincrm.document.nodes import Node
from plaincrm.records.model import LogEntry, Task
from plaincrm.records.read import Record, read_record
from plaincrm.records.schema import Schema


class Part(NamedTuple):
    """Something that a note says: what it is, where it stands, and what it means, wherever it stands."""

    what: str
    start: int
    end: int
    meaning: str

    def is_touched_by(self, edit: Edit) -> bool:
        """Whether an edit reaches into it. Whole lines put in before it do not, those put in at its end do."""
        if edit.start < edit.end:
            return edit.start < self.end and edit.end > self.start
        ahead = edit.start == self.start and not edit.text.endswith("\n")
        return ahead or self.start < edit.start <= self.end


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's bytes with all that they say."""

    document: Document
    record: Record

    @property
    def text(self) -> str:
        """The bytes decoded."""
        return self.document.source.text

    def touched_keys(self, edits: Iterable[Edit]) -> list[tuple[Node, Node]]:
        """The fields of the front matter into which edits reach, up to the end of their last line."""
        changes = tuple(edits)
        return [
            (key, node)
            for key, node in self.document.fields
            if any(_field(self.text, key, node, "").is_touched_by(edit) for edit in changes)
        ]


def reading(path: str, data: bytes, schema: Schema) -> Reading:
    """What a file of these bytes says under a path."""
    document = read_document(data)
    return Reading(document, read_record(document, path, schema))


def lost_part(before: Reading, after: Reading, edits: Iterable[Edit], inverse: Iterable[Edit]) -> str | None:
    """What says another thing though no edit touches it, or was not said before; None where all is well.

    `inverse` are the edits that lead back: they tell what of the new text is new.
    """
    old, new = tuple(_parts(before)), tuple(_parts(after))
    return _missing(old, new, in_order(edits)) or _missing(new, old, in_order(inverse))


def _missing(parts: Iterable[Part], others: Iterable[Part], edits: list[Edit]) -> str | None:
    """A part that no edit touches and the others do not have."""
    there = Counter((part.what, part.meaning) for part in others)
    starts, ends = [edit.start for edit in edits], [edit.end for edit in edits]
    untouched = [
        part
        for part in parts
        if not any(
            part.is_touched_by(edit) for edit in edits[bisect_left(ends, part.start) : bisect_right(starts, part.end)]
        )
    ]
    there.subtract((part.what, part.meaning) for part in untouched)
    return next((part.what for part in untouched if there[part.what, part.meaning] < 0), None)


def _parts(note: Reading) -> Iterator[Part]:
    """Fields, entries, promises, deals, links and the two sections that a record keeps as text."""
    text, customer, place = note.text, note.record.customer, _Places(note).lines
    for values in customer.fields.values():
        for item in values:
            yield Part(f"the field {item.key}", *place(item.line, item.line), repr((item.value, item.text)))
    for key, node in note.document.fields:
        if isinstance(key.value, str) and key.value in customer.other:
            yield _field(text, key, node, repr(customer.other[key.value]))
    for entry in customer.entries:
        yield Part("a log entry", *place(entry.line, entry.end_line), repr(anywhere(entry)))
    for task in customer.tasks:
        yield Part("a promise", *place(task.line, task.line), repr(task._replace(line=0, made=None)))
    for deal in customer.deals:
        yield Part("a deal", *place(deal.line, deal.line), repr(deal._replace(line=0)))
    for link in customer.links:
        yield Part("a link", *place(link.line, link.line), repr(link._replace(line=0)))
    for section in note.document.body.sections:
        if not section.level or section_kind(section.title) == "vision":
            said = text[section.body_start : section.end].strip()
            begins_with_entry = any(entry.start == section.start for entry in note.document.body.entries)
            yield Part("the text", section.start - begins_with_entry, section.end, said)


class _Places:
    """From lines to offsets."""

    def __init__(self, note: Reading) -> None:
        self.starts = [*note.document.source.line_starts, len(note.text) + 1]

    def lines(self, first: int, last: int) -> tuple[int, int]:
        """Where some lines begin and end, the last line end not included."""
        return self.starts[first - 1], self.starts[last] - 1


def _field(text: str, key: Node, node: Node, meaning: str) -> Part:
    """A field of the front matter, with what stands behind its value on the line."""
    end = text.find("\n", node.end)
    return Part(f"the field {key.value}", key.start, end if end >= 0 else len(text), meaning)


def anywhere(entry: LogEntry) -> LogEntry:
    """An entry as it would be on any other line."""
    return entry._replace(
        line=0,
        end_line=0,
        values=tuple(value._replace(line=0) for value in entry.values),
        tasks=tuple(_task_anywhere(task) for task in entry.tasks),
    )


def _task_anywhere(task: Task) -> Task:
    return task._replace(line=0)
