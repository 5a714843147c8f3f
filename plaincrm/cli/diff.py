"""`plaincrm diff`: what became different among customers."""

from __future__ import annotations

import click

from plaincrm.cli.context import Asked, limited, sheeted


@click.command("diff")
@click.argument("between", default="HEAD", metavar="[REV | DATE | A..B]")
@click.option("--only", metavar="QUERY", default="", help="Only the customers that a query names today.")
@limited(20)
@sheeted
@click.pass_obj
def command(asked: Asked, between: str, only: str, limit: int) -> None:
    """What became different among customers since a revision or a day, or from A to B: not in lines, in words.

    Without an argument it is what is not committed yet. A DATE means the end of that day.
    """
    from plaincrm.render.history_diff import FIELDS, data, rows, sheet  # noqa: PLC0415 (not where a shell completes)

    report = asked.vault.diff(between, query=only, today=asked.today)
    asked.answer_sheet(
        sheet=lambda: sheet(report, limit),
        data=lambda: data(report),
        rows=lambda: (FIELDS, rows(report)),
    )
