"""`plaincrm open`: a customer's note where it can be written."""

from __future__ import annotations

import sys

import click

from plaincrm.cli.complete import customers
from plaincrm.cli.context import Asked
from plaincrm.index.paths import disk_path


@click.command("open")
@click.argument("customer", nargs=-1, required=True, shell_complete=customers)
@click.option("--obsidian", is_flag=True, help="In Obsidian, and not in $VISUAL or $EDITOR.")
@click.option("--line", type=click.IntRange(1), help="At this line; else at the newest log entry.")
@click.pass_obj
def command(asked: Asked, customer: tuple[str, ...], obsidian: bool, line: int | None) -> None:
    """Open a customer's note in your editor at its newest log entry, or in Obsidian."""
    from plaincrm.cli.opening import open_note  # noqa: PLC0415 (not where a shell completes)

    brief = asked.vault.brief(" ".join(customer), asked.today)
    path = asked.vault.root.resolve() / disk_path(brief.customer.path)
    open_note("obsidian" if obsidian else "editor", path, line or brief.newest_line, is_terminal=sys.stdout.isatty())
