"""A note taken apart without loss: front matter, sections, log entries, tasks, inline fields, links."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from plaincrm.document.body import Body, read_body
from plaincrm.document.frontmatter import FrontMatter, find_front_matter, front_matter_faults, read_fields
from plaincrm.document.ignores import Ignore, find_ignores
from plaincrm.document.nodes import Pairs
from plaincrm.document.source import Source, decode, source_faults
from plaincrm.errors import Fault


class Document(NamedTuple):
    """A note as it stands: every part has its span in `source.text`, and the parts joined are the text."""

    source: Source
    front: FrontMatter | None
    fields: Pairs
    body: Body
    faults: tuple[Fault, ...]
    ignores: tuple[Ignore, ...] = ()

    @property
    def parts(self) -> tuple[tuple[str, int, int], ...]:
        """The note from end to end: (what it is, start, end) with no gap between."""
        return tuple(_parts(self))

    def text_of(self, start: int, end: int) -> str:
        """A span's text as it stands in the file."""
        return self.source.text[start:end]


_OF_MARKERS = frozenset(("bad-yaml", "duplicate-key"))  # what the lines of an unfinished merge are to YAML


def read_document(data: bytes) -> Document:
    """Take a file's bytes apart. Never raises: what is wrong is told in `faults`."""
    source = decode(data)
    if source.refusal is not None:
        return Document(source, None, Pairs(), Body(source.text), (source.refusal,))
    front = find_front_matter(source)
    fields, faults = read_fields(source, front) if front else (Pairs(), [])
    start = front.end if front else source.start
    body = read_body(source.text, start)
    odd = [*source_faults(source, front.end if front else 0)]
    if front and any(found.code == "unresolved-merge" and found.start < front.end for found in odd):
        faults = [found for found in faults if found.code not in _OF_MARKERS]
    faults = [
        *odd,
        *front_matter_faults(source, front),
        *faults,
        *body.faults,
    ]
    return Document(source, front, fields, body, tuple(faults), tuple(find_ignores(source.text, start)))


_RANKS = ("byte order mark", "text", "front matter", "section", "entry")  # where several begin, the last names it


def _parts(document: Document) -> Iterator[tuple[str, int, int]]:
    """Each part ends where the next one begins, so that every byte stands in exactly one."""
    source, front, body = document.source, document.front, document.body
    marks = [(0, "byte order mark"), (source.start, "text")]
    if front:
        marks += (front.start, "front matter"), (front.end, "text")
    marks += [(section.start, "section") for section in body.sections]
    for entry in body.entries:
        marks += (entry.start, "entry"), (entry.end, "text")
    marks.sort(key=lambda mark: (mark[0], _RANKS.index(mark[1])))
    for (start, what), (end, _next) in pairwise([*marks, (len(source.text), "")]):
        if start < end:
            yield what, start, end
