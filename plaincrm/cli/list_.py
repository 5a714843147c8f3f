"""`plaincrm list`: the customers a query names."""

from __future__ import annotations

import click

from plaincrm.cli.context import Asked, limited, reporting
from plaincrm.cli.query import QueryCommand
from plaincrm.render.listing import FIELDS, data, text


@click.command("list", cls=QueryCommand)
@click.argument("query", nargs=-1)
@limited(1000)
@reporting
@click.pass_obj
def command(asked: Asked, query: tuple[str, ...], limit: int) -> int:
    """Customers by a query; all of them without one.

    \b
    plaincrm list stage:customer tag:café
    plaincrm list tier:key,regular owner:liisa -tag:paused
    plaincrm list 'last_contact<2026-01-01' 'revenue>5000'
    plaincrm list next:none @terraces
    """  # noqa: D301 (\b is the sign by which click leaves lines as they are)
    report = asked.vault.list(" ".join(query), today=asked.today, limit=asked.told(limit))
    asked.answer(
        text=lambda width: text(report, width),
        data=lambda: data(report),
        rows=lambda: (FIELDS, report.customers),
    )
    return 0 if report.customers or not query else 1
