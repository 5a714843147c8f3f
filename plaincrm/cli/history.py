"""`plaincrm history`: who changed what and when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import customers
from plaincrm.cli.context import Asked, limited, sheeted
from plaincrm.cli.days import day_of
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.history.fields import Kind


@click.command("history")
@click.argument("customer", nargs=-1, shell_complete=customers)
@click.option("--only", metavar="QUERY", default="", help="Only the customers that a query names today.")
@click.option("--field", metavar="FIELD", default="", help="Only changes of one field.")
@click.option(
    "--kind",
    type=click.Choice(("field", "entry", "promise", "deal", "text", "note")),
    help="Only changes of one kind; note: added, removed, renamed.",
)
@click.option("--since", metavar="DATE", help="Only commits of this day and later ones.")
@click.option("--until", metavar="DATE", help="Only commits up to this day.")
@click.option("--author", metavar="WHO", default="", help="Only commits by whose name or address holds this.")
@click.option("--no-machine", is_flag=True, help="Leave out commits that machines or plaincrm made.")
@click.option("--fold-machine", is_flag=True, help="Tell these in one line a day; JSON and CSV have them all.")
@limited(20, "commits")
@sheeted
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 (an option each)
    asked: Asked,
    customer: tuple[str, ...],
    only: str,
    field: str,
    kind: Kind | None,
    since: str | None,
    until: str | None,
    author: str,
    no_machine: bool,
    fold_machine: bool,
    limit: int,
) -> None:
    """Who changed what and when, from git: fields, log entries, promises and deals, the newest first.

    CUSTOMER is an id, a name, or a unique part of either; without one all customers are told. What is not committed yet
    stands at the top.
    """
    from plaincrm.history.story import Wanted  # noqa: PLC0415 (not where a shell completes)
    from plaincrm.render.history import FIELDS, data, rows, sheet  # noqa: PLC0415

    if customer and only:
        raise UsageError("A customer and --only name two sets of notes.", "Give one of them.")
    if no_machine and fold_machine:
        raise UsageError("--no-machine leaves nothing to fold.", "Give one of them.")
    history = asked.vault.history(
        " ".join(customer),
        Wanted(
            field,
            kind,
            author,
            day_of(since, asked.today, "--since") if since else date.min,
            day_of(until, asked.today, "--until") if until else date.max,
            not no_machine,
        ),
        query=only,
        today=asked.today,
        limit=asked.told(limit),
    )
    asked.answer_sheet(
        sheet=lambda: sheet(history, fold=fold_machine),
        data=lambda: data(history),
        rows=lambda: (FIELDS, rows(history)),
    )
