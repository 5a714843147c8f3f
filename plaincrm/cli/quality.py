"""`plaincrm quality`: how sound the register is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, explained, sheeted
from plaincrm.cli.query import QueryCommand
from plaincrm.cli.writing import committing
from plaincrm.errors import UsageError
from plaincrm.render.quality import FIELDS, data, rows, sheet
from plaincrm.render.terminal import write

if TYPE_CHECKING:
    from plaincrm.reports.groups import By
    from plaincrm.reports.sample import Sample


@click.command("quality", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@click.option(
    "--by",
    type=click.Choice(["tier", "stage", "owner", "type", "city", "tag", "segment"]),
    default="tier",
    show_default=True,
    help="What to sum up by.",
)
@click.option("--sample", "size", type=click.IntRange(1), metavar="N", help="A checklist of N customers at random.")
@click.option("--seed", type=int, default=1, show_default=True, help="Draws another sample; the same one, the same.")
@click.option("--apply", "checklist", metavar="FILE", help="Mark those as verified whom a filled checklist ticks.")
@click.option("--dry-run", is_flag=True, help="With --apply: show what would be done, and write nothing.")
@committing
@explained
@sheeted
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 (an option each)
    asked: Asked,
    query: tuple[str, ...],
    by: By,
    size: int | None,
    seed: int,
    checklist: str | None,
    dry_run: bool,
    explain: str | None,
) -> None:
    """How much of the register is filled in, right and fresh, by field and by group.

    --sample N draws a checklist; --apply FILE reads it back when it is ticked, and sets `verified` in those notes.
    """
    words = " ".join(query)
    if checklist is not None:
        _apply(asked, checklist, dry_run)
        return
    if explain is not None:
        asked.answer_explanation(asked.vault.explain_quality(explain, asked.today))
        return
    if size is not None:
        _answer_sample(asked, asked.vault.sample(asked.today, size, seed=seed, query=words))
        return
    report = asked.vault.quality(asked.today, query=words, by=by)
    asked.answer_sheet(
        sheet=lambda: sheet(report),
        data=lambda: data(report),
        rows=lambda: (FIELDS, rows(report)),
    )


def _apply(asked: Asked, name: str, dry_run: bool) -> None:
    """Write what a checklist has ticked, and say how many that are."""
    asked.see_present()
    from plaincrm.cli.writing import tell  # noqa: PLC0415 (for this option only)
    from plaincrm.document.source import Unreadable, decode, read_bytes  # noqa: PLC0415
    from plaincrm.render import sample  # noqa: PLC0415
    from plaincrm.reports.sample import read_checklist  # noqa: PLC0415

    try:
        text = decode(read_bytes(name)).text
    except Unreadable as error:
        reason = dict(error.fault.facts).get("reason", error.fault.code.replace("-", " "))
        remedy = "Name a checklist of quality --sample N."
        raise UsageError(f"{name} cannot be read: {reason}.", remedy) from None
    found = read_checklist(text)
    tell(asked, asked.vault.verify(text, asked.today, dry_run=dry_run))
    write(f"{sample.outcome(found)}\n", sys.stderr)


def _answer_sample(asked: Asked, drawn: Sample) -> None:
    """The sample to look at; as a note it is a checklist to tick."""
    from plaincrm.render import sample  # noqa: PLC0415 (for this option only)
    from plaincrm.render.sheet_text import lines  # noqa: PLC0415

    if asked.form == "html":
        raise UsageError("A checklist is to be ticked, and a page cannot be.", "Use --format md.")
    asked.answer(
        text=lambda width: lines(sample.sheet(drawn), width),
        data=lambda: sample.data(drawn),
        rows=lambda: (sample.FIELDS, sample.rows(drawn)),
        more={"md": lambda: sample.markdown(drawn)},
    )
