"""The body three ways: sections by their headings, log entries by when, how and with whom, and by what they say."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import NamedTuple

from plaincrm.document.body import Entry
from plaincrm.document.document import Document
from plaincrm.history.three_way_blocks import Block, cut, numbered
from plaincrm.history.three_way_lines import Pieces, joined, merge_added, merge_lines
from plaincrm.history.three_way_tasks import merge_items
from plaincrm.language import fold
from plaincrm.records.entry import read_head
from plaincrm.records.schema import Schema

_ALIKE = 0.6  # how like words are that are taken for an edit of the others
_MANY = 30  # entries of one version without a partner: more are not compared word by word
_LONGEST = 400  # characters that are compared


class Logged(NamedTuple):
    """What an entry is known by."""

    day: str
    head: tuple[str | None, str | None, str]  # channel, direction, who
    words: str  # of its first line, behind the date


def body_blocks(document: Document, schema: Schema) -> list[Block]:
    """Sections, entries and the text between; the keys of entries are still to be found."""
    entries = {entry.start: entry for entry in document.body.entries}
    upwards = _is_upwards(document.body.entries)
    blocks, heading = [], ""
    for what, start, end in document.parts:
        if what in ("byte order mark", "front matter"):
            continue
        text, tail = cut(document.text_of(start, end))
        if what == "entry":
            blocks.append(_entry_block(document, entries[start], schema, text, tail, upwards=upwards))
            continue
        if text.startswith("#"):
            heading = text.partition("\n")[0]
            blocks.append(Block(("section", fold(heading.strip("# \t"))), text, tail, (2,)))
        else:
            blocks.append(Block(("text", fold(heading)), text, tail, (1,)))
    return blocks


def _is_upwards(entries: Sequence[Entry]) -> bool:
    days = [entry.opening.day.date for entry in entries if entry.opening.day]
    return bool(days) and days[0] < days[-1]


def _entry_block(document: Document, entry: Entry, schema: Schema, text: str, tail: str, *, upwards: bool) -> Block:
    opening = entry.opening
    assert opening.day is not None  # the body keeps no entry without a day
    words = document.text_of(opening.words_start, entry.first_end).strip()
    head = read_head(words, schema)
    day, sign = opening.day.date, 1 if upwards else -1
    minutes = head.time.hour * 60 + head.time.minute if head.time else 0
    rank = (0.0, float(sign * day.toordinal()), float(sign * minutes))
    logged = Logged(opening.date_text, (head.channel, head.direction, fold(head.who)), words)
    return Block("", text, tail, rank, logged)


def known_alike(base: list[Block], ours: list[Block], theirs: list[Block]) -> tuple[list[Block], ...]:
    """The blocks of three versions with their keys: what is the same in two of them has the same one."""
    names: list[list[Hashable]] = [[("entry", at) for at in range(len(base))]]
    for side in (ours, theirs):
        found = _partners(base, side)
        names.append([("entry", found[at]) if at in found else None for at in range(len(side))])
    for side, keys in zip((ours, theirs), names[1:], strict=True):  # added on both sides: once, if it begins alike
        for at, block in enumerate(side):
            keys[at] = keys[at] or ("added", block.text.partition("\n")[0].rstrip())
    sides = zip((base, ours, theirs), names, strict=True)
    return tuple(numbered(_named(block, key) for block, key in zip(side, keys, strict=True)) for side, keys in sides)


def _named(block: Block, key: Hashable) -> Block:
    return replace(block, key=key) if isinstance(block.data, Logged) else block


def _partners(base: Sequence[Block], side: Sequence[Block]) -> dict[int, int]:
    """Which entry of the base each entry of a side is: by place in the side, the place in the base."""
    old = {at: block for at, block in enumerate(base) if isinstance(block.data, Logged)}
    new = {at: block for at, block in enumerate(side) if isinstance(block.data, Logged)}
    found: dict[int, int] = {}

    def pair(place: int, partner: int) -> None:
        found[place] = partner
        del new[place], old[partner]

    for same in (_whole, _first_line):
        partners: dict[str, list[int]] = {}
        for at, block in old.items():
            partners.setdefault(same(block), []).append(at)
        for at, block in list(new.items()):
            if waiting := partners.get(same(block)):
                pair(at, waiting.pop(0))
    if max(len(old), len(new)) > _MANY:
        return found
    for alike in (_is_rewritten, _has_other_head, _has_other_day):
        pairs = [(alike(old[b], new[a]), a, b) for a in new for b in old]
        for likeness, a, b in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
            if likeness and a in new and b in old:
                pair(a, b)
    return found


def _whole(block: Block) -> str:
    return block.text


def _first_line(block: Block) -> str:
    return block.text.partition("\n")[0].rstrip()


def _is_rewritten(old: Block, new: Block) -> float:
    """The same talk by day, channel and who; the more so, the more words are the same."""
    return 1 + _likeness(old, new) if old.data[:2] == new.data[:2] and old.data.head[0] else 0


def _has_other_head(old: Block, new: Block) -> float:
    likeness = _likeness(old, new) if old.data.day == new.data.day else 0
    return likeness if likeness >= _ALIKE else 0


def _has_other_day(old: Block, new: Block) -> float:
    return 1.0 if len(old.data.words) > 12 and old.data.words == new.data.words else 0.0


def _likeness(old: Block, new: Block) -> float:
    return SequenceMatcher(None, old.data.words[:_LONGEST], new.data.words[:_LONGEST], autojunk=False).ratio()


def merge_part(was: Block | None, mine: Block, yours: Block) -> Pieces:
    """An entry or a section that both sides have and do not write alike."""
    if was is None:
        return merge_added(mine.text, yours.text, merge_items)
    base, ours, theirs = (_head_and_body(block.text) for block in (was, mine, yours))
    first = merge_lines(base[0], ours[0], theirs[0])
    return joined([*first, *merge_lines(base[1], ours[1], theirs[1], merge_items)])


def _head_and_body(text: str) -> tuple[str, str]:
    """The first line and the others: what is put under a line is no change of that line."""
    end = text.find("\n") + 1
    return text[:end], text[end:]
