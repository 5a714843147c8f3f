"""A draft: what is wished of one note, wish by wish, each proved to do what it means and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from plaincrm.changes.edits import Edit, inverse, moved
from plaincrm.changes.parts import Reading, reading
from plaincrm.changes.plan import Change, Intent, proved
from plaincrm.changes.wording import told_language
from plaincrm.records.schema import Schema


class Wish(NamedTuple):
    """One thing wished of a note as it stands: the edits that do it, and whether a later reading says so.

    `what` tells it in a few words: `next 2026-12-01`. A wish that holds already has no edits. `reveals` lets what is
    written contradict something else of the note, as what has happened may. `brings` are kinds of faults that lines
    taken over from another note have there already.
    """

    what: str
    edits: tuple[Edit, ...]
    holds: Callable[[Reading], bool] = lambda _after: True
    reveals: bool = False
    brings: frozenset[tuple[str, str]] = frozenset()


class Step(NamedTuple):
    """One file's change, and in a few words what is done by it.

    `lines` are for each of these the lines of the new text where it was done, from 1; empty where that is not known.
    """

    change: Change
    what: tuple[str, ...]
    lines: tuple[tuple[int, ...], ...] = ()


class Draft:
    """A note's text with wishes made one after the other. Nothing is written here.

    `usual` tells the language of most notes, for one that does not tell its own.
    """

    def __init__(self, path: str, data: bytes, schema: Schema, usual: Callable[[], str] = lambda: "") -> None:
        self.path = path
        self.schema = schema
        note = reading(path, data, schema)
        self.note = self.before = replace(note, language=told_language(note) or usual())
        self._old = self._new = data
        self._what: list[str] = []
        self._places: list[list[int]] = []  # for each of these offsets in the text as it is now

    def make(self, wish: Wish) -> None:
        """Let the note say what is wished.

        Raises:
            NotMeant: the edits would not do that, or something else besides.
            WriteRefused: the note is in no state to be edited.
        """
        if not wish.edits:
            return
        intent = Intent(self.path, self._new, wish.edits, wish.holds, wish.reveals, wish.brings)
        spans = [(start, end) for start, end, _old in inverse(self.note.text, wish.edits)]
        change, self.note = proved(intent, self.note, self.schema)
        self._new = change.new or b""
        self._places = [[moved(place, wish.edits) for place in places] for places in self._places]
        if wish.what:
            self._what.append(wish.what)
            self._places.append([_begin(self.note.text, *span) for span in spans])

    @property
    def step(self) -> Step | None:
        """All that was wished as one change; None where the note says it already."""
        if self._new == self._old:
            return None
        return Step(Change(self.path, self._old, self._new), tuple(self._what), tuple(map(self._lines, self._places)))

    def _lines(self, places: list[int]) -> tuple[int, ...]:
        """The lines of places, of lines that follow each other the first."""
        found = {self.note.document.source.line_of(place) for place in places}
        return tuple(line for line in sorted(found) if line - 1 not in found)


def _begin(text: str, start: int, end: int) -> int:
    """Where what was put in begins, past its blank lines."""
    return end - len(text[start:end].lstrip("\r\n"))
