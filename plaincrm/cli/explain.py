"""`plaincrm explain`: what a check finds, why it matters and what to do."""

from __future__ import annotations

import click

from plaincrm.cli.complete import codes as completed_codes
from plaincrm.cli.context import Asked, reporting
from plaincrm.errors import UsageError
from plaincrm.render.explain import FIELDS, text
from plaincrm.reports.explain import explain


@click.command("explain")
@click.argument("codes", nargs=-1, metavar="CODE...", shell_complete=completed_codes)
@click.option("--all", "everything", is_flag=True, help="Explain every check there is.")
@reporting
@click.pass_obj
def command(asked: Asked, codes: tuple[str, ...], everything: bool) -> None:
    """What a check finds, why it matters and what to do, with an example. CODE is what plaincrm check prints."""
    if bool(codes) is everything:
        raise UsageError("Which check is to be explained?", "Name one, as plaincrm explain bad-date, or give --all.")
    rows = explain(codes)
    asked.answer(text=lambda width: text(rows, width), data=lambda: {"checks": rows}, rows=lambda: (FIELDS, rows))
