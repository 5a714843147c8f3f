"""A condition on customers: what a query of the user comes to, and what reports take."""

from __future__ import annotations

from typing import NamedTuple


class Condition(NamedTuple):
    """A condition on the table `customers`, called `c`, with its parameters."""

    sql: str
    parameters: tuple[object, ...]


EVERY = Condition("true", ())
