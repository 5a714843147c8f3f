"""`plaincrm season`: sales by month and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, explained, sheeted
from plaincrm.cli.period import chosen_period, timed
from plaincrm.cli.query import QueryCommand, of_query
from plaincrm.render.season import FIELDS, data, rows, sheet

if TYPE_CHECKING:
    from plaincrm.reports.season import Of

_YEARS = 4  # before that of today


@click.command("season", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@timed
@click.option(
    "--of",
    type=click.Choice(["revenue", "margin", "purchases"]),
    default="revenue",
    show_default=True,
    help="What to sum up.",
)
@explained
@sheeted
@click.pass_obj
def command(
    asked: Asked,
    query: tuple[str, ...],
    period: str | None,
    start: str | None,
    end: str | None,
    of: Of,
    explain: str | None,
) -> None:
    """What was sold in each month of the years, and which months are strong.

    Without a period it is this year and the four before it. A query can name one customer: customer:aurinko.
    """
    given = period or start or end
    chosen = chosen_period(asked, period if given else f"{max(1, asked.today.year - _YEARS):04}..", start, end)
    if explain:
        asked.answer_explanation(asked.vault.explain_season(explain, chosen, asked.today, of=of))
        return
    report = asked.vault.season(chosen, asked.today, query=" ".join(query), of=of)
    asked.answer_sheet(
        sheet=lambda: of_query(asked, " ".join(query), sheet(report)),
        data=lambda: data(report),
        rows=lambda: (FIELDS, rows(report)),
    )
