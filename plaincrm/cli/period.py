"""The options that name a period, and the period they name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import click

from plaincrm.cli.context import Asked
from plaincrm.cli.days import day_of
from plaincrm.dates import Period, parse_period, preceding
from plaincrm.errors import UsageError

_FORMS = "2026, 2026-Q3, 2026-03, last-year, 12m or 2026-01-01..2026-06-30"


def timed(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options --period, --from and --to."""
    command = click.option("--to", "end", metavar="DATE", help="The last day, itself included.")(command)
    command = click.option("--from", "start", metavar="DATE", help="The first day.")(command)
    return click.option("--period", metavar="PERIOD", help=f"{_FORMS}.")(command)


def chosen_period(asked: Asked, period: str | None, start: str | None, end: str | None) -> Period:
    """The period of the options; the last twelve months where none is given.

    Raises:
        UsageError: a text is no period or date, or both ways are used at once.
    """
    if period and (start or end):
        raise UsageError("--period and --from or --to name two periods.", "Give one of them.")
    if start or end:
        first = day_of(start, asked.today, "--from") if start else date.min
        last = day_of(end, asked.today, "--to") if end else asked.today
        if first > last:
            raise UsageError("--from is later than --to.", "Give the earlier day as --from.")
        return Period(first, last)
    found = parse_period(period or "12m", asked.today)
    if found is None:
        raise UsageError(f"--period: {period} is no period.", f"Write {_FORMS}.")
    return found


def period_before(asked: Asked, period: Period, text: str) -> Period:
    """The period to compare with: the one that a text names, or with `before` that before the other.

    Raises:
        UsageError: the text is no period, or there is nothing before.
    """
    if text == "before":
        found = preceding(period)
        if found is None:
            raise UsageError("There is no period before one without a beginning or end.", f"Name it: {_FORMS}.")
        return found
    found = parse_period(text, asked.today)
    if found is None:
        remedy = f"Write {_FORMS}; or --compare=before, where a query follows."
        raise UsageError(f"--compare: {text} is no period.", remedy)
    return found
