"""`plaincrm list`: the customers a query names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.cli.complete import columns as columns_named
from plaincrm.cli.complete import query_words
from plaincrm.cli.context import Asked, limited, sheeted
from plaincrm.cli.query import QueryCommand
from plaincrm.render.listing import FIELDS, data, text

if TYPE_CHECKING:
    from plaincrm.render.sheet import Sheet
    from plaincrm.reports.columns import ColumnListing
    from plaincrm.reports.listing import Listing


@click.command("list", cls=QueryCommand)
@click.argument("query", nargs=-1, shell_complete=query_words)
@click.option("--columns", metavar="FIELDS", help="Which fields to show, with commas.", shell_complete=columns_named)
@click.option(
    "--sort",
    metavar="FIELDS",
    default="",
    help="What to sort by, with commas; -FIELD goes down.",
    shell_complete=columns_named,
)
@limited(1000)
@sheeted
@click.pass_obj
def command(asked: Asked, query: tuple[str, ...], columns: str | None, sort: str, limit: int) -> int:
    """Customers by a query; all of them without one.

    \b
    plaincrm list stage:customer tag:café
    plaincrm list tier:key,regular owner:liisa -tag:paused
    plaincrm list 'last_contact<2026-01-01' 'revenue>5000'
    plaincrm list next:none @terraces
    plaincrm list tier:key --columns name,city,revenue --sort -revenue
    """  # noqa: D301 (\b is the sign by which click leaves lines as they are)
    words = " ".join(query)
    if columns is not None:
        return _answer_columns(asked, columns, words, sort, limit)
    report = asked.vault.list(words, today=asked.today, limit=asked.told(limit), sort=sort)
    asked.answer(
        text=lambda width: text(report, width),
        data=lambda: data(report),
        rows=lambda: (FIELDS, report.customers),
        more=asked.sheet_forms(lambda: _sheet(report, words)),
    )
    return 0 if report.customers or not query else 1


def _sheet(report: Listing, query: str) -> Sheet:
    from plaincrm.render.listing_sheet import sheet  # noqa: PLC0415 (for these forms only)

    return sheet(report, query)


def _answer_columns(asked: Asked, columns: str, query: str, sort: str, limit: int) -> int:
    from plaincrm.render import columns as shown  # noqa: PLC0415 (for --columns only)

    report = asked.vault.columns(columns, query, today=asked.today, limit=asked.told(limit), sort=sort)
    asked.answer(
        text=lambda width: shown.text(report, width),
        data=lambda: shown.data(report),
        rows=lambda: (shown.fields(report), report.rows),
        more=asked.sheet_forms(lambda: _columns_sheet(asked, columns, report, query, sort)),
    )
    return 0 if report.rows or not query else 1


def _columns_sheet(asked: Asked, columns: str, report: ColumnListing, query: str, sort: str) -> Sheet:
    from plaincrm.render.listing_sheet import columns_sheet  # noqa: PLC0415 (for these forms only)

    limit = len(report.rows)
    linked = asked.vault.columns(f"customer,file,{columns}", query, today=asked.today, limit=limit, sort=sort)
    return columns_sheet(report, linked, query)
