"""What becomes of a customer by an import, or of a record that finds none, as it is told."""

from __future__ import annotations

import json
from typing import Literal, NamedTuple

from plaincrm.changes.import_match import Target
from plaincrm.changes.import_note import FieldChange
from plaincrm.changes.sequences import Spool

State = Literal["new", "changed", "same", "unclear", "rejected"]


class Outcome(NamedTuple):
    """What becomes of a customer, or of a record that finds none.

    `places` are the records it comes from (`contacts.csv:7`), `shared` is what tells that it is this customer, `line`
    stands for the first line of the note that an evidence is on.
    """

    state: State
    name: str
    places: tuple[str, ...]
    path: str = ""
    line: int = 1
    shared: str = ""
    changes: tuple[FieldChange, ...] = ()
    why: str = ""
    candidates: tuple[Target, ...] = ()
    left_out: tuple[str, ...] = ()


def spooled_outcomes() -> Spool[Outcome]:
    """A place for the outcomes of any number of records."""
    return Spool(json.dumps, _unpacked)


def _unpacked(text: str) -> Outcome:
    state, name, places, path, line, shared, changes, why, candidates, left_out = json.loads(text)
    return Outcome(
        state,
        name,
        tuple(places),
        path,
        line,
        shared,
        tuple(FieldChange(*change) for change in changes),
        why,
        tuple(Target(*target) for target in candidates),
        tuple(left_out),
    )
