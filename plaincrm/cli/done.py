"""`plaincrm done`: a promise ticked off."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import customers
from plaincrm.cli.context import Asked
from plaincrm.cli.days import day_of
from plaincrm.cli.next_step import NextStep, asked_for, following
from plaincrm.cli.writing import tell, writing
from plaincrm.errors import NoMatch, UsageError

if TYPE_CHECKING:
    from plaincrm.changes.customer import CustomerChange
    from plaincrm.records.model import Customer, Task


@click.command("done")
@click.argument("customer", shell_complete=customers)
@click.argument("words", metavar="[WORDS | NUMBER]", nargs=-1)
@click.option("--on", "day", metavar="DATE", help="The day it was done; today if not said.")
@click.option("--cancel", is_flag=True, help="It is called off, not done.")
@following
@writing
@click.pass_obj
def command(
    asked: Asked,
    customer: str,
    words: tuple[str, ...],
    day: str | None,
    cancel: bool,
    step: tuple[str, str] | None,
    dry_run: bool,
) -> None:
    """Tick off a promise of a CUSTOMER, ours or theirs.

    It is named by WORDS of its text, or by its NUMBER in the list that stands there without them. Of a promise that
    comes round the next one is written, as Obsidian's Tasks plugin does it. On a terminal you are asked for the next
    step where none lies ahead.
    """
    found = asked.vault.customer(customer)
    on = day_of(day, asked.today, "--on") if day else asked.today
    if on > asked.today:
        raise UsageError(f"{on} is still to come.", "Name the day it was done, or put it off: plaincrm snooze.")
    then = NextStep.of(step, asked)
    if not words:
        if then:
            raise UsageError("Which promise is done is not said.", f"See plaincrm done {found.id}.")
        _list(asked, found)
        return
    promise = named(found, " ".join(words))

    def edit(change: CustomerChange) -> None:
        change.done(promise, on, cancelled=cancel)
        if then:
            then.set_in(change)

    if then is None and not dry_run and sys.stdin.isatty():
        asked.vault.change_each([found.path], edit, dry_run=True)  # what is wrong is told before anything is asked
        then = asked_for(found, asked.today, promise)
    tell(asked, asked.vault.change_each([found.path], edit, dry_run=dry_run))


def named(customer: Customer, words: str) -> Task:
    """The open promise that words or a number name.

    Raises:
        NoMatch: none or several are meant.
    """
    from plaincrm.changes.tasks import find_promise, open_promises  # noqa: PLC0415 (with the rest of what writes)

    promises = open_promises(customer)
    if not words.isdecimal():
        return find_promise(customer, words)
    if not 1 <= int(words) <= len(promises):
        raise NoMatch(
            f"{customer.name} has no open promise number {words}.", f"See plaincrm done {customer.id} for all of them."
        )
    return promises[int(words) - 1]


def _list(asked: Asked, customer: Customer) -> None:
    from plaincrm.render import open_promises  # noqa: PLC0415 (without words only)

    asked.answer(
        text=lambda _width: open_promises.text(customer),
        data=lambda: open_promises.data(customer),
        rows=lambda: (open_promises.FIELDS, open_promises.rows(customer)),
    )
