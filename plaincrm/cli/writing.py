"""What commands that write have in common: a look before, and what is told afterwards."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from plaincrm.api import Vault
from plaincrm.cli.context import Asked, keep, reporting
from plaincrm.errors import SeemsKnown
from plaincrm.render.escape import terminal
from plaincrm.render.terminal import write

if TYPE_CHECKING:
    from plaincrm.changes.carry_out import WriteReport, Written
    from plaincrm.changes.fix import Mended


def writing(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that writes notes: --dry-run, --commit, and the form in which it tells what it did."""
    help_text = "Show what would be done, and write nothing."
    dry_run = click.option("--dry-run", is_flag=True, callback=_in_the_present, help=help_text)
    return dry_run(committing(reporting(command)))


def _in_the_present(context: click.Context, _option: click.Parameter, value: bool) -> bool:
    context.ensure_object(Asked).see_present()
    return value


def committing(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option --commit alone."""
    help_text = "Commit what was written with git, and nothing else."
    return click.option("--commit", is_flag=True, expose_value=False, callback=keep, help=help_text)(command)


def all_the_same(known: SeemsKnown, question: str) -> None:
    """Ask on the terminal whether a customer who seems to be there already is another one.

    Raises:
        SeemsKnown: nobody can be asked.
        Abort: the answer is no.
    """
    if not sys.stdin.isatty():
        raise known
    for line in known.message.split("\n"):
        click.echo(terminal(line), err=True)
    if not click.confirm(question, err=True):
        raise click.Abort


def tell(asked: Asked, report: WriteReport) -> None:
    """Say what was written and where, and commit it where that is wished."""
    from plaincrm.render import written  # noqa: PLC0415 (with the rest of what writes)

    asked.vault.notices.extend(report.notices)
    asked.answer(
        text=lambda _width: written.text(report),
        data=lambda: written.data(report),
        rows=lambda: (written.FIELDS, list(written.rows(report))),
    )
    finish(asked, report)


def finish(asked: Asked, report: WriteReport) -> None:
    """Commit what was written where that is wished."""
    if not report.dry_run:
        commit(asked, asked.vault, report.files)


def commit(asked: Asked, vault: Vault, files: Sequence[Written | Mended]) -> None:
    """Commit what was written into a vault where the command line or the vault's settings say so.

    The settings come with the vault, and so may its repository: only --commit lets it run programs.
    """
    if files and (asked.commit or vault.config.commit):
        subject = vault.commit(files, trusted=asked.commit)
        write(f"Committed: {subject}\n" if subject else "Nothing to commit: git has it so already.\n", sys.stderr)
