"""Span edits on a file's text: pure, exact to the byte, and each of them can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from plaincrm.document.source import Source, decode


class Edit(NamedTuple):
    """What should stand between two character offsets of a text instead of what stands there now."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A text with all edits made at once; their offsets are those of the text as it was.

    Two insertions at one place stand in the order given.

    Raises:
        ValueError: an edit reaches outside the text, or two of them overlap.
    """
    pieces: list[str] = []
    at = 0
    for edit in in_order(edits):
        if not at <= edit.start <= edit.end <= len(text):
            raise ValueError(f"edits overlap or reach outside the text at {edit.start}")
        pieces += text[at : edit.start], edit.text
        at = edit.end
    return "".join(pieces) + text[at:]


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """Edits by their places."""
    return sorted(edits, key=lambda edit: edit[:2])


def inverse(text: str, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits of the new text that give back the old one."""
    found, shift = [], 0
    for start, end, new in in_order(edits):
        found.append(Edit(start + shift, start + shift + len(new), text[start:end]))
        shift += len(new) - (end - start)
    return tuple(found)


def moved(place: int, edits: Iterable[Edit]) -> int:
    """Where an offset of a text lies once edits are made; one inside of what goes lies where that began."""
    shift = 0
    for start, end, new in in_order(edits):
        if end > place and start < place:
            return start + shift
        if start < place or start == end == place:
            shift += len(new) - (end - start)
    return place + shift


def without_overlaps(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Edits that can be made together: of those that overlap the first one."""
    kept: list[Edit] = []
    for edit in in_order(edits):
        if not kept or kept[-1].end <= edit.start:
            kept.append(edit)
    return tuple(kept)


def new_bytes(source: Source, edits: Sequence[Edit]) -> bytes:
    """The bytes of a file with edits made: outside their spans they are the file's own.

    Raises:
        ValueError: edits overlap or reach outside, hold what UTF-8 cannot, or would make a character of bytes that
            were none.
    """
    text = edited(source.text, edits)
    data = text.encode("utf-8", "surrogateescape")
    if decode(data).text != text:
        raise ValueError("an edit would join bytes that are no UTF-8")
    return data


def line_end(text: str) -> str:
    """The line end that most lines of a text have."""
    pairs = text.count("\r\n")
    return "\r\n" if pairs * 2 > text.count("\n") else "\n"


def in_lines_of(text: str, new: str) -> str:
    """New lines, written with bare line feeds, with the line ends of the text that they go into."""
    return new.replace("\n", line_end(text))


def lines_behind(text: str, at: int, blanks: int, block: str) -> Edit:
    """Lines put in behind the end of a place's line, whose own blanks and line end stay, so many blank ones between."""
    end = text.find("\n", at)
    if end < 0:
        return Edit(len(text), len(text), in_lines_of(text, "\n" * (blanks + 1) + block))
    return Edit(end + 1, end + 1, in_lines_of(text, f"{blanks * chr(10)}{block}\n"))
