"""Whether a merge holds what both sides said: all that one of them has and the other did not remove."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator

from plaincrm.document.document import Document
from plaincrm.document.tasks import read_task
from plaincrm.history.three_way_blocks import Block
from plaincrm.history.three_way_front import Said

Facts = Counter[Hashable]


def facts(front: list[Block], document: Document) -> Facts:
    """What a note says, in pieces that stand wherever they are put: values, comments, lines, and of promises each
    date.
    """
    found: Facts = Counter()
    for block in front:
        if isinstance(block.data, Said):
            found.update((block.key, meaning) for meaning in block.data.meaning)
            found.update(_lines("comment", block.data.comment))
        else:
            found.update(_lines("front", block.text))
    start = document.front.end if document.front else document.source.start
    found.update(_body_facts(document.source.text[start:]))
    return found


def _lines(what: str, text: str) -> Iterator[Hashable]:
    return ((what, line.strip()) for line in text.split("\n") if line.strip())


def _body_facts(text: str) -> Iterator[Hashable]:
    for line in text.split("\n"):
        task = read_task(line.rstrip("\r")) if "[" in line else None
        if task:
            yield "promise", task.text
            yield from (("promise", task.text, signifier.name, signifier.value) for signifier in task.signifiers)
            if task.status != " ":
                yield "promise", task.text, task.status
        elif line.strip():
            yield "line", line.strip()


def lost(base: Facts, ours: Facts, theirs: Facts, *results: Facts) -> list[Hashable]:
    """What both sides together say and none of the results does.

    What both sides added has to be there as often as one of them has it; else changes are added up.
    """
    missing = []
    for fact in ours.keys() | theirs.keys():
        was, mine, yours = base[fact], ours[fact], theirs[fact]
        needed = max(mine, yours) if min(mine, yours) > was else mine + yours - was
        if max(result[fact] for result in results) < needed:
            missing.append(fact)
    return missing
