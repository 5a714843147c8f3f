"""A change of a field's value in a vault's history: what `history` finds and reports tell."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Moved(NamedTuple):
    """A customer to whom somebody gave another value of a field; None is none.

    `when` is the clock of whoever did it; without it and `commit` it is not committed yet.
    """

    customer: str
    name: str
    file: str
    line: int
    old: str | None
    new: str | None
    when: datetime | None
    author: str
    commit: str
