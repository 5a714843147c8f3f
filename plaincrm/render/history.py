"""The history of notes shown: commit by commit, and in each what it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from plaincrm.history.fields import Change
from plaincrm.history.story import Event, History, NoteStory
from plaincrm.render.history_words import is_relinked, lines_of, relinked_words, short, summary, when_words
from plaincrm.render.sheet import Cell, Item, Items, Sheet

FIELDS = (
    *("when", "author", "email", "commit", "subject", "customer", "name", "file", "line", "kind", "what", "key"),
    *("old", "new", "day", "side", "machine"),
)


def data(history: History) -> dict[str, Any]:
    """The history as JSON has it."""
    return {
        "customer": history.customer or None,
        "name": history.name or None,
        "file": history.file or None,
        "events": [_event(event) for event in history.events],
        "has_more": history.has_more,
        "machine_left_out": history.machine,
        "under_way": history.under_way or None,
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "commit": event.commit or None,
        "parents": event.parents,
        "when": event.when,
        "author": event.author or None,
        "email": event.email or None,
        "subject": event.subject,
        "message": event.words,
        "customers": event.customers,
        "machine": event.is_machine,
        "cut": event.is_cut,
        "notes": [note_data(note) for note in event.notes],
        "sides": [{"parent": side.parent, "notes": [*map(note_data, side.notes)]} for side in event.sides],
    }


def note_data(note: NoteStory) -> dict[str, Any]:
    """What became of a note, as JSON has it."""
    changes = [change_data(change) for change in note.changes]
    return {"customer": note.customer, "name": note.name, "file": note.file, "changes": changes}


def change_data(change: Change) -> dict[str, Any]:
    """One change, as JSON has it."""
    told = {"kind": change.kind, "what": change.what, "key": change.key, "old": change.old or None}
    return {**told, "new": change.new or None, "day": change.day, "line": change.line, "gone": change.is_gone}


def rows(history: History) -> Iterator[tuple[object, ...]]:
    """One row a change; `side` is the parent that brought it into a merge."""
    for event in history.events:
        head = (event.when, event.author, event.email, event.commit, event.subject)
        told = [("", note) for note in event.notes]
        told += [(side.parent, note) for side in event.sides for note in side.notes]
        for side, note in told:
            for change in note.changes:
                where = (note.customer, note.name, note.file, change.line, change.kind, change.what, change.key)
                yield (*head, *where, change.old, change.new, change.day, side, event.is_machine)


def sheet(history: History, *, fold: bool = False) -> Sheet:
    """The commits, the newest first; with `fold` those of machines in one line a day, where the last of them stands."""
    title = f"History of {history.name}" if history.file else "History of all customers"
    items = tuple(_items(history, fold=fold))
    rest = "and earlier ones; --limit 0 shows all" if history.has_more else ""
    parts = (Items("", items, rest),) if items else ()
    return Sheet(title, history.file, parts, tuple(_remarks(history)))


def _items(history: History, *, fold: bool) -> Iterator[Item]:
    counts: dict[str, Counter[str]] = {}
    for event in history.events if fold else ():
        if event.is_machine:
            counts.setdefault(_day(event), Counter())[event.machine] += 1
    for event in history.events:
        if not (fold and event.is_machine):
            yield _item(event, alone=bool(history.file))
        elif machines := counts.pop(_day(event), None):
            yield Item(_day(event), Cell(_changes(machines)), "", (), "")


def _day(event: Event) -> str:
    return f"{event.when:%Y-%m-%d}"


def _changes(machines: Counter[str]) -> str:
    """How many commits machines made: `3 changes by plaincrm, 1 by Backup`."""
    (first, count), *others = machines.items()
    s = "s" if count != 1 else ""
    return ", ".join([f"{count} change{s} by {first}", *(f"{count} by {name}" for name, count in others)])


def _item(event: Event, *, alone: bool) -> Item:
    author = Cell(event.author)
    told = [note for note in event.notes if alone or not is_relinked(note.changes)]
    more = [line for note in told for line in _note_lines(event, note, several=len(told) > 1, alone=alone)]
    more += () if alone else relinked_words(note for note in event.notes if is_relinked(note.changes))
    for side in event.sides:
        names = (f"{'' if alone else f'{note.name}: '}{summary(note.changes)}" for note in side.notes)
        more.append(f"{short(side.parent)} brought {'; '.join(names)}")
    if event.is_cut:
        more.append("the history is cut here: this is a shallow clone (git fetch --unshallow brings the rest)")
    notes = [*(told or event.notes), *(note for side in event.sides for note in side.notes)]
    files = {note.file for note in notes}
    place = " ".join(filter(None, (short(event.commit), *(files if len(files) == 1 else ()))))
    return Item(when_words(event.when), author, event.subject, tuple(more), place)


def _note_lines(event: Event, note: NoteStory, *, several: bool, alone: bool) -> Iterator[str]:
    if not alone:
        yield f"{note.name} · {note.file}" if several else note.name
    for line in lines_of(note.changes, event):
        yield line if alone else f"· {line}"


def _remarks(history: History) -> Iterator[str]:
    if not history.events:
        yield "Nothing of that is in the history."
    if history.machine:
        s = "s" if history.machine != 1 else ""
        yield f"{history.machine} commit{s} of machines left out."
    if history.under_way:
        yield f"{history.under_way.capitalize()} is under way: what is not committed may hold what both sides say."
