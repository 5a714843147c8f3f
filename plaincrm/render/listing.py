"""The list of customers shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.render.lines import BLANK, Column, Line, Piece, line, table
from plaincrm.render.notes import unread_lines
from plaincrm.reports.listing import ListedCustomer, Listing

FIELDS = ListedCustomer._fields

COLUMNS = (
    Column("Customer", least=18),
    Column("Stage", least=8),
    Column("Tier", least=8, spare=True),
    Column("Owner", least=8, spare=True),
    Column("Last"),
    Column("Next", spare=True),
)


def data(report: Listing) -> dict[str, Any]:
    """The list as JSON has it."""
    unread = [{"file": path, "code": code} for path, code in report.unread.items()]
    return {"customers": report.customers, "unread": unread}


def text(report: Listing, width: int) -> Iterator[Line]:
    """A line a customer, and how many of how many."""
    if report.customers:
        rows = [
            [c.name, c.stage or "", c.tier or "", c.owner or "", c.last_contact or "", c.next or ""]
            for c in report.customers
        ]
        yield from table(COLUMNS, rows, width)
        yield BLANK
    yield from counted(len(report.customers), report.matched, report.total)
    yield from unread_lines(report.unread, width)


def counted(shown: int, matched: int, total: int) -> Iterator[Line]:
    """How many there are, and how many of them a limit has left out."""
    if shown < matched:
        yield line(f"and {matched - shown} more; --limit 0 shows them all")
    yield line(Piece(f"{matched} of {total} customer{'s' if total != 1 else ''}", "dim"))
