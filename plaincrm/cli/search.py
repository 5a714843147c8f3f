"""`plaincrm search`: customers by words in their notes."""

from __future__ import annotations

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, reporting
from plaincrm.cli.query import QueryCommand


@click.command("search", cls=QueryCommand)
@click.argument("words", nargs=-1, required=True, shell_complete=query_words)
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="How many customers; 0 is all.")
@reporting
@click.pass_obj
def command(asked: Asked, words: tuple[str, ...], limit: int) -> int:
    """Customers whose notes hold every word, in any order, by part and without diacritics.

    \b
    plaincrm search '"old house" paint'   a phrase stands in quotes
    plaincrm search log:terrace           in the log alone
    plaincrm search paint stage:lead      limited as in a query
    """  # noqa: D301 (\b is the sign by which click leaves lines as they are)
    from plaincrm.render.search import FIELDS, data, rows, text  # noqa: PLC0415 (not where a shell completes)

    found = asked.vault.search(" ".join(words), today=asked.today, limit=limit)
    asked.answer(
        text=lambda width: text(found, width),
        data=lambda: data(found),
        rows=lambda: (FIELDS, rows(found)),
    )
    return 0 if found.found else 1
