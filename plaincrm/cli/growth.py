"""`plaincrm growth`: how the base of customers develops."""

from __future__ import annotations

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, explained, limited, sheeted, tabled
from plaincrm.cli.period import chosen_period, timed
from plaincrm.cli.query import QueryCommand
from plaincrm.render.growth import data, sheet, tables


@click.command("growth", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@timed
@explained
@limited(10, "sources")
@tabled("months", "stages", "steps", "sources", "referrers")
@sheeted
@click.pass_obj
def command(
    asked: Asked,
    query: tuple[str, ...],
    period: str | None,
    start: str | None,
    end: str | None,
    explain: str | None,
    limit: int,
) -> None:
    """How many customers are new, active, cooling and lost each month, and where the new ones come from.

    Without a period it is the last twelve months.
    """
    chosen = chosen_period(asked, period, start, end)
    if explain:
        asked.answer_explanation(asked.vault.explain_growth(explain, chosen, asked.today))
        return
    report = asked.vault.growth(chosen, asked.today, query=" ".join(query))
    asked.answer_sheet(
        sheet=lambda: sheet(report, limit),
        data=lambda: data(report),
        tables=lambda: tables(report),
    )
