"""`plaincrm duplicates`: customers who may stand in the register twice."""

from __future__ import annotations

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, limited, sheeted
from plaincrm.cli.query import QueryCommand
from plaincrm.cli.writing import committing, tell
from plaincrm.errors import UsageError


@click.command("duplicates", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@click.option("--not-same", nargs=2, metavar="A B", help="Say in the notes of both that they are two customers.")
@click.option("--dry-run", is_flag=True, help="With --not-same: show what would be done, and write nothing.")
@limited(20, "pairs")
@committing
@sheeted
@click.pass_obj
def command(asked: Asked, query: tuple[str, ...], not_same: tuple[str, str] | None, dry_run: bool, limit: int) -> None:
    """Customers who may be one, with what they share and where it stands.

    They share a business id, an e-mail address or a phone number, are called nearly the same, or have one address.
    Those who have to do with each other, as a person and the company, may share things. plaincrm merge makes one note
    of two; --not-same remembers that they are two.
    """
    if not_same:
        if query:
            raise UsageError("--not-same takes two customers and no query.", "Quote a name of several words.")
        tell(asked, asked.vault.not_same(*not_same, dry_run=dry_run))
        return
    if dry_run:
        raise UsageError("--dry-run is for --not-same: the question alone writes nothing.", "Leave it out.")
    from plaincrm.render.duplicates import FIELDS, data, rows, sheet  # noqa: PLC0415 (not where a shell completes)

    report = asked.vault.duplicates(" ".join(query), today=asked.today, limit=asked.told(limit))
    asked.answer_sheet(sheet=lambda: sheet(report), data=lambda: data(report), rows=lambda: (FIELDS, rows(report)))
