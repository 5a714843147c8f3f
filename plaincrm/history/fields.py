"""What one version of a note says against another: fields, entries, promises, deals and texts, part by part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from typing import Any, Literal, NamedTuple

from plaincrm.document.body import section_kind
from plaincrm.document.document import Document, read_document
from plaincrm.records.model import Contact, Customer, Deal, LogEntry, Task
from plaincrm.records.read import read_record
from plaincrm.records.schema import Schema
from plaincrm.records.values import as_text

Kind = Literal["note", "field", "entry", "promise", "deal", "text"]
What = Literal[
    "added",
    "changed",
    "removed",
    "renamed",
    "relinked",
    "unread",
    "made",
    "done",
    "dropped",
    "reopened",
    "opened",
    "won",
    "lost",
]
_FRONT = ("bad-yaml", "key-not-text")  # faults after which fields may be missing, besides those of the whole block
_MARKS = re.compile(r"^[\s>]*(?:#{1,6}|[-*+]|[0-9]+[.)])?\s*")


class Part(NamedTuple):
    """Something that a note says: the same part has the same `key`, and says the same while `meaning` is equal."""

    kind: Kind
    key: str
    meaning: Hashable
    text: str
    line: int
    value: Any = None  # the entry, the promise, the deal, or the item of a field's list


class Note(NamedTuple):
    """One version of a note. `unread` is the code of the fault that kept its fields, or all of it, from being read."""

    path: str
    customer: Customer
    parts: tuple[Part, ...]
    unread: str = ""


class Change(NamedTuple):
    """One thing that became other than it was.

    `key` is a field, the first line of an entry, a promise's text, the name of a deal or a section. `line` is its line
    in the later version, or where it is gone, in the earlier one. `day` is an entry's own.
    """

    kind: Kind
    what: What
    key: str
    old: str
    new: str
    line: int
    day: date | None = None
    is_gone: bool = False


def read_note(path: str, data: bytes, schema: Schema) -> Note:
    """What a note of these bytes says. Never raises."""
    document = read_document(data)
    customer = read_record(document, path, schema).customer
    codes = [fault.code for fault in document.faults]
    lost = [code for code in codes if code in _FRONT or code == "unresolved-merge" or code.startswith("front-matter-")]
    unread = document.source.refusal.code if document.source.refusal else next(iter(lost), "")
    return Note(path, customer, tuple(_parts(document, customer, schema)), unread)


def unread_note(path: str, code: str, schema: Schema) -> Note:
    """A version that cannot be had at all."""
    return read_note(path, b"", schema)._replace(unread=code)


def _parts(document: Document, customer: Customer, schema: Schema) -> Iterator[Part]:
    lines = document.source.text.split("\n")
    covered: set[int] = set()
    yield from _fields(document, customer, schema)
    for entry in customer.entries:
        covered.update(range(entry.line, entry.end_line + 1))
        text = _MARKS.sub("", lines[entry.line - 1]).strip()
        yield Part("entry", entry.date.isoformat(), _meaning(entry, lines), text, entry.line, entry)
    for task in customer.tasks:
        covered.add(task.line)
        yield Part("promise", task.text, task._replace(line=0, made=None), task.text, task.line, task)
    for deal in customer.deals:
        covered.add(deal.line)
        yield Part("deal", deal.name, deal._replace(line=0), deal.name, deal.line, deal)
    for section in document.body.sections:
        first = document.source.line_of(section.start) + bool(section.level)
        last = document.source.line_of(max(section.start, section.end - 1))
        said = {at: lines[at - 1].strip() for at in range(first, last + 1) if at not in covered}
        at = next((at for at, line in said.items() if line), 0)
        if at:
            title = section_kind(section.title) or section.title if section.level else ""
            yield Part("text", title, "\n".join(said.values()).strip(), title, at)


def _fields(document: Document, customer: Customer, schema: Schema) -> Iterator[Part]:
    """Every field by what it means, or by what is typed where it means nothing that we know."""
    for key, values in customer.fields.items():
        item = schema.table.customer[key].many
        for value in values:
            yield Part("field", key, value.value, as_text(value.value), value.line, value.value if item else None)
    for typed, node in document.fields:
        known = schema.table.find(str(typed.value))
        key = known.key if known else str(typed.value)
        text = " ".join(document.text_of(node.start, node.end).split())
        if key not in customer.fields and text:
            yield Part("field", key, text, text, document.source.line_of(typed.start))


def _meaning(entry: LogEntry, lines: list[str]) -> Hashable:
    """What an entry says, wherever it stands and whatever became of its promises."""
    tasks = {task.line for task in entry.tasks}
    text = "\n".join(lines[at - 1].strip() for at in range(entry.line + 1, entry.end_line + 1) if at not in tasks)
    return _MARKS.sub("", lines[entry.line - 1]).strip(), text.strip()


def compare(old: Note | None, new: Note | None, schema: Schema) -> Iterator[Change]:
    """What became of a note. Where it was not there before or is gone, all that it said follows its own change.

    Raises:
        ValueError: neither is there.
    """
    if old is None or new is None:
        note = new or old
        if note is None:
            raise ValueError("there is no note")
        yield Change("note", "added" if new else "removed", note.customer.name, "", "", 1, is_gone=not new)
    elif old.path != new.path:
        yield Change("note", "renamed", new.customer.name, old.path, new.path, 1)
    unread = {note.unread for note in (old, new) if note and note.unread}
    if new and new.unread:
        yield Change("note", "unread", new.customer.name, "", new.unread, 1)
    elif old and old.unread:
        yield Change("note", "unread", old.customer.name, old.unread, "", 1)
    before, after = (
        [part for part in note.parts if not (unread and part.kind == "field")] if note else [] for note in (old, new)
    )
    if not unread:
        yield from _reordered(before, after, schema)
    yield from _changes(before, after)


def _changes(before: list[Part], after: list[Part]) -> Iterator[Change]:
    gone, come = _rest(before, after), _rest(after, before)
    for kind, ways in _SAME.items():
        lost, found = ([part for part in parts if part.kind == kind] for parts in (gone, come))
        pairs: dict[int, Part] = {}
        for way in ways:
            _pair(lost, found, pairs, way)
        for at, part in enumerate(found):
            yield from _told(pairs.get(at), part)
        paired = set(map(id, pairs.values()))
        for part in lost:
            if id(part) not in paired:
                yield from _told(part, None)


def identity(part: Part) -> tuple[Kind, str, Hashable]:
    """What a part is, wherever it stands."""
    return part.kind, part.key, part.meaning


def _rest(parts: list[Part], others: list[Part]) -> list[Part]:
    """The parts that the others have not."""
    there = Counter(map(identity, others))
    rest = []
    for part in parts:
        there[identity(part)] -= 1
        if there[identity(part)] < 0:
            rest.append(part)
    return rest


def _pair(lost: list[Part], found: list[Part], pairs: dict[int, Part], way: Callable[[Part], Hashable]) -> None:
    """Join parts that are the same in one way; what tells nothing (None) is not the same."""
    taken = set(map(id, pairs.values()))
    waiting: dict[Hashable, list[Part]] = {}
    for part in reversed(lost):
        if id(part) not in taken and (sign := way(part)) is not None:
            waiting.setdefault(sign, []).append(part)
    for at, part in enumerate(found):
        if at not in pairs and (same := waiting.get(way(part))):
            pairs[at] = same.pop()


def _one_value(part: Part) -> Hashable:
    """What a field's value is a value of: the field, or of a list the same person; other items are themselves only."""
    if part.value is None:
        return part.key
    return (part.key, part.value.name) if isinstance(part.value, Contact) else None


_SAME: dict[Kind, tuple[Callable[[Part], Hashable], ...]] = {
    "field": (_one_value,),
    "text": (lambda part: part.key,),
    "deal": (lambda part: part.key.casefold(),),
    "entry": (
        lambda part: (part.key, part.value.time, part.value.channel, part.value.summary),
        lambda part: (part.value.channel, part.value.summary or None) if part.value.summary else None,
        lambda part: (part.key, part.value.time, part.value.channel, part.value.direction),
    ),
    "promise": (
        lambda part: part.value.id or None,
        lambda part: (part.key, part.value.owes, part.value.due),
        lambda part: (part.key, part.value.owes),
        lambda part: (part.key,),
        lambda part: (part.value.made, part.value.due) if part.value.made and part.value.due else None,
    ),
}


def _told(old: Part | None, new: Part | None) -> Iterator[Change]:
    part = new or old
    assert part is not None
    key = part.text if part.kind == "entry" else part.key
    texts = (old.text if old else "", new.text if new else "")
    what: What = "changed" if old and new else "added" if new else "removed"
    if part.kind == "promise":
        what, texts = _promise(old and old.value, new and new.value)
    elif part.kind == "deal":
        what, texts = _deal(old and old.value, new and new.value)
    elif part.kind == "field" and part.value is None:
        what = "changed"
    elif part.kind == "text" or (old and new and part.kind == "entry" and old.text == new.text):
        texts = "", ""
    day = part.value.date if part.kind == "entry" and part.value.precision == "day" else None
    yield Change(part.kind, what, key, *texts, part.line, day, is_gone=new is None)


def _promise(old: Task | None, new: Task | None) -> tuple[What, tuple[str, str]]:
    """What became of a promise, and that of which it is told: what is not the same, or its day."""
    if new is None:
        return "removed", ("", "")
    if old is None:
        what: What = "made" if new.open else "done" if new.done or new.status in "xX" else "dropped"
        return what, ("", _facts(new).get("due", ""))
    before, after = _facts(old), _facts(new)
    other = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    texts = tuple(", ".join(facts[key] for key in other if key in facts) for facts in (before, after))
    if old.open and not new.open:
        return ("done" if new.done or new.status in "xX" else "dropped"), ("", "")
    if new.open and not old.open:
        return "reopened", ("", "")
    return "changed", (texts[0], texts[1])


def _facts(task: Task) -> dict[str, str]:
    days = {name: getattr(task, name) for name in ("due", "scheduled", "start", "done", "cancelled")}
    told = {name: f"{name} {day}" for name, day in days.items() if day}
    texts = {"text": task.text, "recurrence": task.recurrence, "priority": task.priority}
    owes = {"owes": "they owe it"} if task.owes == "them" else {}
    return {**{name: text for name, text in texts.items() if text}, **told, **owes, "status": f"[{task.status}]"}


def _deal(old: Deal | None, new: Deal | None) -> tuple[What, tuple[str, str]]:
    """What became of a deal, and what of it is not the same."""
    if new is None:
        return "removed", ("", "")
    facts = _deal_facts(new)
    if old is None or old.state != new.state:
        states: dict[str, What] = {"open": "opened", "won": "won", "lost": "lost"}
        shown = ("value", "reason") if new.state == "lost" else ("value",)
        return states[new.state], ("", ", ".join(facts[key] for key in shown if key in facts))
    before = _deal_facts(old)
    other = [key for key in dict.fromkeys((*before, *facts)) if before.get(key) != facts.get(key)]
    texts = [", ".join(told[key] for key in other if key in told) for told in (before, facts)]
    return "changed", (texts[0], texts[1])


def _deal_facts(deal: Deal) -> dict[str, str]:
    chance = f"{deal.chance} %" if deal.chance is not None else None
    days = {name: getattr(deal, name) for name in ("opened", "expected", "won", "lost")}
    facts = {"value": deal.value, "chance": chance, "reason": deal.reason or None}
    told = {name: str(fact) for name, fact in facts.items() if fact is not None}
    return {"name": deal.name, **told, **{name: f"{name} {day}" for name, day in days.items() if day}}


def _reordered(before: Iterable[Part], after: Iterable[Part], schema: Schema) -> Iterator[Change]:
    """Lists whose order tells something and is another one, of the same values."""
    lists = [_lists(parts, schema) for parts in (before, after)]
    for key, parts in lists[1].items():
        old, new = ([part.text for part in listed.get(key, ())] for listed in lists)
        if old != new and sorted(old) == sorted(new):
            yield Change("field", "changed", key, ", ".join(old), ", ".join(new), parts[0].line)


def _lists(parts: Iterable[Part], schema: Schema) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for part in parts:
        field = schema.table.customer.get(part.key) if part.kind == "field" else None
        if field and field.many:
            found.setdefault(part.key, []).append(part)
    return found
