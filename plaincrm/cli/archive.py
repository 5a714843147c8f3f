"""`plaincrm archive`: a customer who is one no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import customers
from plaincrm.cli.context import Asked
from plaincrm.cli.writing import tell, writing

if TYPE_CHECKING:
    from plaincrm.changes.customer import CustomerChange
    from plaincrm.records.model import Customer


@click.command("archive")
@click.argument("customer", nargs=-1, required=True, shell_complete=customers)
@click.option("--reason", metavar="TEXT", default="", help="Why: forgotten, competitor, price, service, moved, closed.")
@writing
@click.pass_obj
def command(asked: Asked, customer: tuple[str, ...], reason: str, dry_run: bool) -> None:
    """Take a customer off the agenda, and lose nothing.

    The stage becomes the closed one, lost_on is today unless it is set, and the next step is cleared. The note stays
    where it is, is found by every search, and counts in every report.
    """
    vault = asked.vault
    path = vault.path_of(" ".join(customer))
    closed = vault.config.closed
    left: list[Customer] = []

    def edit(change: CustomerChange) -> None:
        change.archive(asked.today, closed, reason)
        left.append(change.records[1])

    report = vault.change_each([path], edit, dry_run=dry_run)
    if report.files:
        vault.notices.extend(_still_owed(left[-1]))
    tell(asked, report)


def _still_owed(customer: Customer) -> list[str]:
    """A sentence on open promises, which the agenda tells no more."""
    lines = [str(task.line) for task in customer.tasks if task.open]
    count = "1 promise is" if len(lines) == 1 else f"{len(lines)} promises are"
    told = f"{count} still open, and off the agenda now: {customer.path}:{', '.join(lines)}."
    return [told] if lines else []
