"""`plaincrm show`: all one needs to know before the next contact."""

from __future__ import annotations

import click

from plaincrm.cli.complete import customers
from plaincrm.cli.context import Asked, reporting
from plaincrm.errors import UsageError
from plaincrm.render.brief import data, text


@click.command("show")
@click.argument("customer", nargs=-1, required=True, shell_complete=customers)
@click.option("--full", is_flag=True, help="The whole record, not only the brief.")
@reporting
@click.pass_obj
def command(asked: Asked, customer: tuple[str, ...], full: bool) -> None:
    """The brief of one customer: who, last talks, open promises, next step, how they like to be reached.

    CUSTOMER is an id, a name, or a unique part of either, in any case and without diacritics.
    """
    brief = asked.vault.brief(" ".join(customer), asked.today)
    if asked.form == "csv":
        raise UsageError("A record is no table.", "Use --format json, or plaincrm list --format csv.")
    asked.answer(text=lambda width: text(brief, width, full=full), data=lambda: data(brief), rows=lambda: ((), ()))
