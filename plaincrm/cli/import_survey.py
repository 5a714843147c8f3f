"""`plaincrm import-survey`: answers of a survey as scores in the logs of their customers."""

from __future__ import annotations

from pathlib import Path

import click

from plaincrm.cli.context import Asked
from plaincrm.cli.taking_in import bringing_in, tell_taken
from plaincrm.exchange.surveys import SCORES


@click.command("import-survey")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--score", "measure", type=click.Choice(SCORES), help="What the column called score holds.")
@bringing_in
@click.pass_obj
def command(asked: Asked, files: tuple[Path, ...], measure: str | None, apply: bool, limit: int) -> None:
    """Bring in the answers of a survey: scores (NPS, CES, CSAT) and what was said.

    FILE is a table (CSV, Excel, ODS) with a date, an e-mail address, a customer's id or name, and scores. An answer
    comes in once, by its id, or by day, score and comment. Without --apply nothing is written.
    """
    tell_taken(asked, asked.vault.import_survey(files, measure=measure or "", apply=apply), "Answers", limit)
