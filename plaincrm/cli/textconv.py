"""`plaincrm textconv`: a note in canonical words, as `git diff` may show it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from plaincrm.cli.context import Asked
from plaincrm.document.source import Unreadable, read_bytes
from plaincrm.errors import UsageError
from plaincrm.render.escape import terminal
from plaincrm.render.terminal import write


@click.command("textconv")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def command(asked: Asked, file: Path) -> None:
    """Show a FILE in canonical words: English keys, ISO dates, the channels and choices as JSON has them.

    git-setup --textconv lets git diff show notes so. It is for looking only: the file stays as it is.
    """
    from plaincrm.render.canonical import canonical_note  # noqa: PLC0415 (for this command only)

    try:
        data = read_bytes(file)
    except Unreadable as unreadable:
        why = unreadable.fault.code.replace("-", " ")
        raise UsageError(f"{file} cannot be read ({why}).", "Name a note.") from None
    lines = canonical_note(data, asked.vault.config.schema).removesuffix("\n").split("\n")
    write("".join(f"{terminal(line.rstrip())}\n" for line in lines), sys.stdout)
