"""How long notes kept each value of a field, from the history: the stages that customers went through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, tzinfo
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from plaincrm.history.fields import read_note
from plaincrm.history.log import Commit, Touch, Version
from plaincrm.history.repository import Objects
from plaincrm.records.schema import Schema
from plaincrm.records.values import as_text

_FRONT = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n.*?^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_KEPT = 1 << 12  # contents whose front matter is kept: a commit is compared with what came before it


class Stay(NamedTuple):
    """A value that a note had and has no more: where the note lies now, the days and the commits of both changes."""

    file: str
    value: str
    begun: date
    ended: date
    brought: str
    left: str


class Stays(NamedTuple):
    """All of them, the latest first; `since` is the day of the first commit that has notes."""

    since: date
    stays: tuple[Stay, ...]


class _Known(NamedTuple):
    """What later commits say of the note that lies at a path in an earlier one.

    `file` is where it lies in the end, empty where it is gone; `value` what it had before it had another one.
    """

    file: str
    value: str = ""
    ended: date | None = None
    left: str = ""


def stays(found: Iterable[Commit], values: Values, cut: frozenset[str], zone: tzinfo | None) -> Stays | None:
    """The values that notes had, by the commits, the latest first; None where there is no commit.

    Since when a note had the value with which the history begins is not known, nor what it had in a version that
    cannot be read. Days are those of the author's clock, in the zone if there is one.
    """
    told: list[Stay] = []
    known: dict[str, _Known] = {}
    since: date | None = None
    following: Iterable[Commit | None] = chain(found, [None])
    for commit, earlier in pairwise(following):
        assert commit is not None
        since = (commit.when.astimezone(zone) if zone else commit.when).date()
        begins = earlier is None or commit.name in cut
        changed = [(touch, known.get(touch.after.path, _Known(touch.after.path))) for touch in commit.touched]
        for touch, _later in changed:
            known.pop(touch.after.path, None)
        for touch, later in changed:
            told += _stay(touch, later, since, commit.name, values) if not begins else ()
            known.update(_before(touch, later, since, commit.name, values) if not begins else ())
    return Stays(since, tuple(told)) if since else None


def _stay(touch: Touch, later: _Known, day: date, commit: str, values: Values) -> Iterator[Stay]:
    """The stay that began with a touch: the note got a value which it had until it got another one."""
    if not (later.file and later.value and later.ended):
        return
    if later.value == values.of(touch.after) and _is_change(touch, values):
        yield Stay(later.file, later.value, min(day, later.ended), later.ended, commit, later.left)


def _before(touch: Touch, later: _Known, day: date, commit: str, values: Values) -> Iterator[tuple[str, _Known]]:
    """What is known of the note in the parents of a commit."""
    for before in touch.before:
        if before.path and touch.after.path and not _is_change(touch, values):
            yield before.path, later
        elif before.path:
            yield before.path, _Known(later.file, values.of(before) or "", day, commit)


def _is_change(touch: Touch, values: Values) -> bool:
    """Whether a touch gave a note a value that it had on no side."""
    return all(values.differ(before, touch.after) for before in touch.before)


class Values:
    """What versions of notes say in a field of one value."""

    def __init__(self, objects: Objects, schema: Schema, field: str) -> None:
        self._objects = objects
        self._schema = schema
        self._field = field
        self._front = lru_cache(_KEPT)(self._read)

    def of(self, version: Version) -> str | None:
        """The value: empty where there is none, None where nobody knows."""
        front = self._front(version.blob)
        if front is None:
            return None
        note = read_note(version.path, front, self._schema)
        values = note.customer.fields.get(self._field, ())
        return None if note.unread else as_text(values[0].value) if values else ""

    def differ(self, one: Version, other: Version) -> bool:
        """Whether two versions surely have different values; most commits leave the front matter as it was."""
        if one.blob and other.blob and self._front(one.blob) == self._front(other.blob):
            return False
        values = self.of(one), self.of(other)
        return None not in values and values[0] != values[1]

    def _read(self, blob: str) -> bytes | None:
        """The front matter of a content, all of it where that is not told apart; empty where there is no note."""
        data = self._objects.read(blob) if blob else b""
        front = _FRONT.match(data) if data else None
        return front[0] if front else data
