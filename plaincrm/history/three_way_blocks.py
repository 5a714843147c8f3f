"""Three versions of a row of parts made one: parts are known by what they are, wherever they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from plaincrm.history.three_way_lines import Clash, Doubt, Pieces

Rank = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a note: its lines, and the blank ones behind them.

    `key` is what it is known by in all versions, `rank` its place among neighbours that the other side added, `data`
    what a merge of its inside needs.
    """

    key: Hashable
    text: str
    tail: str = ""
    rank: Rank = (0,)
    data: Any = None


class Merged(NamedTuple):
    """A part of the result."""

    key: Hashable
    pieces: Pieces
    tail: str


MergeBlock = Callable[[Block | None, Block, Block], Pieces]


def cut(text: str) -> tuple[str, str]:
    """Lines without the blank ones at their end, and those."""
    at = len(text)
    while at:  # from the end: a search from the start would look at every line
        start = text.rfind("\n", 0, at - 1) + 1
        if text[start:at].strip(" \t\n"):
            break
        at = start
    return text[:at], text[at:]


def numbered(blocks: Iterable[Block]) -> list[Block]:
    """The same, with a number in each key by which equal ones are told apart."""
    seen: Counter[Hashable] = Counter()
    found = []
    for block in blocks:
        found.append(replace(block, key=(block.key, seen[block.key])))
        seen[block.key] += 1
    return found


def merge_blocks(
    base: Sequence[Block], ours: Sequence[Block], theirs: Sequence[Block], merge_block: MergeBlock
) -> list[Merged]:
    """The parts with the changes of both sides.

    A part that one side took away and the other left as it was is gone; one that the other side changed is a clash.

    Raises:
        Doubt: both sides put their parts in another order.
    """
    was, mine, yours = ({block.key: block for block in side} for side in (base, ours, theirs))
    made: dict[Hashable, Pieces] = {}
    for key in {**mine, **yours}:
        pieces = _merged(was.get(key), mine.get(key), yours.get(key), merge_block)
        if pieces is not None:
            made[key] = pieces
    shared = mine.keys() & yours.keys()
    lead, follow = _lead(base, ours, theirs, shared)
    gaps = _gaps(lead, shared, made), _gaps(follow, shared, made)
    found: list[Merged] = []
    for anchor in [None, *(block.key for block in lead if block.key in shared)]:
        runs = gaps[0][anchor], gaps[1][anchor]
        blocks = _interleaved(*runs)
        sides = (yours, mine) if lead is theirs else (mine, yours)
        tails = _tails(was.get(anchor), [side.get(anchor) for side in sides], runs, blocks)
        if anchor is not None:
            found.append(Merged(anchor, made[anchor], tails[0]))
        found += [Merged(block.key, made[block.key], tail) for block, tail in zip(blocks, tails[1:], strict=True)]
    return found


def _merged(was: Block | None, mine: Block | None, yours: Block | None, merge_block: MergeBlock) -> Pieces | None:
    """What becomes of one part; None where it is gone."""
    if mine and yours:
        if mine.text == yours.text or (was and yours.text == was.text):
            return [mine.text]
        return [yours.text] if was and mine.text == was.text else merge_block(was, mine, yours)
    left = mine or yours
    assert left is not None
    if was is None:
        return [left.text]
    if left.text == was.text:
        return None
    return [Clash(mine.text if mine else "", was.text, yours.text if yours else "")]


def _lead(
    base: Sequence[Block], ours: Sequence[Block], theirs: Sequence[Block], shared: set[Hashable]
) -> tuple[Sequence[Block], Sequence[Block]]:
    """The side whose order counts, and the other one: where one side moved parts, it is that side."""
    mine, yours = ([block.key for block in side if block.key in shared] for side in (ours, theirs))
    if mine == yours:
        return ours, theirs
    old = [block.key for block in base if block.key in shared]
    known = set(old)
    moved_ours = [key for key in mine if key in known] != old
    moved_theirs = [key for key in yours if key in known] != old
    if moved_ours and moved_theirs:
        raise Doubt
    if moved_ours == moved_theirs:  # what both added stands elsewhere: the same order, whichever side is ours
        moved_ours = [block.text for block in ours] < [block.text for block in theirs]
    return (ours, theirs) if moved_ours else (theirs, ours)


def _gaps(side: Sequence[Block], shared: set[Hashable], made: dict[Hashable, Pieces]) -> dict[Hashable, list[Block]]:
    """What a side alone has, by the shared part before it."""
    anchor: Hashable = None
    gaps: dict[Hashable, list[Block]] = {None: []}
    for block in side:
        if block.key in shared:
            anchor = block.key
            gaps[anchor] = []
        elif block.key in made:
            gaps[anchor].append(block)
    return gaps


def _interleaved(left: Sequence[Block], right: Sequence[Block]) -> list[Block]:
    """Two runs in one, by rank; each keeps its own order."""
    found: list[Block] = []
    one, other = list(left), list(right)
    while one and other:
        source = one if (one[0].rank, one[0].text) <= (other[0].rank, other[0].text) else other
        found.append(source.pop(0))
    return [*found, *one, *other]


def _tails(
    was: Block | None,
    anchors: Sequence[Block | None],
    runs: tuple[Sequence[Block], Sequence[Block]],
    blocks: Sequence[Block],
) -> list[str]:
    """The blank lines behind an anchor and each of the parts that follow it.

    What stood last on its side has the blank lines that end the log there; among others it has those between entries.
    """
    base_tail = was.tail if was else None
    ends = [run[-1].tail if run else anchor.tail if anchor else "" for run, anchor in zip(runs, anchors, strict=True)]
    one, other = runs
    end = ends[0] if one and not other else ends[1] if other and not one else _three_way(base_tail, *ends)
    if not blocks:
        return [end]
    inner = [anchor.tail for anchor, run in zip(anchors, runs, strict=True) if anchor and run]
    first = _three_way(base_tail, inner[0], inner[-1]) if inner else ""
    if not (one and other):
        return [first, *(block.tail for block in blocks)]
    closing = {id(run[-1]) for run in runs if len(runs[0]) and len(runs[1])}
    between = [_between(block, runs) if id(block) in closing else block.tail for block in blocks]
    return [first, *between[:-1], end]


def _between(block: Block, runs: Sequence[Sequence[Block]]) -> str:
    """The blank lines usual between parts like this one."""
    for run in runs:
        for other in run[:-1]:
            if type(other.data) is type(block.data) and other.rank[0] == block.rank[0]:
                return other.tail
    return "\n" if block.text.startswith("#") else "" if block.rank[0] == 0 else block.tail


def _three_way(was: str | None, one: str, other: str) -> str:
    """What the side that changed it has; of two changes the longer one."""
    if other in (one, was):
        return one
    return other if one == was else max(one, other, key=len)
