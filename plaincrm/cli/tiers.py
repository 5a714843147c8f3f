"""`plaincrm tiers`: the pyramid of customers, and who should move in it."""

from __future__ import annotations

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, explained, limited, sheeted, tabled
from plaincrm.cli.days import day_of
from plaincrm.cli.period import chosen_period, timed
from plaincrm.cli.query import QueryCommand
from plaincrm.render.tiers import data, sheet, tables
from plaincrm.reports.tiers import with_changes


@click.command("tiers", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@timed
@click.option("--since", metavar="DATE", help="Tell, too, who was given another tier from this day on, by git.")
@limited(10, "customers of each kind")
@explained
@tabled("moves", "tiers", "changed")
@sheeted
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 (an option each)
    asked: Asked,
    query: tuple[str, ...],
    period: str | None,
    start: str | None,
    end: str | None,
    since: str | None,
    limit: int,
    explain: str | None,
) -> None:
    """How many customers each tier has and what they bring, and whose sales say another tier than the note.

    Without a period it is the last twelve months.
    """
    chosen = chosen_period(asked, period, start, end)
    if explain is not None:
        asked.answer_explanation(asked.vault.explain_tiers(explain, chosen, asked.today))
        return
    day = day_of(since, asked.today, "--since") if since else None
    words = " ".join(query)
    report = asked.vault.tiers(chosen, asked.today, query=words, limit=asked.told(limit))
    if day:
        report = with_changes(report, day, asked.vault.moves("tier", day, query=words, today=asked.today))
    asked.answer_sheet(
        sheet=lambda: sheet(report),
        data=lambda: data(report),
        tables=lambda: tables(report),
    )
