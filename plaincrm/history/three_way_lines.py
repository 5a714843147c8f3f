"""Three versions of some lines made one: what one side changed is taken, where both did is a clash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

MOST = 3_000  # lines of one part that are compared: more of them take long, and are no customer's entry
MOST_PAIRS = 200_000  # of equal lines, which all are weighed against each other


class Doubt(Exception):
    """What stands there is not surely understood: the whole note is to be merged as plain text."""


class Clash(NamedTuple):
    """Lines that both sides changed, each in its own way; an empty text is a side that has taken them away."""

    ours: str
    base: str
    theirs: str


Piece = str | Clash
Pieces = list[Piece]
Lines = Sequence[str]
Settle = Callable[[Lines, Lines, Lines], "Pieces | None"]  # of lines that clash: what they come to, if anything does


def _unsettled(_base: Lines, _ours: Lines, _theirs: Lines) -> None:
    return None


def merge_lines(base: str, ours: str, theirs: str, settle: Settle = _unsettled) -> Pieces:
    """The text with the changes of both sides.

    Raises:
        Doubt: there are too many lines.
    """
    if theirs in (ours, base):
        return [ours]
    if ours == base:
        return [theirs]
    texts = [text.splitlines(keepends=True) if _plain(text) else _lines(text) for text in (base, ours, theirs)]
    if max(map(len, texts)) > MOST or max(_pairs(texts[0], side) for side in texts[1:]) > MOST_PAIRS:
        raise Doubt
    pieces: Pieces = []
    for was, mine, yours in _regions(*texts):
        if yours in (mine, was):
            pieces.append("".join(mine))
        elif mine == was:
            pieces.append("".join(yours))
        else:
            settled = settle(was, mine, yours)
            pieces += _clash(was, mine, yours) if settled is None else settled
    return joined(pieces)


def merge_added(ours: str, theirs: str, settle: Settle = _unsettled) -> Pieces:
    """What both sides put in, each in its own way: the one that has all lines of the other, else the lines merged."""
    longer, shorter = sorted((ours, theirs), key=len, reverse=True)
    lines = iter(longer.split("\n"))
    if all(any(line == other for other in lines) for line in shorter.split("\n")):
        return [longer]
    return merge_lines("", ours, theirs, settle)


def joined(pieces: Sequence[Piece]) -> Pieces:
    """The same with neighbouring texts in one."""
    found: Pieces = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece:
            found.append(piece)
    return found


def resolved(pieces: Sequence[Piece], *, theirs: bool) -> str:
    """The text where each clash is decided for one side."""
    return "".join(piece if isinstance(piece, str) else piece.theirs if theirs else piece.ours for piece in pieces)


def _plain(text: str) -> bool:
    """Whether Python ends lines where git does."""
    return text.isascii() and not any(odd in text for odd in "\r\x0b\x0c\x1c\x1d\x1e")


def _lines(text: str) -> list[str]:
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _pairs(base: Lines, side: Lines) -> int:
    counts, others = Counter(base), Counter(side)
    return sum(count * others[line] for line, count in counts.items())


def _regions(base: Lines, ours: Lines, theirs: Lines) -> Iterator[tuple[Lines, Lines, Lines]]:
    """The three texts cut where all of them agree, as diff3 does it (Khanna, Kunal and Pierce 2007)."""
    at = mine = yours = 0
    for start, my_start, your_start, length in [*_agreed(base, ours, theirs), (len(base), len(ours), len(theirs), 0)]:
        if start > at or my_start > mine or your_start > yours:
            yield base[at:start], ours[mine:my_start], theirs[yours:your_start]
        if length:
            yield (base[start : start + length],) * 3
        at, mine, yours = start + length, my_start + length, your_start + length


def _agreed(base: Lines, ours: Lines, theirs: Lines) -> Iterator[tuple[int, int, int, int]]:
    """Where lines of the base stand in both sides: their places and how many there are."""
    mine = SequenceMatcher(None, base, ours, autojunk=False).get_matching_blocks()
    yours = SequenceMatcher(None, base, theirs, autojunk=False).get_matching_blocks()
    my, your = 0, 0
    while my < len(mine) and your < len(yours):
        a, b = mine[my], yours[your]
        start, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if start < end:
            yield start, a.b + start - a.a, b.b + start - b.a, end - start
        if a.a + a.size < b.a + b.size:
            my += 1
        else:
            your += 1


def _clash(base: Lines, ours: Lines, theirs: Lines) -> Pieces:
    """A clash without the lines at its ends in which the sides agree."""
    shorter = min(len(ours), len(theirs))
    head = next((at for at in range(shorter) if ours[at] != theirs[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if ours[-1 - at] != theirs[-1 - at]), rest)
    mine, yours = ours[head : len(ours) - tail], theirs[head : len(theirs) - tail]
    return [
        "".join(ours[:head]),
        Clash("".join(mine), "".join(base), "".join(yours)),
        "".join(ours[len(ours) - tail :]),
    ]
