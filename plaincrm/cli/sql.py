"""`plaincrm sql`: one read-only query over the index."""

from __future__ import annotations

import click

from plaincrm.cli.context import Asked, reporting
from plaincrm.render.table import data, text


@click.command("sql")
@click.argument("query")
@reporting
@click.pass_obj
def command(asked: Asked, query: str) -> None:
    """Run one query that reads. docs/index.md lists the tables.

    \b
    plaincrm sql "select name, city from customers where tier = 'key'"
    plaincrm sql "select customer, money(sum(revenue)) from sales group by 1"
    """  # noqa: D301 (\b is the sign by which click leaves lines as they are)
    found = asked.vault.sql(query)
    asked.answer(
        text=lambda width: text(found, width), data=lambda: data(found), rows=lambda: (found.columns, found.rows)
    )
