"""How long notes kept each value of a field, from the history: the stages that customers went through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
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
_KEPT = 1 << 14  # front matters whose value is remembered: most commits leave that of a note as it was


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


def stays(
    found: Iterable[Commit], value: Callable[[Version], str | None], cut: frozenset[str], zone: tzinfo | None
) -> Stays | None:
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
            told += _stay(touch, later, since, commit.name, value) if not begins else ()
            known.update(_before(touch, later, since, commit.name, value) if not begins else ())
    return Stays(since, tuple(told)) if since else None


def _stay(
    touch: Touch, later: _Known, day: date, commit: str, value: Callable[[Version], str | None]
) -> Iterator[Stay]:
    """The stay that began with a touch: the note got a value which it had until it got another one."""
    if not (later.file and later.value and later.ended):
        return
    if later.value == value(touch.after) and _is_change(touch, value):
        yield Stay(later.file, later.value, min(day, later.ended), later.ended, commit, later.left)


def _before(
    touch: Touch, later: _Known, day: date, commit: str, value: Callable[[Version], str | None]
) -> Iterator[tuple[str, _Known]]:
    """What is known of the note in the parents of a commit."""
    for before in touch.before:
        if before.path and touch.after.path and not _is_change(touch, value):
            yield before.path, later
        elif before.path:
            yield before.path, _Known(later.file, value(before) or "", day, commit)


def _is_change(touch: Touch, value: Callable[[Version], str | None]) -> bool:
    """Whether a touch gave a note a value that it had on no side."""
    after = value(touch.after)
    return after is not None and all(value(before) not in (after, None) for before in touch.before)


def values_of(objects: Objects, schema: Schema, field: str) -> Callable[[Version], str | None]:
    """What a version of a note says in a field of one value: empty where it says nothing, None where nobody knows."""

    @lru_cache(_KEPT)
    def said(front: bytes, path: str) -> str | None:
        note = read_note(path, front, schema)
        values = note.customer.fields.get(field, ())
        return None if note.unread else as_text(values[0].value) if values else ""

    @lru_cache(_KEPT)
    def value(version: Version) -> str | None:
        if not version.blob:
            return ""
        data = objects.read(version.blob)
        if data is None:
            return None
        front = _FRONT.match(data)
        return said(front[0] if front else data, version.path)

    return value
