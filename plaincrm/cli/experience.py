"""`plaincrm experience`: what customers said of us."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, explained, limited, sheeted, tabled
from plaincrm.cli.period import chosen_period, timed
from plaincrm.cli.query import QueryCommand
from plaincrm.render.experience import data, sheet, tables

if TYPE_CHECKING:
    from plaincrm.reports.tally import By


@click.command("experience", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@timed
@click.option(
    "--by",
    type=click.Choice(["step", "channel", "product", "owner", "tier", "segment", "quarter"]),
    default="step",
    show_default=True,
    help="What to sum up by.",
)
@explained
@limited(10, "complaints of each kind")
@tabled("figures", "answers", "complaints", "unmeasured")
@sheeted
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 (an option each)
    asked: Asked,
    query: tuple[str, ...],
    period: str | None,
    start: str | None,
    end: str | None,
    by: By,
    explain: str | None,
    limit: int,
) -> None:
    """What customers said of us: NPS, CES, CSAT, moods, expectations, complaints, and where nobody asked.

    Without a period it is the last twelve months.
    """
    span = chosen_period(asked, period, start, end)
    if explain is not None:
        asked.answer_explanation(asked.vault.explain_experience(explain, span, asked.today))
        return
    report = asked.vault.experience(span, asked.today, query=" ".join(query), by=by)
    asked.answer_sheet(
        sheet=lambda: sheet(report, limit),
        data=lambda: data(report),
        tables=lambda: tables(report),
    )
