"""A customer archived: off the agenda, still in the register, with the day and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from plaincrm.changes.draft import Wish
from plaincrm.changes.fields import set_field
from plaincrm.changes.parts import Reading
from plaincrm.records.schema import Schema

NEXT_STEP = ("next", "next_action", "next_channel", "quiet_until")  # what is cleared: there is no next step


def closed_stage(note: Reading, schema: Schema, closed: Sequence[str]) -> Wish:
    """The stage is one of the closed ones; where it is none of them yet, the first."""
    stage = note.record.customer.stage
    return set_field(note, schema, "stage", [stage if stage and stage in closed else closed[0]])


def left_on(note: Reading, schema: Schema, day: date) -> Wish:
    """The customer left on this day, unless the note knows on which."""
    known = note.record.customer.lost_on
    return set_field(note, schema, "lost_on", [(known or day).isoformat()])
