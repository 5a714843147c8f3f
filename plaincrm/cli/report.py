"""`plaincrm report`: all reports of a period as one page."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, limited, sheeted
from plaincrm.cli.period import chosen_period, timed
from plaincrm.cli.query import QueryCommand
from plaincrm.render.links import note_links

_FORMS = {".html": "html", ".htm": "html", ".md": "md", ".json": "json", ".csv": "csv"}


@click.command("report", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@timed
@limited(20)
@sheeted
@click.pass_context
def command(
    context: click.Context,
    query: tuple[str, ...],
    period: str | None,
    start: str | None,
    end: str | None,
    limit: int,
) -> None:
    """All reports of a period on one page: value, season, retention, tiers, growth, deals, experience, promises.

    With -o the form goes by the name of the file: `-o report.html` is a page that loads nothing and prints well,
    `-o Report.md` a note. Without a period it is the last twelve months.
    """
    asked = context.ensure_object(Asked)
    if context.get_parameter_source("form") is ParameterSource.DEFAULT and asked.output:
        asked.form = _FORMS.get(Path(asked.output).suffix.lower(), asked.form)
    from plaincrm.render import overview  # noqa: PLC0415 (with all that it shows)

    report = asked.vault.overview(
        chosen_period(asked, period, start, end), asked.today, query=" ".join(query), limit=asked.told(limit)
    )
    links = note_links(asked.vault.config.links, asked.vault.root, asked.output)
    asked.answer(
        text=lambda width: overview.text(report, limit, width),
        data=lambda: overview.data(report),
        rows=lambda: (overview.FIELDS, overview.rows(report)),
        more={
            "md": lambda: overview.markdown(report, limit),
            "html": lambda: overview.as_page(report, limit, links),
        },
    )
