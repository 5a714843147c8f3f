"""The open promises of one customer with the numbers by which they can be named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.changes.tasks import open_promises, told
from plaincrm.records.model import Customer
from plaincrm.render.lines import Line, Piece, line

FIELDS = ("number", "text", "owes", "due", "scheduled", "file", "line")


def data(customer: Customer) -> dict[str, Any]:
    """The list as JSON has it."""
    promises = [dict(zip(FIELDS, row, strict=True)) for row in rows(customer)]
    return {"customer": customer.id, "name": customer.name, "promises": promises}


def rows(customer: Customer) -> Iterator[tuple[Any, ...]]:
    """One row a promise."""
    for number, task in enumerate(open_promises(customer), 1):
        yield number, task.text, task.owes, task.due, task.scheduled, customer.path, task.line


def text(customer: Customer) -> Iterator[Line]:
    """One line a promise, under the customer's name."""
    promises = open_promises(customer)
    yield line(Piece(customer.name, "bold"))
    for number, task in enumerate(promises, 1):
        yield line(f"{number:>3}  {told(task)}")
    if not promises:
        yield line("No open promise.")
