"""Conflicts of a merge: what both sides say, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from plaincrm.changes.conflicts import Conflict
from plaincrm.render.lines import BLANK, Line, Piece, line

FIELDS = ("file", "line", "about", "ours", "theirs")


def data(found: Sequence[Conflict]) -> dict[str, Any]:
    """The conflicts as JSON has them."""
    return {"conflicts": [dict(zip(FIELDS, row, strict=True)) for row in rows(found)]}


def rows(found: Iterable[Conflict]) -> Iterator[tuple[str, int, str, str, str]]:
    """One row a conflict."""
    return ((item.file, item.line, item.about, item.ours, item.theirs) for item in found)


def text(found: Sequence[Conflict], whose: tuple[str, str]) -> Iterator[Line]:
    """Each conflict with the lines of both sides, and how many there are."""
    for item in found:
        yield from shown(item, whose)
        yield BLANK
    if not found:
        yield line("There are no conflicts.")
        return
    files = len({item.file for item in found})
    conflicts, notes = ("" if count == 1 else "s" for count in (len(found), files))
    yield line(f"{len(found)} conflict{conflicts} in {files} note{notes}.")


def shown(item: Conflict, whose: tuple[str, str]) -> Iterator[Line]:
    """One conflict: where it is, what it is about, and the lines of both sides."""
    yield line(Piece(f"{item.file}:{item.line}", "bold"), f": {item.about}")
    sides = ("ours", item.our_label, item.ours, whose[0]), ("theirs", item.their_label, item.theirs, whose[1])
    for side, label, said, who in sides:
        named = ", ".join(word for word in (label if label != side else "", who) if word)
        yield line(Piece(f"  {side}", "bold"), f" ({named})" if named else "")
        lines = said.splitlines() or ["(nothing)"]
        for each in lines:
            yield line(f"    {each}")
