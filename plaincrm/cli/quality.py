"""`plaincrm quality`: how sound the register is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, explained, sheeted
from plaincrm.cli.query import QueryCommand
from plaincrm.errors import UsageError
from plaincrm.render.quality import FIELDS, data, rows, sheet

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
@explained
@sheeted
@click.pass_obj
def command(asked: Asked, query: tuple[str, ...], by: By, size: int | None, seed: int, explain: str | None) -> None:
    """How much of the register is filled in, right and fresh, by field and by group."""
    words = " ".join(query)
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


def _answer_sample(asked: Asked, drawn: Sample) -> None:
    """The checklist: Markdown in the terminal too, since it is to be ticked in a note."""
    from plaincrm.render import sample  # noqa: PLC0415 (for this option only)
    from plaincrm.render.lines import line  # noqa: PLC0415

    if asked.form == "html":
        raise UsageError("A checklist is to be ticked, and a page cannot be.", "Use --format md.")
    asked.answer(
        text=lambda _width: (line(row) for row in sample.markdown(drawn).split("\n")[:-1]),
        data=lambda: sample.data(drawn),
        rows=lambda: (sample.FIELDS, sample.rows(drawn)),
        more={"md": lambda: sample.markdown(drawn)},
    )
