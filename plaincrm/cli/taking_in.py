"""What commands have in common that bring in entries from files of other programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from plaincrm.cli.context import Asked, limited, sheeted
from plaincrm.cli.writing import committing, finish

if TYPE_CHECKING:
    from plaincrm.api.taking_in import TakenIn


def bringing_in(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of such a command: --apply, --limit, --commit, and the form of the answer."""
    apply = click.option("--apply", is_flag=True, help="Write the entries; without it they are only shown.")
    return apply(limited(20, "lines of a table")(committing(sheeted(command))))


def tell_taken(asked: Asked, taken: TakenIn, things: str, limit: int) -> None:
    """Say what is new, what is left to people and what was written, and commit it where that is wished."""
    from plaincrm.render import intake  # noqa: PLC0415 (with the rest of what writes)

    found, report = taken.intake, taken.report
    asked.vault.notices.extend(report.notices)
    asked.answer_sheet(
        sheet=lambda: intake.sheet(found, report, things, asked.told(limit)),
        data=lambda: intake.data(found, report),
        rows=lambda: (intake.FIELDS, intake.rows(found, report)),
    )
    finish(asked, report)
