"""`plaincrm deals`: what may be sold, and what was won and lost."""

from __future__ import annotations

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, explained, limited, sheeted, tabled
from plaincrm.cli.period import chosen_period, timed
from plaincrm.cli.query import QueryCommand
from plaincrm.render.deals import data, sheet, tables


@click.command("deals", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@timed
@limited(20, "open deals")
@explained
@tabled("deals", "stages", "months", "decided", "reasons")
@sheeted
@click.pass_obj
def command(
    asked: Asked,
    query: tuple[str, ...],
    period: str | None,
    start: str | None,
    end: str | None,
    limit: int,
    explain: str | None,
) -> None:
    """What may be sold, by stage and month, weighed by its chance; and what was won and lost in a period.

    Without a period it is the last twelve months.
    """
    chosen = chosen_period(asked, period, start, end)
    if explain:
        asked.answer_explanation(asked.vault.explain_deals(explain, chosen, asked.today))
        return
    report = asked.vault.deals(chosen, asked.today, query=" ".join(query), limit=asked.told(limit))
    asked.answer_sheet(
        sheet=lambda: sheet(report),
        data=lambda: data(report),
        tables=lambda: tables(report),
    )
