"""A note taken apart without loss: front matter, sections, log entries, tasks, inline fields, links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from plaincrm.document.body import Body, read_body
from plaincrm.document.frontmatter import FrontMatter, find_front_matter, front_matter_faults, read_fields
from plaincrm.document.nodes import Pairs
from plaincrm.document.source import Source, decode, source_faults
from plaincrm.errors import Fault


@dataclass(frozen=True)
class Document:
    """A note as it stands: every part has its span in `source.text`, and the parts joined are the text."""

    source: Source
    front: FrontMatter | None
    fields: Pairs
    body: Body
    faults: tuple[Fault, ...]

    @cached_property
    def parts(self) -> tuple[tuple[str, int, int], ...]:
        """The note from end to end: (what it is, start, end) with no gap between."""
        return tuple(_parts(self))

    def text_of(self, start: int, end: int) -> str:
        """A span's text as it stands in the file."""
        return self.source.text[start:end]


def read_document(data: bytes) -> Document:
    """Take a file's bytes apart. Never raises: what is wrong is told in `faults`."""
    source = decode(data)
    if source.refusal is not None:
        return Document(source, None, Pairs(), Body(), (source.refusal,))
    front = find_front_matter(source)
    fields, faults = read_fields(source, front) if front else (Pairs(), [])
    body = read_body(source.text, front.end if front else source.start)
    faults = [
        *source_faults(source, front.end if front else 0),
        *front_matter_faults(source, front),
        *faults,
        *body.faults,
    ]
    return Document(source, front, fields, body, tuple(faults))


def _parts(document: Document) -> Iterator[tuple[str, int, int]]:
    """Sections are cut where their entries begin and end, so that every byte stands in exactly one part."""
    at = document.source.start
    if at:
        yield "byte order mark", 0, at
    if document.front:
        yield "front matter", at, document.front.end
        at = document.front.end
    cuts = sorted(
        [(section.start, 0, section.end, "section") for section in document.body.sections]
        + [(entry.start, 1, entry.end, "entry") for entry in document.body.entries]
    )
    ends = [start for start, *_rest in cuts[1:]] + [len(document.source.text)]
    for (start, _order, end, what), following in zip(cuts, ends, strict=True):
        stop = min(end, following)
        if stop > start:
            yield what, start, stop
        if following > max(stop, start):
            yield "text", max(stop, start), following
    if not cuts and at < len(document.source.text):
        yield "text", at, len(document.source.text)
