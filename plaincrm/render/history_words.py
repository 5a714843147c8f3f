"""Changes of notes in words: what became of a field, an entry, a promise, a deal, a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from plaincrm.history.fields import Change, Kind
from plaincrm.history.story import Event, NoteStory

SHORT = 8  # characters of a commit's name, which git takes for it


def short(commit: str) -> str:
    """A commit's name as people write it."""
    return commit[:SHORT]


def when_words(when: datetime | None) -> str:
    """A moment by the clock of the vault, or that it is still to come."""
    return f"{when:%Y-%m-%d %H:%M}" if when else "not committed"


def change_words(change: Change, event: Event | None = None) -> str:
    """One change. An entry that was written on a later day than its own says so, where it is told when."""
    told = _OF_KIND[change.kind](change)
    written = event.when.date() if event and event.when else None
    if change.kind == "entry" and change.what == "added" and written and change.day and written > change.day:
        told += f" (written {written})"
    return told


def place_words(change: Change) -> str:
    """Where a change stands in its version."""
    return f"was line {change.line}" if change.is_gone else f"line {change.line}"


def _field(change: Change) -> str:
    if change.what != "changed":
        return f"{change.key}: {f'+ {change.new}' if change.what == 'added' else f'- {change.old}'}"
    return f"{change.key}: {change.old or 'none'} -> {change.new or 'none'}"


def _entry(change: Change) -> str:
    both = change.what == "changed" and change.old
    return f"entry {change.what}: {f'{change.old} -> {change.new}' if both else change.key}"


def _thing(change: Change) -> str:
    """A promise or a deal."""
    told = f"{change.kind} {change.what}: {change.key}"
    if change.what == "changed":
        return f"{told}: {change.old or 'none'} -> {change.new or 'none'}"
    return f"{told}, {change.new}" if change.new else told


def _text(change: Change) -> str:
    return f"{change.key or 'notes'} {change.what}"


def _note(change: Change) -> str:
    if change.what == "unread":
        which = "this version" if change.new else "the version before"
        return f"could not be read in {which} ({change.new or change.old})"
    if change.what == "relinked":
        return f"links follow the rename: {change.old} -> {change.new}"
    return f"renamed: {change.old} -> {change.new}" if change.what == "renamed" else f"note {change.what}"


def is_relinked(changes: Sequence[Change]) -> bool:
    """Whether nothing became of a note but that its links follow the renaming of others."""
    return bool(changes) and all(change.what == "relinked" for change in changes)


def relinked_words(notes: Iterable[NoteStory]) -> Iterator[str]:
    """What followed a rename, a line for each: `links follow the rename: salo-consulting -> salo-koivu in A, B`."""
    names: dict[str, list[str]] = {}
    for note in notes:
        for change in note.changes:
            names.setdefault(change_words(change), []).append(note.name)
    return (f"{words} in {', '.join(found)}" for words, found in names.items())


_OF_KIND = {"field": _field, "entry": _entry, "promise": _thing, "deal": _thing, "text": _text, "note": _note}
_MANY: dict[Kind, str] = {
    "note": "notes",
    "field": "fields",
    "entry": "entries",
    "promise": "promises",
    "deal": "deals",
    "text": "texts",
}


def lines_of(changes: Iterable[Change], event: Event | None = None) -> Iterator[str]:
    """Changes line by line; of a note that came or went with all that it said, how much that was."""
    listed = list(changes)
    if listed and listed[0].kind == "note" and listed[0].what in ("added", "removed"):
        counts = Counter(change.kind for change in listed[1:])
        told = ", ".join(_counted(counts[kind], kind) for kind in _MANY if counts[kind])
        yield f"{change_words(listed[0])}{f': {told}' if told else ''}"
        return
    for change in listed:
        place = "" if change.kind == "note" else f" ({place_words(change)})"
        yield f"{change_words(change, event)}{place}"
    if not listed:
        yield "wording or layout only"


def _counted(count: int, kind: Kind) -> str:
    return f"{count} {kind if count == 1 else _MANY[kind]}"


def summary(changes: Iterable[Change]) -> str:
    """Changes counted: `stage, 2 entries added, promise made`; that a note came or went says it all."""
    listed = list(changes)
    if whole := [change for change in listed if change.kind == "note" and change.what in ("added", "removed")]:
        return change_words(whole[0])
    fields = dict.fromkeys(change.key for change in listed if change.kind == "field")
    counts = Counter((change.kind, change.what) for change in listed if change.kind != "field")
    return ", ".join(
        [*fields, *(f"{_counted(count, kind)} {what}".removeprefix("1 ") for (kind, what), count in counts.items())]
    )
