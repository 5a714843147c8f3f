"""`plaincrm trend`: how a report's figures change over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, Then, sheeted
from plaincrm.cli.days import day_of
from plaincrm.cli.query import QueryCommand

if TYPE_CHECKING:
    from plaincrm.reports.trend import Every

# By name, so that no report is loaded for the argument alone.
REPORTS = (
    *("agenda", "list", "value", "retention", "tiers", "deals", "growth"),
    *("response", "promises", "experience", "quality", "targets"),
)
_EVERY = ("week", "month", "quarter", "year")


@click.command("trend", cls=QueryCommand)
@click.argument("report", metavar="REPORT", type=click.Choice(REPORTS))
@click.argument("query", nargs=-1, shell_complete=query_words)
@click.option(
    "--every", type=click.Choice(_EVERY), default="month", show_default=True, help="How far points are apart."
)
@click.option("--since", metavar="DATE", help="From when on; else for 12 weeks or months, 8 quarters, or 5 years.")
@click.option("--until", metavar="DATE", help="Up to when, else up to today.")
@click.option("--period", metavar="PERIOD", default="12m", show_default=True, help="What each point's figures are of.")
@sheeted
@click.pass_obj
def command(
    asked: Asked, report: str, query: tuple[str, ...], every: Every, since: str | None, until: str | None, period: str
) -> None:
    """The main figures of a REPORT at the ends of months, side by side.

    Each point is of the vault as it was committed by then; with --hindsight of what is known now, without what is
    dated later. PERIOD counts from the day of each point: 12m, this-month, this-year.

    REPORT is agenda, list, value, retention, tiers, deals, growth, response, promises, experience, quality or targets.

    \b
    plaincrm trend value --every quarter
    plaincrm trend agenda owner:liisa --every week
    plaincrm trend quality --hindsight
    """  # noqa: D301 (\b is the sign by which click leaves lines as they are)
    from plaincrm.render import trend  # noqa: PLC0415 (not where a shell completes)

    last = day_of(until, asked.today, "--until") if until else asked.today
    first = day_of(since, asked.today, "--since") if since else None
    hindsight = asked.then.hindsight
    asked.then = Then(asked.then.rev)  # each point has its own day
    found = asked.vault.trend(
        report, every, last, since=first, period=period, query=" ".join(query), hindsight=hindsight
    )
    asked.answer_sheet(
        sheet=lambda: trend.sheet(found),
        data=lambda: trend.data(found),
        rows=lambda: (trend.fields(found), trend.rows(found)),
    )
