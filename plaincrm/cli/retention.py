"""`plaincrm retention`: who was kept from one period to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, explained, limited, sheeted, tabled
from plaincrm.cli.period import chosen_period, timed
from plaincrm.cli.query import QueryCommand
from plaincrm.render.retention import data, sheet, tables

if TYPE_CHECKING:
    from plaincrm.reports.cohorts import By


@click.command("retention", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@timed
@click.option("--before", metavar="PERIOD", help="What to compare with; by default the same length before it.")
@click.option(
    "--cohort",
    type=click.Choice(["year", "quarter"]),
    default="year",
    show_default=True,
    help="Of the first purchase, by which customers are grouped.",
)
@explained
@limited(10, "lost and cooling customers")
@tabled("bridge", "rates", "cohorts", "lost", "reasons", "rhythms")
@sheeted
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 (an option each)
    asked: Asked,
    query: tuple[str, ...],
    period: str | None,
    start: str | None,
    end: str | None,
    before: str | None,
    cohort: By,
    explain: str | None,
    limit: int,
) -> None:
    """Who was kept, won and lost from one period to the next, why, and who is cooling now.

    Without a period it is the last twelve months, compared with the twelve before them.
    """
    chosen = chosen_period(asked, period, start, end)
    if explain:
        asked.answer_explanation(asked.vault.explain_retention(explain, chosen, asked.today, before=before))
        return
    report = asked.vault.retention(
        chosen, asked.today, before=before, query=" ".join(query), cohort=cohort, limit=asked.told(limit)
    )
    asked.answer_sheet(
        sheet=lambda: sheet(report, limit),
        data=lambda: data(report),
        tables=lambda: tables(report),
    )
