"""What a search found, shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.language import unaccented
from plaincrm.render.escape import terminal
from plaincrm.render.lines import BLANK, Line, Piece, clipped, line, width_of
from plaincrm.reports.search import Search


def data(found: Search) -> dict[str, Any]:
    """The search as JSON has it."""
    return {"words": found.words, "total": found.total, "found": found.found}


def rows(found: Search) -> list[list[Any]]:
    """A row a line that was found."""
    return [[one.customer, one.name, one.file, hit.line, hit.text] for one in found.found for hit in one.hits]


FIELDS = ("customer", "name", "file", "line", "text")


def text(found: Search, width: int) -> Iterator[Line]:
    """Each customer with the lines that say why."""
    for one in found.found:
        name = clipped(one.name, width)
        beside = f"  {one.customer}" if width_of(f"{name}  {terminal(one.customer)}") <= width else ""
        yield line(Piece(name, "bold"), Piece(beside, "dim"))
        for hit in one.hits:
            place = f"{one.file}:{hit.line}"
            yield line(Piece(f"  {place}", "dim"))
            yield _marked(f"    {_around(hit.text, found.words, width - 4)}", found.words)
    if found.found:
        yield BLANK
    more = f", the best {len(found.found)} shown" if len(found.found) < found.total else ""
    yield line(Piece(f"{found.total} customer{'s' if found.total != 1 else ''}{more}", "dim"))


def _around(text: str, words: tuple[str, ...], width: int) -> str:
    """The part of a line around the first word found, where the line is too long."""
    text = terminal(text)
    if width_of(text) <= width:
        return text
    folded = unaccented(text)
    at = min((folded.find(word) for word in words if word in folded), default=0)
    start = max(0, min(at - width // 3, len(text) - width + 1))
    return clipped(f"…{text[start:].lstrip()}" if start else text, width)


def _marked(text: str, words: tuple[str, ...]) -> Line:
    """The words in bold, where folding keeps each character in its place."""
    folded = unaccented(text)
    if len(folded) != len(text):
        return line(text)
    pieces: list[Piece] = []
    at = 0
    while at < len(text):
        starts = [(folded.find(word, at), -len(word)) for word in words if folded.find(word, at) >= 0]
        if not starts:
            break
        start, length = min(starts)
        pieces += [Piece(text[at:start]), Piece(text[start : start - length], "bold yellow")]
        at = start - length
    return line(*pieces, Piece(text[at:]))
