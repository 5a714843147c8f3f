"""`plaincrm snooze`: what is due put off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import customers
from plaincrm.cli.context import Asked
from plaincrm.cli.days import day_and_words
from plaincrm.cli.done import named
from plaincrm.cli.writing import tell, writing
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.changes.customer import CustomerChange


@click.command("snooze")
@click.argument("customer", shell_complete=customers)
@click.argument("words", metavar="DATE [WORDS | NUMBER]", nargs=-1, required=True)
@writing
@click.pass_obj
def command(asked: Asked, customer: str, words: tuple[str, ...], dry_run: bool) -> None:
    """Put off the next step of a CUSTOMER, or with WORDS a promise.

    DATE counts from today: +1w is a week from now. A promise is named as for plaincrm done.
    """
    found = asked.vault.customer(customer)
    on, named_by = day_and_words(words, asked.today)
    if on < asked.today:
        raise UsageError(f"{on} is over.", "Name a day to come.")
    promise = named(found, named_by) if named_by else None

    before = (promise.due or promise.scheduled) if promise else found.next
    if before and on < before:
        asked.vault.notices.append(f"{on} is earlier than {before}, where it stood.")

    def edit(change: CustomerChange) -> None:
        change.snooze(on, promise)

    tell(asked, asked.vault.change_each([found.path], edit, dry_run=dry_run))
