"""`plaincrm value`: what each customer brought, each group, and against another period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, explained, limited, sheeted
from plaincrm.cli.period import chosen_period, period_before, timed
from plaincrm.cli.query import QueryCommand
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.dates import Period
    from plaincrm.reports.value_groups import By

# The groups by name, so that no report is loaded for the options alone.
_BY = ("tier", "stage", "owner", "type", "city", "tag", "segment", "class", "product", "month")


@click.command("value", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@timed
@click.option("--full", is_flag=True, help="Also what serving took, the length of the relation and referrals.")
@click.option("--by", type=click.Choice(_BY), help="Sum up by group instead.")
@click.option(
    "--compare",
    is_flag=False,
    flag_value="before",
    metavar="[PERIOD]",
    help="The change against another period; alone, the one before.",
)
@limited(50)
@explained
@sheeted
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 (an option each)
    asked: Asked,
    query: tuple[str, ...],
    period: str | None,
    start: str | None,
    end: str | None,
    full: bool,
    by: By | None,
    compare: str | None,
    limit: int,
    explain: str | None,
) -> None:
    """Revenue, cost and margin of each customer in a period, and their shares of the whole.

    Amounts exclude VAT. Without a period it is the last twelve months.
    """
    asks = {"--full": full, "--by": by, "--compare": compare, "--explain": explain}
    given = [name for name, value in asks.items() if value not in (None, False)]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} are two questions.", "Ask them one by one.")
    chosen = chosen_period(asked, period, start, end)
    words = " ".join(query)
    if explain is not None:
        asked.answer_explanation(asked.vault.explain_value(explain, chosen, asked.today))
    elif by is not None:
        _by(asked, chosen, words, by)
    elif compare is not None:
        _compare(asked, chosen, period_before(asked, chosen, compare), words, limit)
    else:
        _value(asked, chosen, words, limit, full)


def _value(asked: Asked, chosen: Period, query: str, limit: int, full: bool) -> None:
    from plaincrm.render.value import FIELDS, data, rows, sheet  # noqa: PLC0415 (for this question only)

    report = asked.vault.value(
        chosen,
        today=asked.today,
        query=query,
        limit=asked.told(limit),
        full=full or asked.form in ("json", "csv"),
    )
    asked.answer_sheet(
        sheet=lambda: sheet(report, full=full),
        data=lambda: data(report),
        rows=lambda: (FIELDS, rows(report)),
    )


def _by(asked: Asked, chosen: Period, query: str, by: By) -> None:
    from plaincrm.render.value_groups import FIELDS, data, rows, sheet  # noqa: PLC0415 (for this question only)

    report = asked.vault.value_by(by, chosen, asked.today, query=query)
    asked.answer_sheet(
        sheet=lambda: sheet(report),
        data=lambda: data(report),
        rows=lambda: (FIELDS, rows(report)),
    )


def _compare(asked: Asked, chosen: Period, before: Period, query: str, limit: int) -> None:
    from plaincrm.render.value_change import FIELDS, data, rows, sheet  # noqa: PLC0415 (for this question only)

    report = asked.vault.value_change(chosen, before, asked.today, query=query, limit=asked.told(limit))
    asked.answer_sheet(
        sheet=lambda: sheet(report),
        data=lambda: data(report),
        rows=lambda: (FIELDS, rows(report)),
    )
