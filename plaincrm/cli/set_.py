"""`plaincrm set`: fields given values."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from plaincrm.cli.assignments import Assignment, canonical_key, told_apart, values_of
from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked
from plaincrm.cli.days import odd_days
from plaincrm.cli.query import QueryCommand
from plaincrm.cli.writing import tell, writing
from plaincrm.errors import NoMatch, UsageError

if TYPE_CHECKING:
    from plaincrm.changes.customer import CustomerChange


@click.command("set", cls=QueryCommand)
@click.argument("words", metavar="CUSTOMER FIELD=VALUE...", nargs=-1, required=True, shell_complete=query_words)
@click.option("--all", "many", is_flag=True, help="Change all customers that a query names.")
@click.option("--yes", is_flag=True, help="Do not ask before changing many.")
@click.option("--force", is_flag=True, help="Also another's business id, and what leads in a circle.")
@writing
@click.pass_obj
def command(asked: Asked, words: tuple[str, ...], many: bool, yes: bool, force: bool, dry_run: bool) -> None:
    """Give fields of a customer other values.

    FIELD=VALUE sets one and FIELD= clears it; FIELD+=VALUE and FIELD-=VALUE add to a list and take from it. Values are
    checked before anything is written, against the other customers, too. Dates may be spoken: next=friday. With --all a
    QUERY stands in the place of CUSTOMER.
    """
    named, given = told_apart(words)
    if not given:
        raise UsageError("No field is given a value.", "Write plaincrm set aurinko next=friday tags+=terrace.")
    if not named:
        raise UsageError("No customer is named.", "Name one before the fields; with --all a query.")
    edit = _edit(asked, given)
    if not many:
        path = asked.vault.path_of(" ".join(named))
        tell(asked, asked.vault.change_each([path], edit, force=force, dry_run=dry_run))
        return
    paths = [row.file for row in asked.vault.list(" ".join(named), today=asked.today).customers]
    if not paths:
        raise NoMatch("The query names no customer.", "See plaincrm list with the same words.")
    if not (dry_run or yes) and sys.stdin.isatty():
        preview = asked.vault.change_each(paths, edit, force=force, dry_run=True)
        tell(asked, preview)
        if preview.files and not click.confirm("Write them?", err=True):
            raise click.Abort
    tell(asked, asked.vault.change_each(paths, edit, force=force, dry_run=dry_run))


def _edit(asked: Asked, given: Sequence[Assignment]) -> Callable[[CustomerChange], None]:
    values = [(key, sign, values_of(asked, key, value)) for key, sign, value in given]
    for key, _sign, texts in values:
        asked.vault.notices.extend(odd_days(canonical_key(asked, key), texts, asked.today))

    def edit(change: CustomerChange) -> None:
        for key, sign, texts in values:
            if sign == "+=":
                change.add(key, *texts)
            elif sign == "-=":
                change.remove(key, *texts)
            else:
                change.set_field(key, texts)

    return edit
