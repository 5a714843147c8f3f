"""Conflicts of a merge: what both sides say, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from plaincrm.changes.conflicts import Conflict
from plaincrm.history.sides import Unmerged
from plaincrm.render.lines import BLANK, Line, Piece, line

FIELDS = ("file", "line", "about", "ours", "theirs")

Whose = Callable[[Conflict], tuple[str, str]]


def data(found: Sequence[Conflict], others: Sequence[Unmerged]) -> dict[str, Any]:
    """The conflicts as JSON has them, and the other files that git waits for."""
    return {
        "conflicts": [dict(zip(FIELDS, row, strict=True)) for row in rows(found)],
        "unmerged": [{"file": item.file, "why": item.why} for item in others],
    }


def rows(found: Iterable[Conflict], others: Iterable[Unmerged] = ()) -> Iterator[tuple[str, int | str, str, str, str]]:
    """One row a conflict; of other files that git waits for why it does, without a line."""
    for item in found:
        yield item.file, item.line, item.about, item.ours, item.theirs
    for other in others:
        yield other.file, "", other.why, "", ""


def text(found: Sequence[Conflict], whose: Whose, others: Sequence[Unmerged]) -> Iterator[Line]:
    """Each conflict with the lines of both sides, how many there are, and what else git waits for."""
    for item in found:
        yield from shown(item, whose(item))
        yield BLANK
    if found:
        files = len({item.file for item in found})
        conflicts, notes = ("" if count == 1 else "s" for count in (len(found), files))
        yield line(f"{len(found)} conflict{conflicts} in {files} note{notes}.")
    elif not others:
        yield line("There are no conflicts.")
    if found and others:
        yield BLANK
    yield from unmerged(others)


def unmerged(others: Sequence[Unmerged]) -> Iterator[Line]:
    """The files that git waits for and that have no conflicts to decide here, and what to do with them."""
    for other in others:
        yield line(Piece(other.file, "bold"), f": {other.why}")
    if others:
        what = "them" if len(others) > 1 else "it"
        yield line(f"git waits for {what}: edit, then git add FILE; or git rm FILE to let it go.")


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
