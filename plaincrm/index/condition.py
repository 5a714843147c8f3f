"""A condition on customers: what a query of the user comes to, and what reports take."""

from __future__ import annotations

from typing import NamedTuple


class Condition(NamedTuple):
    """A condition on the table `customers`, called `c`, with its parameters."""

    sql: str
    parameters: tuple[object, ...]

    def on(self, file: str) -> str:
        """The same on rows of another table, which name their customer by this column; nothing where all are meant."""
        return "" if self is EVERY else f" and {file} in (select c.file from customers c where {self.sql})"


EVERY = Condition("true", ())
