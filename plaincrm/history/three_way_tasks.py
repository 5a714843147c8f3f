"""Lines of lists that both sides changed: promises by their words, so that what one side ticked stays ticked."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import SequenceMatcher

from plaincrm.document.tasks import Signifier, TaskLine, read_task
from plaincrm.history.three_way_blocks import Block, merge_blocks, numbered
from plaincrm.history.three_way_lines import Clash, Lines, Pieces, joined

_ALIKE = 0.6  # how like lines are that are taken for an edit of the others
_LONGEST = 400  # characters that are compared
_MANY = 40  # items of one clash: more are not compared
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")


def merge_items(base: Lines, ours: Lines, theirs: Lines) -> Pieces | None:
    """Items of a list that stand where both sides changed something; None where they are to clash.

    What both sides put there stays. An item that both sides took away or wrote anew, each putting something else in
    its place, may have been the same to them: that clashes, unless it is a promise and its words tell.
    """
    sides = [_blocks(lines) for lines in (base, ours, theirs)]
    if any(side is None or len(side) > _MANY for side in sides):
        return None
    was, mine, yours = (side or [] for side in sides)
    mine, yours = _paired(was, mine), _paired(was, yours)
    old, my, your = ({block.key for block in side} for side in (was, mine, yours))
    if old - my - your and my - old and your - old:
        return None
    return joined([piece for one in merge_blocks(was, mine, yours, _merge_task) for piece in one.pieces])


def _blocks(lines: Lines) -> list[Block] | None:
    """The items, a line each; None where something else stands there."""
    found = []
    for line in lines:
        if not _ITEM.match(line) or not line.endswith("\n"):
            return None
        task = read_task(line.rstrip("\r\n"))
        found.append(Block(("task", task.text, task.indent) if task else ("item", line), line, data=task))
    return numbered(found)


def _paired(base: list[Block], side: list[Block]) -> list[Block]:
    """The items of a side, those that are edits of others known by what they were."""
    keys = {block.key for block in base}
    free = [block for block in base if block.key not in {other.key for other in side}]
    found = []
    for block in side:
        likeness = [(_likeness(old, block), -at) for at, old in enumerate(free)] if block.key not in keys else []
        best, at = max(likeness, default=(0, 0))
        found.append(replace(block, key=free.pop(-at).key) if best >= _ALIKE else block)
    return found


def _likeness(old: Block, new: Block) -> float:
    if bool(old.data) != bool(new.data):
        return 0
    return SequenceMatcher(None, old.text[:_LONGEST], new.text[:_LONGEST], autojunk=False).ratio()


def _merge_task(was: Block | None, mine: Block, yours: Block) -> Pieces:
    """A promise of the same words: its status and each date as the side has it that changed it."""
    clash: Pieces = [Clash(mine.text, was.text if was else "", yours.text)]
    base, ours, theirs = was.data if was else None, mine.data, yours.data
    if base is None or not ours or not theirs:
        return clash
    old, one, other = (_facts(task) for task in (base, ours, theirs))
    if base.text != ours.text or base.text != theirs.text:
        return clash
    wanted = dict(one)
    for name in {**old, **one, **other}:
        if other.get(name) == old.get(name) or other.get(name) == one.get(name):
            continue
        if one.get(name) != old.get(name):
            return clash
        wanted[name] = other.get(name, "")
    return [_written(mine.text, ours, theirs, yours.text, wanted)]


def _facts(task: TaskLine) -> dict[str, str]:
    """Status, dates and the like by their names."""
    signifiers = {signifier.name: signifier.value for signifier in task.signifiers}
    return {"status": task.status, "mark": task.marker, "link": task.block_link, **signifiers}


def _written(line: str, task: TaskLine, other: TaskLine, other_line: str, wanted: dict[str, str]) -> str:
    """A promise's line with the facts wanted: what is new of the other side is written as it stands there."""
    now = _facts(task)
    text = line[: task.status_at] + wanted["status"] + line[task.status_at + 1 :]
    for signifier in reversed(task.signifiers):
        if wanted.get(signifier.name) != signifier.value:
            new = _theirs(other, other_line, signifier.name) if wanted.get(signifier.name) else ""
            start = signifier.start if new else len(text[: signifier.start].rstrip(" "))
            text = text[:start] + new + text[signifier.end :]
    added = [signifier for signifier in other.signifiers if signifier.name not in now and wanted.get(signifier.name)]
    for signifier in added:
        body = text.rstrip("\r\n")
        at = len(body) - len(task.block_link) - 1 if task.block_link else len(body)
        gap = "  " if other_line[signifier.start] in "[(" else " "
        text = text[:at] + gap + other_line[signifier.start : signifier.end] + text[at:]
    return text


def _theirs(task: TaskLine, line: str, name: str) -> str:
    found: Signifier = next(signifier for signifier in task.signifiers if signifier.name == name)
    return line[found.start : found.end]
