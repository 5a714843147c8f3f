"""`plaincrm agenda`: whom to contact today, and why."""

from __future__ import annotations

import click

from plaincrm.cli.context import Asked, reporting
from plaincrm.cli.query import QueryCommand
from plaincrm.render.agenda import COLUMNS, data, rows, text


@click.command("agenda", cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option("--days", type=click.IntRange(0, 3650), help="How many days ahead to look.")
@click.option("--owner", help="Only the customers of one of us.")
@click.option("--explain", is_flag=True, help="Show what the urgency is made of.")
@click.option("--all", "everything", is_flag=True, help="Show what is held back, too.")
@reporting
@click.pass_obj
def command(
    asked: Asked,
    query: tuple[str, ...],
    days: int | None,
    owner: str | None,
    explain: bool,
    everything: bool,
) -> None:
    """Whom to contact today and in the coming days, and why.

    Promises that are due, people who wait for an answer, appointments, next steps, customers who have not heard of us
    for too long. QUERY limits it to some customers: tier:key city:Turku.
    """
    report = asked.vault.agenda(asked.today, days=days, owner=owner, query=" ".join(query))
    items = report.items + (report.held_back if everything else ())
    asked.answer(
        text=lambda width: text(report, width, explain=explain, everything=everything),
        data=lambda: data(report, explain=explain),
        rows=lambda: (COLUMNS, [row.values() for row in rows(items)]),
    )
