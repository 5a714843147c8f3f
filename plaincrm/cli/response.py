"""`plaincrm response`: how soon customers were answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, explained, limited, sheeted
from plaincrm.cli.period import chosen_period, timed
from plaincrm.cli.query import QueryCommand, of_query
from plaincrm.render.response import FIELDS, data, rows, sheet

if TYPE_CHECKING:
    from plaincrm.reports.response import By


@click.command("response", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@timed
@click.option(
    "--by",
    type=click.Choice(["tier", "channel", "owner", "month"]),
    default="tier",
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
    by: By,
    limit: int,
    explain: str | None,
) -> None:
    """How soon messages and missed calls were answered, in working time, against what is promised.

    The period is that in which they came. Without one it is the last twelve months.
    """
    chosen = chosen_period(asked, period, start, end)
    if explain is not None:
        asked.answer_explanation(asked.vault.explain_response(explain, chosen, asked.today))
        return
    report = asked.vault.response(chosen, asked.today, query=" ".join(query), by=by)
    asked.answer_sheet(
        sheet=lambda: of_query(asked, " ".join(query), sheet(report, limit)),
        data=lambda: data(report),
        rows=lambda: (FIELDS, rows(report)),
    )
