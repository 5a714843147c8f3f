"""What a customer's contacts add up to: who spoke last, and whether somebody waits for an answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from plaincrm.records.channels import UNREACHED, WRITTEN

_MUTUAL = frozenset(("meeting", "visit"))  # ours too, whoever called it

# Whether somebody was reached by an entry `e`, and the day of the last such entry of a customer `c` up to a day given
# as a parameter, in SQL.
REACHED = "e.contact = 1 and coalesce(e.direction, '') not in ('missed', 'no-answer')"
# The order of entries `e` of one customer, the newest first: one without a time stands at the end of its day, and among
# those alike the log tells by its own order, which is the newest on top unless it begins with its oldest day.
_END = "(select o.date from entries o where o.file = e.file order by o.line {} limit 1)"
NEWEST = (
    "e.date desc, coalesce(e.time, '99') desc,"
    f" case when {_END.format('')} < {_END.format('desc')} then -e.line else e.line end"
)
# Inline fields that only what has been can have.
_OUTCOMES = (
    *("sale", "cost", "invoice", "hours", "mood", "nps", "ces", "csat", "got", "resolved", "feedback", "complaint"),
    *("answers", "allow", "deny", "quiet_until"),
)
# An entry of today that has a time, no direction and no outcome is still an appointment.
APPOINTED = (
    "e.date = :today and e.time is not null and e.direction is null and e.contact = 1 and not exists ("
    "select 1 from measures o where o.file = e.file and o.line between e.line and e.end_line"
    f" and o.name in ({', '.join(map(repr, _OUTCOMES))}))"
)
SPOKEN = f"(select max(date) from entries e where e.file = c.file and {REACHED} and e.date <= ?)"


class Contact(NamedTuple):
    """What counts of an entry by which somebody was reached; dates and times are ISO text."""

    date: str
    time: str | None
    channel: str
    direction: str | None
    resolved: int | None


class Talks(NamedTuple):
    """Days and moments as ISO text, empty where there are none.

    A moment is `YYYY-MM-DD HH:MM`. On a day where times are missing, what asks counts from the morning and what
    answers until midnight: who answered at once is not nagged.
    """

    latest: str  # day of the last contact, planned ones too
    spoken: str  # day when somebody was last reached, by them or by us
    ours: str  # day of our own last contact, one in vain too
    answered: str  # moment of our last answer, or of the last talk
    asked: str  # moment of their last written message that is not settled
    missed: str  # moment of their last call that we missed


def talks(contacts: Iterable[Contact]) -> Talks:
    """The sums of some contacts, in whatever order they come."""
    latest = spoken = ours = answered = asked = missed = ""
    for day, time, channel, direction, resolved in contacts:
        latest = max(latest, day)
        if direction == "missed":
            missed = max(missed, f"{day} {time or '00:00'}")
        elif direction == "no-answer":
            ours = max(ours, day)
        if direction in UNREACHED:
            continue
        spoken = max(spoken, day)
        if direction == "out" or (direction is None and channel in _MUTUAL):
            ours = max(ours, day)
        if direction != "in" or channel not in WRITTEN:
            answered = max(answered, f"{day} {time or '99:99'}")
        elif resolved != 1:
            asked = max(asked, f"{day} {time or '00:00'}")
    return Talks(latest, spoken, ours, answered, asked, missed)


# The same for an entry `e` by which somebody was reached, in SQL: which ones ask for an answer, and which ones give it.
_IS_WRITTEN = f"e.channel in ({', '.join(repr(channel) for channel in sorted(WRITTEN))})"
ASKS = f"(e.direction = 'missed' or (e.direction = 'in' and {_IS_WRITTEN} and e.resolved is not 1))"
ANSWERS = f"(coalesce(e.direction, 'out') = 'out' or (e.direction = 'in' and not {_IS_WRITTEN}))"
