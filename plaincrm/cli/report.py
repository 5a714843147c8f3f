"""`plaincrm report`: all reports of a period as one page."""

from __future__ import annotations

import click

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, limited, sheeted
from plaincrm.cli.period import chosen_period, timed
from plaincrm.cli.query import QueryCommand
from plaincrm.errors import UsageError
from plaincrm.render.links import note_links

# The parts by name, so that no report is loaded for the option alone.
_PARTS = (
    *("months", "customers", "season", "retention", "tiers", "growth", "deals"),
    *("experience", "promises", "response", "targets", "agenda"),
)


@click.command("report", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@timed
@click.option("--parts", metavar="NAMES", help=f"Only these, with commas: {', '.join(_PARTS)}.")
@limited(20)
@sheeted
@click.pass_obj
def command(
    asked: Asked,
    query: tuple[str, ...],
    period: str | None,
    start: str | None,
    end: str | None,
    parts: str | None,
    limit: int,
) -> None:
    """All reports of a period on one page, under its key figures.

    With -o the form goes by the name of the file: `-o report.html` is a page that loads nothing and prints well,
    `-o Report.md` a note. It names customers and what they said; --parts leaves out what is not for others' eyes.
    Without a period it is the last twelve months.
    """
    named = tuple(filter(None, (part.strip() for part in (parts or "").split(","))))
    unknown = [part for part in named if part not in _PARTS]
    if unknown:
        raise UsageError(f"--parts: there is no part {unknown[0]}.", f"There are {', '.join(_PARTS)}.")
    from plaincrm.render import overview  # noqa: PLC0415 (with all that it shows)

    report = asked.vault.overview(
        chosen_period(asked, period, start, end), asked.today, query=" ".join(query), limit=asked.told(limit)
    )
    shown = overview.Shown(limit, named)
    links = note_links(asked.vault.config.links, asked.vault.root, asked.output)
    asked.answer(
        text=lambda width: overview.text(report, shown, width),
        data=lambda: overview.data(report),
        rows=lambda: (overview.FIELDS, overview.rows(report)),
        more={
            "md": lambda: overview.markdown(report, shown),
            "html": lambda: overview.as_page(report, shown, links),
        },
    )
