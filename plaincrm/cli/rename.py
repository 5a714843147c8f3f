"""`plaincrm rename`: a customer called otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import customers
from plaincrm.cli.context import Asked
from plaincrm.cli.writing import all_the_same, tell, writing
from plaincrm.errors import SeemsKnown, UsageError

if TYPE_CHECKING:
    from plaincrm.changes.carry_out import WriteReport


@click.command("rename")
@click.argument("customer", shell_complete=customers)
@click.argument("name", metavar="NEW-NAME")
@click.option("--file", metavar="NAME", default="", help="Call the file so, and not after the new name.")
@click.option("--keep-file", is_flag=True, help="Change the name only; the file and links to it stay.")
@click.option("--yes", "known", is_flag=True, help="Also where another customer is called so.")
@writing
@click.pass_obj
def command(asked: Asked, customer: str, name: str, file: str, keep_file: bool, known: bool, dry_run: bool) -> None:
    """Call a customer otherwise: name, file, and every link to it.

    The old name becomes an alias, so that the customer is still found by it. Links in all notes of the vault are
    written anew, also those in notes that are no customers. All of it is written, or nothing. A name that another
    customer has is refused without --yes; on a terminal it is asked for.
    """
    if file and keep_file:
        raise UsageError("--file and --keep-file contradict each other.", "Give one of them.")

    def renamed(known: bool) -> WriteReport:
        return asked.vault.rename(customer, name, file=file, keep_file=keep_file, known=known, dry_run=dry_run)

    try:
        report = renamed(known)
    except SeemsKnown as there:
        all_the_same(there, "Call it so all the same?")
        report = renamed(True)
    tell(asked, report)
