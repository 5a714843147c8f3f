"""`plaincrm value`: what each customer brought."""

from __future__ import annotations

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, limited, reporting
from plaincrm.cli.period import chosen_period, timed
from plaincrm.cli.query import QueryCommand
from plaincrm.render.value import FIELDS, data, rows, text


@click.command("value", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@timed
@limited(50)
@reporting
@click.pass_obj
def command(
    asked: Asked,
    query: tuple[str, ...],
    period: str | None,
    start: str | None,
    end: str | None,
    limit: int,
) -> None:
    """Revenue, cost and margin of each customer in a period, and their shares of the whole.

    Amounts exclude VAT. Without a period it is the last twelve months.
    """
    report = asked.vault.value(
        chosen_period(asked, period, start, end),
        today=asked.today,
        query=" ".join(query),
        limit=asked.told(limit),
    )
    asked.answer(
        text=lambda width: text(report, width),
        data=lambda: data(report),
        rows=lambda: (FIELDS, rows(report)),
    )
