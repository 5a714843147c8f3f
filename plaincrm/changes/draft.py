"""A draft: what is wished of one note, wish by wish, each proved to do what it means and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from plaincrm.changes.edits import Edit
from plaincrm.changes.parts import Reading, reading
from plaincrm.changes.plan import Change, Intent, plan
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
    """One file's change, and in a few words what is done by it."""

    change: Change
    what: tuple[str, ...]


class Draft:
    """A note's text with wishes made one after the other. Nothing is written here."""

    def __init__(self, path: str, data: bytes, schema: Schema) -> None:
        self.path = path
        self.schema = schema
        self.note = reading(path, data, schema)
        self._old = self._new = data
        self._what: list[str] = []

    def make(self, wish: Wish) -> None:
        """Let the note say what is wished.

        Raises:
            NotMeant: the edits would not do that, or something else besides.
            WriteRefused: the note is in no state to be edited.
        """
        if not wish.edits:
            return
        intent = Intent(self.path, self._new, wish.edits, wish.holds, wish.reveals, wish.brings)
        self._new = plan(intent, self.schema).new or b""
        self.note = reading(self.path, self._new, self.schema)
        if wish.what:
            self._what.append(wish.what)

    @property
    def step(self) -> Step | None:
        """All that was wished as one change; None where the note says it already."""
        return Step(Change(self.path, self._old, self._new), tuple(self._what)) if self._new != self._old else None
