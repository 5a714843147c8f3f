"""The list of customers as a sheet: a table whose names lead to the notes."""

from __future__ import annotations

from plaincrm.render.columns import cell, shown
from plaincrm.render.lines import plain
from plaincrm.render.listing import COLUMNS, counted
from plaincrm.render.sheet import Cell, Grid, Sheet
from plaincrm.reports.columns import ColumnListing
from plaincrm.reports.listing import Listing


def sheet(report: Listing, query: str) -> Sheet:
    """A line a customer."""
    rows = tuple(
        (
            Cell(c.name, c.customer, c.file),
            c.stage or "",
            c.tier or "",
            c.owner or "",
            c.last_contact or "",
            c.next or "",
        )
        for c in report.customers
    )
    return _sheet(query, Grid("", COLUMNS, rows), report)


def columns_sheet(report: ColumnListing, linked: ColumnListing, query: str) -> Sheet:
    """The same with columns of one's own choice; `linked` has the same rows with the id and the file of each."""
    at = {column.key: number for number, column in enumerate(linked.columns)}
    rows = []
    for values in linked.rows:
        named = str(values[at["customer"]]), str(values[at["file"]])
        texts = [(column.key, cell(values[at[column.key]])) for column in report.columns]
        rows.append(tuple(Cell(text, *named) if key in ("name", "customer") else text for key, text in texts))
    return _sheet(query, Grid("", tuple(map(shown, report.columns)), tuple(rows)), report)


def _sheet(query: str, grid: Grid, report: Listing | ColumnListing) -> Sheet:
    *more, about = (plain([line]).rstrip() for line in counted(len(grid.rows), report.matched, report.total))
    title = f"Customers: {query}" if query else "Customers"
    return Sheet(title, about, (grid._replace(rest="".join(more)),), unread=report.unread)
