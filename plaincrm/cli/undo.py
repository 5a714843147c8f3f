"""`plaincrm undo`: what a command wrote, taken back."""

from __future__ import annotations

import sys
from itertools import islice

import click

from plaincrm.changes.undo import ChangedSince
from plaincrm.cli.context import Asked, limited
from plaincrm.cli.writing import tell, writing
from plaincrm.errors import UsageError


@click.command("undo")
@click.argument("number", type=click.IntRange(1), required=False)
@click.option("--list", "listed", is_flag=True, help="Show what can be taken back.")
@limited(20, "commands")
@writing
@click.pass_obj
def command(asked: Asked, number: int | None, listed: bool, limit: int, dry_run: bool) -> None:
    """Take back what the last command wrote, or the one of a NUMBER.

    A file that was changed since is not touched, nor are the others then: what differs is shown. An undo is a command,
    too: undo once more, and it is done again. What commands wrote is kept for 30 days.
    """
    if listed:
        if number is not None:
            raise UsageError("--list takes no number.", "Leave one of them out.")
        _list(asked, limit)
        return
    try:
        report = asked.vault.undo(number, dry_run=dry_run)
    except ChangedSince as refusal:
        _show(asked, refusal)
        raise
    tell(asked, report)


def _list(asked: Asked, limit: int) -> None:
    from plaincrm.render.journal import FIELDS, data, rows, text  # noqa: PLC0415 (for --list only)

    told = asked.told(limit)
    entries = list(islice(asked.vault.journal(), told or None))
    asked.answer(
        text=lambda width: text(entries, width),
        data=lambda: data(entries),
        rows=lambda: (FIELDS, list(rows(entries))),
    )


def _show(asked: Asked, refusal: ChangedSince) -> None:
    """What was changed since, on the error stream: from what the command wrote to what stands there."""
    from plaincrm.render.diff import styled_diff  # noqa: PLC0415 (for refusals only)
    from plaincrm.render.terminal import as_text, page_width, wants_color, write  # noqa: PLC0415

    lines = [shown for item in refusal.since for shown in styled_diff(item.file, item.ours, item.now)]
    width = page_width(sys.stderr)
    write(as_text(lines, color=wants_color(asked.color, sys.stderr), width=width), sys.stderr)
