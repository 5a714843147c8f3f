"""`plaincrm blame`: who wrote last what a note says."""

from __future__ import annotations

import click

from plaincrm.cli.complete import customers
from plaincrm.cli.context import Asked, sheeted


@click.command("blame")
@click.argument("customer", nargs=-1, required=True, shell_complete=customers)
@sheeted
@click.pass_obj
def command(asked: Asked, customer: tuple[str, ...]) -> None:
    """Who wrote last what the note of a customer says, and when: each field, entry, promise, deal and text.

    CUSTOMER is an id, a name, or a unique part of either.
    """
    from plaincrm.render.blame import FIELDS, data, rows, sheet  # noqa: PLC0415 (not where a shell completes)

    report = asked.vault.blame(" ".join(customer))
    asked.answer_sheet(
        sheet=lambda: sheet(report),
        data=lambda: data(report),
        rows=lambda: (FIELDS, rows(report)),
    )
