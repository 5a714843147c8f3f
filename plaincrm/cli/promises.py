"""`plaincrm promises`: how promises were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import owners, query_words
from plaincrm.cli.context import Asked, explained, limited, sheeted
from plaincrm.cli.period import chosen_period, timed
from plaincrm.cli.query import QueryCommand, of_query
from plaincrm.render.promises import FIELDS, data, rows, sheet

if TYPE_CHECKING:
    from plaincrm.reports.promises import By


@click.command("promises", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@timed
@click.option("--owner", metavar="NAME", help="Only customers of one of us.", shell_complete=owners)
@click.option(
    "--by",
    type=click.Choice(["owner", "customer", "month"]),
    default="owner",
    show_default=True,
    help="What to sum up by.",
)
@limited(10, "lines of each kind")
@explained
@sheeted
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 (an option each)
    asked: Asked,
    query: tuple[str, ...],
    period: str | None,
    start: str | None,
    end: str | None,
    owner: str | None,
    by: By,
    limit: int,
    explain: str | None,
) -> None:
    """Whether promises that fell due in a period were kept, by us and by them, and which are open.

    Without a period it is the last twelve months.
    """
    chosen = chosen_period(asked, period, start, end)
    if explain is not None:
        asked.answer_explanation(asked.vault.explain_promises(explain, chosen, asked.today))
        return
    report = asked.vault.promises(chosen, asked.today, query=" ".join(query), by=by, owner=owner)
    asked.answer_sheet(
        sheet=lambda: of_query(asked, " ".join(query), sheet(report, limit)),
        data=lambda: data(report),
        rows=lambda: (FIELDS, rows(report)),
    )
