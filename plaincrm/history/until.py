"""A note without what is dated later than a day: pure, and line for line the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, groupby
from typing import NamedTuple

from plaincrm.document.body import Entry, TaskItem
from plaincrm.document.document import Document, read_document
from plaincrm.document.inline import InlineField
from plaincrm.document.source import line_end
from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, read_value

_TOGETHER = {"lost_on": ("lost_reason",)}  # fields that say more about one that is left out


def until(data: bytes, day: date, schema: Schema) -> bytes:
    """The bytes of a note without what is dated later than a day.

    Left out are entries of later days, promises made later, deals opened later, and later days in `since`, `lost_on`
    and `verified`. Promises done or cancelled later are open, deals won or lost later are open. Lines keep their
    numbers: what is left out leaves an empty line.
    """
    document = read_document(data)
    text, pieces, at = document.source.text, list[str](), 0
    for cut in sorted(_cuts(document, day, schema)):
        if cut.start >= at:  # else it is a part of what is left out already
            pieces += text[at : cut.start], cut.left
            at = cut.end
    return ("".join(pieces) + text[at:]).encode("utf-8", "surrogateescape")


class _Cut(NamedTuple):
    """A span that is left out, and what is left of it."""

    start: int
    end: int
    left: str = ""


def _cuts(document: Document, day: date, schema: Schema) -> Iterator[_Cut]:
    yield from _fields(document, day, schema)
    kept: list[Entry] = []
    for entry in document.body.entries:
        if entry.opening.day and entry.opening.day.date > day:
            yield _blank(document, entry.start, entry.end)
        else:
            kept.append(entry)
    body = document.body
    tasks = sorted(chain(body.tasks, *(entry.tasks for entry in kept)), key=lambda item: item.start)
    yield from _tasks(document, tasks, day)
    inline = sorted(chain(body.inline, *(entry.inline for entry in kept)), key=lambda item: item.start)
    yield from _deals(document, inline, day, schema)


def _blank(document: Document, start: int, end: int) -> _Cut:
    return _Cut(start, end, re.sub(r"[^\r\n]+", "", document.text_of(start, end)))


def _fields(document: Document, day: date, schema: Schema) -> Iterator[_Cut]:
    """Values of front matter that are later days, and what goes with them."""
    named = ((schema.table.find(key.text or ""), node) for key, node in document.fields)
    known = {field.key: node for field, node in named if field}
    for name in ("since", "lost_on", "verified"):
        node = known.get(name)
        if node and _later(node.text, schema.table.customer[name], day, schema):
            for key in (name, *_TOGETHER.get(name, ())):
                if key in known:
                    yield _Cut(known[key].start, known[key].end)


def _later(text: str | None, field: Field, day: date, schema: Schema) -> bool:
    try:
        found = read_value(text, field, schema) if text else None
    except BadValue:
        return False
    return isinstance(found, date) and found > day


def _tasks(document: Document, tasks: list[TaskItem], day: date) -> Iterator[_Cut]:
    for at, item in enumerate(tasks):
        days = {name: _day(item, name) for name in ("created", "done", "cancelled")}
        if (made := days["created"]) and made > day:
            yield _blank(document, item.start, item.end)
        elif any(ended and ended > day for ended in (days["done"], days["cancelled"])):
            yield from _opened(item)
            if at and _comes_round(tasks[at - 1], item):  # what doing it has put above
                yield _blank(document, tasks[at - 1].start, tasks[at - 1].end)


def _day(item: TaskItem, name: str) -> date | None:
    told = item.task.get(name) or next((one.value for one in item.inline if one.key.lower() == _KEYS[name]), None)
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        return None


_KEYS = {"created": "created", "done": "completion", "cancelled": "cancelled"}


def _opened(item: TaskItem) -> Iterator[_Cut]:
    """A promise that is no longer done or cancelled."""
    yield _Cut(item.task.status_at, item.task.status_at + 1, " ")
    for signifier in item.task.signifiers:
        if signifier.name in ("done", "cancelled"):
            yield _Cut(signifier.start, signifier.end)
    for field in item.inline:
        if field.key.lower() in ("completion", "cancelled"):
            yield _Cut(field.start, field.end)


def _comes_round(above: TaskItem, item: TaskItem) -> bool:
    """Whether a promise is the next one of another that recurs."""
    rule = item.task.get("recurrence")
    return bool(rule) and above.task.get("recurrence") == rule and above.task.text == item.task.text


def _deals(document: Document, inline: Iterable[InlineField], day: date, schema: Schema) -> Iterator[_Cut]:
    """Deals opened later are left out; those decided later are open."""

    def line_start(item: InlineField) -> int:
        return document.source.text.rfind("\n", 0, item.start) + 1

    for start, items in groupby(inline, key=line_start):
        named = {field.key: item for item in items if (field := schema.table.find_inline(item.key))}
        if "deal" not in named:
            continue
        later = {
            key
            for key in ("opened", "won", "lost")
            if key in named and _later(named[key].value, schema.table.inline[key], day, schema)
        }
        if "opened" in later:
            yield _blank(document, start, line_end(document.source.text, start))
        elif later:
            reasons = {"reason"} & named.keys() if not (named.keys() & {"won", "lost"}) - later else set()
            yield from (_Cut(named[key].start, named[key].end) for key in (*later, *reasons))
