"""`plaincrm import-sales`: invoices as sales in the logs of their customers."""

from __future__ import annotations

from pathlib import Path

import click

from plaincrm.cli.context import Asked
from plaincrm.cli.import_ import columns_told
from plaincrm.cli.taking_in import bringing_in, tell_taken


@click.command("import-sales")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--map", "maps", metavar="HEADER=FIELD", multiple=True, help="What a column is; - leaves it out.")
@bringing_in
@click.pass_obj
def command(asked: Asked, files: tuple[Path, ...], apply: bool, limit: int, maps: tuple[str, ...]) -> None:
    """Bring in invoices as sales of their customers.

    FILE is a table (CSV, Excel, ODS), Finvoice, UBL (Peppol), or a journal of hledger or beancount: what it is shows in
    what it holds. An invoice comes in once, by its number. What is of nobody in the register is listed, never guessed.
    Without --apply nothing is written.
    """
    tell_taken(asked, asked.vault.import_sales(files, columns=columns_told(maps), apply=apply), "Sales", limit)
