"""`plaincrm import-calendar`: appointments as entries in the logs of their customers."""

from __future__ import annotations

from pathlib import Path

import click

from plaincrm.cli.context import Asked
from plaincrm.cli.taking_in import bringing_in, tell_taken


@click.command("import-calendar")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--days", type=click.IntRange(0, 3660), default=56, show_default=True, help="How far what recurs is taken."
)
@click.option("--own", metavar="ADDRESS", multiple=True, help="An address or @domain of ours, besides the settings'.")
@bringing_in
@click.pass_obj
def command(asked: Asked, files: tuple[Path, ...], days: int, own: tuple[str, ...], apply: bool, limit: int) -> None:
    """Bring in the appointments with customers from calendars (.ics).

    Whose they are is told by the addresses of those invited, or by a whole name in the title. Of one that comes round,
    the days from four weeks back to --days ahead are taken. Without --apply nothing is written.
    """
    taken = asked.vault.import_calendar(files, asked.today, ahead=days, own=own, apply=apply)
    tell_taken(asked, taken, "Appointments", limit)
