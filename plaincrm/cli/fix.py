"""`plaincrm fix`: the faults whose remedy is certain, mended."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from plaincrm.changes.fix import FixReport, joined
from plaincrm.cli.chosen_notes import ChosenNotes, chosen_notes, codes
from plaincrm.cli.complete import codes as completed_codes
from plaincrm.cli.complete import paths_and_words
from plaincrm.cli.context import Asked
from plaincrm.cli.query import QueryCommand
from plaincrm.cli.writing import commit, writing
from plaincrm.render.fix import FIELDS, data, rows, summary, text
from plaincrm.render.lines import plain
from plaincrm.render.terminal import write


@click.command("fix", cls=QueryCommand)
@click.argument("what", metavar="[PATH | QUERY]...", nargs=-1, shell_complete=paths_and_words)
@click.option(
    "--select", metavar="CODES", multiple=True, help="Only these codes, with commas.", shell_complete=completed_codes
)
@click.option("--ignore", metavar="CODES", multiple=True, help="All codes but these.", shell_complete=completed_codes)
@writing
@click.pass_obj
def command(
    asked: Asked, what: tuple[str, ...], select: tuple[str, ...], ignore: tuple[str, ...], dry_run: bool
) -> int:
    """Mend the faults whose remedy is certain and loses nothing.

    Each is one small edit: no other byte of a note changes. A file or folder (PATH) or a query limits it to some notes.
    The exit code is 1 when a note had to be left as it is.
    """
    each = _fix(asked, chosen_notes(asked, what), codes(select), codes(ignore), dry_run=dry_run)
    report = _joined(each)
    asked.answer(text=lambda _width: text(report), data=lambda: data(report), rows=lambda: (FIELDS, list(rows(report))))
    for target, one in each if not dry_run else ():
        commit(asked, target.vault, one.files)
    return 1 if report.refused else 0


def mended_first(asked: Asked, chosen: Sequence[ChosenNotes], select: list[str], ignore: list[str]) -> None:
    """Mend what can be mended before a check, and say on the error stream how much that was."""
    each = _fix(asked, chosen, select, ignore, dry_run=False)
    write(plain([summary(_joined(each))]), sys.stderr)
    for target, one in each:
        commit(asked, target.vault, one.files)


def _fix(
    asked: Asked, chosen: Sequence[ChosenNotes], select: list[str], ignore: list[str], *, dry_run: bool
) -> list[tuple[ChosenNotes, FixReport]]:
    return [
        (
            target,
            target.vault.fix(
                asked.today, query=target.query, paths=target.paths, select=select, ignore=ignore, dry_run=dry_run
            ),
        )
        for target in chosen
    ]


def _joined(each: Sequence[tuple[ChosenNotes, FixReport]]) -> FixReport:
    return joined((target.prefix, report) for target, report in each)
