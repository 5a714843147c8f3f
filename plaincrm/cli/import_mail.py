"""`plaincrm import-mail`: mails as entries in the logs of their customers."""

from __future__ import annotations

from pathlib import Path

import click

from plaincrm.cli.context import Asked
from plaincrm.cli.taking_in import bringing_in, tell_taken


@click.command("import-mail")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--own", metavar="ADDRESS", multiple=True, help="An address or @domain of ours, besides the settings'.")
@click.option(
    "--text", "letters", type=click.IntRange(0), metavar="LETTERS", help="How much of a text to keep; 0: none."
)
@click.option("--attachments", type=click.Path(path_type=Path), metavar="DIR", help="Save files of new mails here.")
@bringing_in
@click.pass_obj
def command(
    asked: Asked,
    paths: tuple[Path, ...],
    own: tuple[str, ...],
    letters: int | None,
    attachments: Path | None,
    apply: bool,
    limit: int,
) -> None:
    """Bring in mails: an entry for each customer who wrote one or got it.

    PATH is a mail (.eml), an mbox, a Maildir or a folder of mails. Customers are known by their addresses and those of
    their contacts; other senders are listed with what makes a note of them. A mail comes in once, by its Message-ID.
    Quoted text is left out. Without --apply nothing is written.
    """
    taken = asked.vault.import_mail(paths, own=own, letters=letters, attachments=attachments, apply=apply)
    tell_taken(asked, taken, "Mails", limit)
