"""A note merged three ways: by fields, log entries and promises, and never with less than both sides said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from plaincrm.document.document import Document, read_document
from plaincrm.document.source import BOM
from plaincrm.history.three_way_blocks import Block, Merged, merge_blocks
from plaincrm.history.three_way_body import body_blocks, known_alike, merge_part
from plaincrm.history.three_way_front import Said, front_blocks, is_field, merge_field
from plaincrm.history.three_way_lines import Clash, Doubt, joined, resolved
from plaincrm.history.three_way_proof import facts, lost
from plaincrm.records.schema import Schema

T = TypeVar("T")

LARGEST = 4 * 1024 * 1024  # bytes of a note that is taken apart; larger ones are merged as text
MARKER = 7  # signs of a line that marks a conflict, where git says no other number
LABELS = ("ours", "theirs")

_MARKERS = re.compile(r"^(?:<{7,}|\|{7,}|>{7,})(?: |$)", re.MULTILINE)


class Conflict(NamedTuple):
    """Where both sides changed the same: the line of the opening marker, from 1, and what each side says."""

    line: int
    ours: str
    theirs: str


class MergedNote(NamedTuple):
    """The note as it is to be written, and the conflicts that it holds between markers."""

    data: bytes
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class _Layout:
    """What belongs to no line of a note: mark at its start, the line ends, whether the last line has one."""

    bom: bool
    line_end: str
    ended: bool


@dataclass(frozen=True, slots=True)
class _Version:
    """A note taken apart, its text with bare line feeds."""

    document: Document
    layout: _Layout
    front: list[Block]
    body: list[Block]


def merge_notes(
    base: bytes,
    ours: bytes,
    theirs: bytes,
    schema: Schema,
    marker_size: int = MARKER,
    labels: tuple[str, str] = LABELS,
) -> MergedNote | None:
    """The note with what both sides changed since the base, or None where plain text has to be merged instead.

    Fields are merged by name, lists by their items, log entries by day, channel, person and words, promises by their
    words, everything else by lines. What both sides changed in different ways stands between markers. None is the
    answer to any doubt: a side that cannot be read, markers in it, or a result that would lack a line of either side.
    """
    if theirs in (ours, base):
        return MergedNote(ours, ())
    if ours == base:
        return MergedNote(theirs, ())
    if max(map(len, (base, ours, theirs))) > LARGEST:
        return None
    try:
        return _merged([_version(data, schema) for data in (base, ours, theirs)], schema, marker_size, labels)
    except Doubt:
        return None


def is_sound(data: bytes) -> bool:
    """Whether a note can be read for sure: text whose fields are fields, without markers of a conflict."""
    try:
        _version(data, Schema())
    except Doubt:
        return False
    return True


def _merged(versions: list[_Version], schema: Schema, marker_size: int, labels: tuple[str, str]) -> MergedNote:
    was, mine, yours = versions
    if bool(mine.front) != bool(yours.front) or (was.document.source.text and bool(was.front) != bool(mine.front)):
        raise Doubt
    bodies = known_alike(was.body, mine.body, yours.body)
    front = merge_blocks(was.front, mine.front, yours.front, merge_field)
    body = merge_blocks(bodies[0], bodies[1], bodies[2], merge_part)
    pieces = joined([piece for part in (*front, *body) for piece in (*part.pieces, part.tail)])
    _prove(versions, front, body, schema)
    layout = _Layout(
        _three_way(*(one.layout.bom for one in versions)),
        _three_way(*(one.layout.line_end for one in versions)),
        _three_way(*(one.layout.ended for one in versions)),
    )
    return _rendered(pieces, layout, marker_size, labels)


def _three_way(was: T, mine: T, yours: T) -> T:
    """What the side that changed it has; ours, where both did."""
    return yours if mine == was else mine


def _version(data: bytes, schema: Schema) -> _Version:
    """A note taken apart.

    Raises:
        Doubt: it is not surely understood.
    """
    text = data.decode("utf-8", "surrogateescape")
    bom = text.startswith(BOM)
    text = text.removeprefix(BOM)
    line_end = "\r\n" if "\n" in text and text.count("\r\n") == text.count("\n") == text.count("\r") else "\n"
    text = text.replace("\r\n", "\n") if line_end == "\r\n" else text
    ended = not text or text.endswith("\n")
    layout = _Layout(bom, line_end, ended)
    document = _sound_document(text if ended else f"{text}\n")
    return _Version(document, layout, front_blocks(document, schema), body_blocks(document, schema))


# Faults of a note's form: where one of them stands, parts may not be what they look like.
_DOUBTFUL = ("bad-yaml", "yaml-feature", "duplicate-key", "key-not-text", "unresolved-merge", "second-front-matter")


def _sound_document(text: str) -> Document:
    document = read_document(text.encode("utf-8", "surrogateescape"))
    codes = {found.code for found in document.faults}
    if document.source.refusal or _MARKERS.search(text) or not codes.isdisjoint(_DOUBTFUL):
        raise Doubt
    if any(code.startswith("front-matter-") for code in codes):
        raise Doubt
    return document


def _prove(versions: Sequence[_Version], front: Sequence[Merged], body: Sequence[Merged], schema: Schema) -> None:
    """See that the result, with each side's word in its conflicts, is made of the parts meant and lacks nothing.

    Raises:
        Doubt: it is not, or it does.
    """
    results = []
    for theirs in (False, True):
        said = [(part, resolved(part.pieces, theirs=theirs)) for part in (*front, *body)]
        document = _sound_document("".join(f"{text}{part.tail}" for part, text in said))
        fields = front_blocks(document, schema)
        names = [block.key for block in fields if isinstance(block.data, Said)]
        parts = [block.text for block in body_blocks(document, schema) if block.text]
        if names != [part.key for part, text in said[: len(front)] if text and is_field(part.key)]:
            raise Doubt
        if parts != [text for _part, text in said[len(front) :] if text]:
            raise Doubt
        results.append(facts(fields, document))
        if not any(isinstance(piece, Clash) for part, _text in said for piece in part.pieces):
            break
    if lost(*(facts(version.front, version.document) for version in versions), *results):
        raise Doubt


def _rendered(pieces: Sequence[str | Clash], layout: _Layout, marker_size: int, labels: tuple[str, str]) -> MergedNote:
    """The text with its conflicts between markers, and the places of those."""
    text, line, conflicts = "", 1, []
    for piece in pieces:
        if isinstance(piece, Clash):
            conflicts.append(Conflict(line, piece.ours, piece.theirs))
            opening, closing = (f"{sign * marker_size} {label}\n" for sign, label in zip("<>", labels, strict=True))
            said = f"{opening}{piece.ours}{'=' * marker_size}\n{piece.theirs}{closing}"
        else:
            said = piece
        text += said
        line += said.count("\n")
    if not layout.ended and not (pieces and isinstance(pieces[-1], Clash)):
        text = text.removesuffix("\n")
    text = text.replace("\n", layout.line_end) if layout.line_end != "\n" else text
    return MergedNote(f"{BOM if layout.bom else ''}{text}".encode("utf-8", "surrogateescape"), tuple(conflicts))
