"""The story of notes: who changed what and when, commit by commit, the newest first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import NamedTuple

from plaincrm.history.fields import Change, Kind, Note, compare
from plaincrm.history.log import Commit, Touch, Version
from plaincrm.history.renames import Rename
from plaincrm.history.versions import Versions


class NoteStory(NamedTuple):
    """What became of one note: `file` is where its changes stand, in the later version or where it is gone, before."""

    customer: str
    name: str
    file: str
    changes: tuple[Change, ...]


class Side(NamedTuple):
    """What one side brought into a merge: `parent` is the commit at its end."""

    parent: str
    notes: tuple[NoteStory, ...]


class Event(NamedTuple):
    """One commit, or what is not committed yet (no `commit`, no `when`).

    `when` is the author's clock, in the vault's zone if it has one. Of a merge `notes` are what is as on no side, and
    `sides` what each brought. `machine` is which machine wrote it, empty where a person did. `is_cut` is whether a
    shallow clone has nothing before it, so that nothing can be told.
    """

    commit: str
    parents: tuple[str, ...]
    author: str
    email: str
    when: datetime | None
    words: str
    customers: tuple[str, ...]
    notes: tuple[NoteStory, ...]
    sides: tuple[Side, ...] = ()
    machine: str = ""
    is_cut: bool = False

    @property
    def subject(self) -> str:
        """The first line of the commit's message."""
        return self.words.partition("\n")[0].strip()

    @property
    def is_machine(self) -> bool:
        """Whether no person wrote it."""
        return bool(self.machine)


class Wanted(NamedTuple):
    """Which part of the story is asked for.

    `field` and `kind` limit the changes; `author`, a part of a name or address, `since` and `until`, days of the
    author's clock, limit the commits. Without `machine` the commits of machines are left out.
    """

    field: str = ""
    kind: Kind | None = None
    author: str = ""
    since: date = date.min
    until: date = date.max
    machine: bool = True

    def has_commit(self, author: str, email: str, when: datetime | None) -> bool:
        """Whether a commit is asked for; what is not committed has no author, and comes last of all."""
        if when is None:
            return not self.author and self.until == date.max
        return self.since <= when.date() <= self.until and self.author.casefold() in f"{author} <{email}>".casefold()

    @property
    def some_changes(self) -> bool:
        """Whether only some changes are asked for, whatever else was changed with them."""
        return bool(self.field or self.kind)

    def has(self, change: Change) -> bool:
        """Whether a change is asked for."""
        return (not self.field or (change.kind == "field" and change.key == self.field)) and (
            self.kind is None or change.kind == self.kind
        )


class History(NamedTuple):
    """The story of a customer, or of all (empty id, name and file): the newest first.

    `has_more` is whether a limit left out earlier ones, `machine` how many commits of machines were left out,
    `under_way` what was begun with git and is not finished.
    """

    customer: str
    name: str
    file: str
    events: tuple[Event, ...]
    has_more: bool = False
    machine: int = 0
    under_way: str = ""


def told(events: Iterable[Event], wanted: Wanted, limit: int = 0, who: tuple[str, str, str] = ("", "", "")) -> History:
    """The part of a story that is wanted; with a `limit` only so many commits."""
    skipped = 0

    def chosen() -> Iterator[Event]:
        nonlocal skipped
        for event in events:
            found = _chosen(event, wanted)
            if found and found.is_machine and not wanted.machine:
                skipped += 1
            elif found:
                yield found

    listed = list(islice(chosen(), limit + 1 if limit else None))
    shown = listed[:limit] if limit else listed
    return History(*who, tuple(shown), len(shown) < len(listed), skipped)


def _chosen(event: Event, wanted: Wanted) -> Event | None:
    if not wanted.some_changes:
        return event
    notes = _some(event.notes, wanted)
    sides = tuple(side._replace(notes=some) for side in event.sides if (some := _some(side.notes, wanted)))
    return event._replace(notes=notes, sides=sides) if notes or sides else None


def _some(notes: Iterable[NoteStory], wanted: Wanted) -> tuple[NoteStory, ...]:
    found = (note._replace(changes=tuple(filter(wanted.has, note.changes))) for note in notes)
    return tuple(note for note in found if note.changes)


def event_of(commit: Commit, versions: Versions, cut: frozenset[str], machine: Sequence[str]) -> Event:
    """What a commit did."""
    is_cut = commit.name in cut
    touched = () if is_cut else commit.touched
    several = [touch for touch in touched if len(touch.before) > 1]
    alone = ((touch.before[0], versions.note(touch.after)) for touch in touched if len(touch.before) == 1)
    notes = [note for old, new in alone if (note := story_of(old, new, versions, commit.renames))]
    merged = [_merged(touch, versions) for touch in several]
    return Event(
        commit.name,
        commit.parents,
        commit.author,
        commit.email,
        commit.when,
        commit.words,
        commit.customers,
        (*notes, *(own for own, _sides in merged if own.changes)),
        tuple(_sides(commit.parents, [sides for _own, sides in merged])),
        _machine(commit, machine),
        is_cut,
    )


def story_of(before: Version, new: Note | None, versions: Versions, renames: Sequence[Rename] = ()) -> NoteStory | None:
    """What became of a note; None where neither is there. That links follow `renames` is one change a rename."""
    old = versions.note(before)
    note = new or old
    if note is None:
        return None
    changes = tuple(compare(old, new, versions.schema))
    followed = versions.relinked(before, renames) if old and new else None
    if followed:
        rest = tuple(compare(followed[0], new, versions.schema))
        if len(rest) < len(changes):
            links = (Change("note", "relinked", note.customer.name, *each, 1) for each in followed[1])
            changes = (*rest, *links)
    return NoteStory(note.customer.id, note.customer.name, note.path, changes)


def _merged(touch: Touch, versions: Versions) -> tuple[NoteStory, tuple[NoteStory, ...]]:
    """What a merge made of a note that is as on none of its sides, and what each side brought of it.

    What is other than in every parent is the merge's own; what is other than in all but one came with that one.
    """
    stories = [story_of(before, versions.note(touch.after), versions) for before in touch.before]
    there = [story for story in stories if story]
    signs = [{_sign(change): change for change in story.changes} if story else {} for story in stories]
    counts = Counter(sign for found in signs for sign in found)
    first = there[0] if there else NoteStory("", "", "", ())
    own = tuple(change for sign, change in signs[0].items() if counts[sign] == len(signs))
    all_changes = {sign: change for found in signs for sign, change in found.items()}
    brought = tuple(
        first._replace(
            changes=tuple(
                change for sign, change in all_changes.items() if counts[sign] == len(signs) - 1 and sign not in found
            )
        )
        for found in signs
    )
    return first._replace(changes=own), brought


def _sign(change: Change) -> tuple[object, ...]:
    """What a change led to, whatever was before."""
    return change.kind, change.key, change.what if change.kind == "promise" else change.new, change.is_gone


def _sides(parents: Sequence[str], merged: Sequence[tuple[NoteStory, ...]]) -> Iterator[Side]:
    for at, parent in enumerate(parents if merged else ()):
        notes = tuple(sides[at] for sides in merged if at < len(sides) and sides[at].changes)
        if notes:
            yield Side(parent, notes)


_SEVERAL = re.compile(r"[0-9]+ notes")


def _machine(commit: Commit, patterns: Sequence[str]) -> str:
    """Which machine wrote the commit: plaincrm by its own form of words, the author where the settings say so."""
    who, colon, _what = commit.subject.partition(": ")
    if colon and commit.customers and (who in commit.customers or _SEVERAL.fullmatch(who)):
        return "plaincrm"
    names = (commit.author, commit.email, f"{commit.author} <{commit.email}>", commit.subject)
    is_one = any(_pattern(pattern).fullmatch(name) for pattern in patterns for name in names)
    return (commit.author or commit.email or "a machine") if is_one else ""


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of the settings, in which `*` is any text and `?` any character; brackets stand for themselves."""
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."), re.IGNORECASE | re.DOTALL)
