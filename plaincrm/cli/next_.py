"""`plaincrm next`: when to be in touch next, and what for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import customers
from plaincrm.cli.context import Asked
from plaincrm.cli.days import day_and_words, odd_days
from plaincrm.cli.writing import tell, writing
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.changes.customer import CustomerChange


@click.command("next")
@click.argument("customer", shell_complete=customers)
@click.argument("words", metavar="DATE [ACTION]", nargs=-1)
@click.option("--channel", metavar="CHANNEL", help="How: call, email, visit ...")
@click.option("--clear", is_flag=True, help="There is no next step any more.")
@writing
@click.pass_obj
def command(
    asked: Asked,
    customer: str,
    words: tuple[str, ...],
    channel: str | None,
    clear: bool,
    dry_run: bool,
) -> None:
    """Say when to be in touch with a CUSTOMER next, and what for.

    DATE may be spoken: friday, +2w, "end of month". Without ACTION the one that stands there stays.
    """
    if clear is bool(words):
        remedy = "Name a day, or write --clear for none."
        raise UsageError("A day and --clear cannot go together." if clear else "No day is named.", remedy)
    found = asked.vault.customer(customer)
    on, what = day_and_words(words, asked.today) if words else (None, "")

    if on:
        asked.vault.notices.extend(odd_days("next", [str(on)], asked.today))

    def edit(change: CustomerChange) -> None:
        change.set(next=on)
        if what or clear:
            change.set(next_action=what or None)
        if channel or clear:
            change.set(next_channel=channel)

    if found.next_action and not (what or clear):
        asked.vault.notices.append(f"What for stays as it was: {found.next_action}")
    tell(asked, asked.vault.change_each([found.path], edit, dry_run=dry_run))
