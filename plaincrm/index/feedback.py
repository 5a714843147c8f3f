"""Bad feedback: what counts as such, and since when nobody has answered it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

# The highest number that is bad: detractors by the rule of the Net Promoter Score; below the middle of the others.
BAD_UP_TO = {"nps": 6, "ces": 3, "csat": 2}

FEEDBACK = frozenset(("complaint", "mood", *BAD_UP_TO))  # the fields in which it can stand

# The same of a row `m` of measures, in SQL.
BAD = " or ".join(
    (
        "m.name = 'complaint'",
        "m.name = 'mood' and m.text = '-'",
        *(f"m.name = '{name}' and m.number <= {most}" for name, most in BAD_UP_TO.items()),
    )
)


class Remark(NamedTuple):
    """What an entry says of how content the customer is; dates and times are ISO text."""

    date: str
    time: str | None
    bad: bool
    answers: bool  # a contact of ours, or an entry that names what it answers
    resolved: bool | int | None


def is_bad(key: str, value: Any) -> bool:  # noqa: ANN401 (the field's type tells)
    """Whether an inline field of an entry is bad feedback."""
    return key == "complaint" or (key == "mood" and value == "-") or (key in BAD_UP_TO and value <= BAD_UP_TO[key])


def displeased(remarks: Iterable[Remark]) -> str:
    """The moment of the first bad feedback that nobody has answered, empty where there is none.

    Another entry answers it, from that moment on: one that answers and does not say that it is not settled, or any
    one that says it is. Where times are missing, feedback counts from the morning and answers until midnight.
    """
    listed = list(remarks)
    if not any(remark.bad for remark in listed):
        return ""
    answers = sorted(
        (f"{remark.date} {remark.time or '99:99'}", at)
        for at, remark in enumerate(listed)
        if remark.resolved or (remark.answers and remark.resolved is None)
    )
    last = answers[-2:]  # the last one that is not the feedback itself is among them
    unanswered = (
        moment
        for at, remark in enumerate(listed)
        if remark.bad and not remark.resolved
        for moment in [f"{remark.date} {remark.time or '00:00'}"]
        if not any(answer >= moment and other != at for answer, other in last)
    )
    return min(unanswered, default="")
