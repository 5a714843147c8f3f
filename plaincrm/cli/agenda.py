"""`plaincrm agenda`: whom to contact today, and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import owners, query_words
from plaincrm.cli.context import FORMATS, Asked, limited, reporting_as
from plaincrm.cli.query import QueryCommand
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.render.agenda_words import Shown
    from plaincrm.reports.agenda import Agenda


_GROUPINGS = ("kind", "owner", "day", "city")
_MINUTES = {"m": 1, "h": 60, "d": 1440}


class _Ahead(click.ParamType[int]):
    """So many minutes, hours or days before."""

    name = "duration"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        match = re.fullmatch(r"([0-9]{1,4})([mhd])", str(value))
        return (
            int(match[1]) * _MINUTES[match[2]]
            if match
            else self.fail(f"{value} is none. Write 30m, 2h or 1d.", param, ctx)
        )


@click.command("agenda", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@click.option("--days", type=click.IntRange(0, 3650), help="How many days ahead to look.")
@click.option("--owner", help="Only the customers of one of us.", shell_complete=owners)
@click.option("--explain", is_flag=True, help="Show what the urgency is made of.")
@click.option("--all", "everything", is_flag=True, help="Show what is held back, too.")
@click.option("--group-by", type=click.Choice(_GROUPINGS), help="Put the lines under other headings.")
@limited(0)
@click.option("--alarm", type=_Ahead(), help="Remind so long before an appointment, as 30m or 2h; --format ics only.")
@reporting_as(*FORMATS, "md", "ics", "html")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 (each is an option)
    asked: Asked,
    query: tuple[str, ...],
    days: int | None,
    owner: str | None,
    explain: bool,
    everything: bool,
    group_by: str | None,
    limit: int,
    alarm: int | None,
) -> None:
    """Whom to contact today and in the coming days, and why.

    Promises that are due, people who wait for an answer, appointments, next steps, customers who have not heard of us
    for too long. QUERY limits it to some customers: tier:key city:Turku.
    """
    from plaincrm.render.agenda import COLUMNS, data, rows, text  # noqa: PLC0415 (not where a shell completes)
    from plaincrm.render.agenda_words import Shown  # noqa: PLC0415

    if alarm is not None and asked.form != "ics":
        raise UsageError("--alarm is for calendars.", "Add --format ics.")
    report = asked.vault.agenda(asked.today, days=days, owner=owner, query=" ".join(query))
    items = report.items + (report.held_back if everything else ())
    shown = Shown(explain, everything, limit, group_by)
    asked.answer(
        text=lambda width: text(report, width, shown),
        data=lambda: data(report),
        rows=lambda: (COLUMNS, [row.values() for row in rows(items)]),
        more={
            "md": lambda: _markdown(report, shown),
            "ics": lambda: _calendar(report, shown, asked.vault.config.timezone, alarm),
            "html": lambda: _page(report, shown),
        },
    )


def _markdown(report: Agenda, shown: Shown) -> str:
    from plaincrm.render.agenda_markdown import markdown  # noqa: PLC0415 (for this form only)

    return markdown(report, shown)


def _calendar(report: Agenda, shown: Shown, timezone: str, alarm: int | None) -> str:
    from plaincrm.render.agenda_calendar import calendar  # noqa: PLC0415 (for this form only)

    return calendar(report, shown, timezone, alarm)


def _page(report: Agenda, shown: Shown) -> str:
    from plaincrm.render.agenda_page import page  # noqa: PLC0415 (for this form only)

    return page(report, shown)
