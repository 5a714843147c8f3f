"""What commands that write have in common: a look before, and what is told afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from plaincrm.cli.context import Asked, reporting

if TYPE_CHECKING:
    from plaincrm.changes.carry_out import WriteReport


def writing(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that writes notes: --dry-run, and the form in which it tells what it did."""
    dry_run = click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
    return dry_run(reporting(command))


def tell(asked: Asked, report: WriteReport) -> None:
    """Say what was written and where."""
    asked.vault.notices.extend(report.notices)
    from plaincrm.render import written  # noqa: PLC0415 (with the rest of what writes)

    asked.answer(
        text=lambda _width: written.text(report),
        data=lambda: written.data(report),
        rows=lambda: (written.FIELDS, list(written.rows(report))),
    )
