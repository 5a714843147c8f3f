"""The value of two periods compared, shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from plaincrm.render.amounts import amount, foreign_remarks, margin
from plaincrm.render.lines import Column
from plaincrm.render.period import span, unfinished_remark
from plaincrm.render.sheet import Cell, Grid, Row, Sheet
from plaincrm.reports.value_change import ChangeTotals, CustomerChange, ValueChange

FIELDS = CustomerChange._fields
_WORDS = {"new": "New", "grown": "Grown", "same": "The same", "shrunk": "Shrunk", "gone": "Gone"}


def data(report: ValueChange) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "from": report.start,
        "to": report.end,
        "before": {"from": report.start_before, "to": report.end_before},
        "currency": report.currency,
        "customers": [customer._asdict() for customer in report.customers],
        "changes": report.changes,
        "totals": report.totals,
        "totals_before": report.totals_before,
        "converted": report.converted,
        "apart": report.apart,
        "apart_before": report.apart_before,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def rows(report: ValueChange) -> list[CustomerChange]:
    """The customers as CSV has them."""
    return list(report.customers)


def sheet(report: ValueChange) -> Sheet:
    """The sums of both periods, how customers changed, and the customers whose revenue changed most."""
    parts = (_sums(report), _changes(report), _customers(report)) if report.customers else ()
    return Sheet(
        f"Value {span(report.start, report.end)}",
        f"against {span(report.start_before, report.end_before)} · {report.currency}, excluding VAT",
        parts,
        tuple(_remarks(report)),
        report.unread,
    )


def _sums(report: ValueChange) -> Grid:
    now, then = report.totals, report.totals_before
    counts = (("Customers", then.customers, now.customers), ("Purchases", then.purchases, now.purchases))
    columns = (
        Column("All"),
        Column("Before", "right"),
        Column("Now", "right"),
        Column("Change", "right"),
        Column("%", "right"),
    )
    rows: list[Row] = [
        ("Revenue", amount(then.revenue), amount(now.revenue), *_moved(then.revenue, now.revenue)),
        ("Margin", margin(then), margin(now), *_moved(then.margin, now.margin)),
        *(
            (name, f"{old:,}", f"{new:,}", f"{new - old:+,}", _percent(Decimal(old), Decimal(new)))
            for name, old, new in counts
        ),
    ]
    return Grid("", columns, tuple(rows))


def _moved(before: Decimal, now: Decimal) -> tuple[str, str]:
    return f"{now - before:+,.2f}", _percent(before, now)


def _percent(before: Decimal, now: Decimal) -> str:
    return f"{(now - before) / before * 100:+.1f}%" if before > 0 else ""


def _changes(report: ValueChange) -> Grid:
    columns = (
        Column("Customers"),
        Column("Number", "right"),
        Column("Before", "right"),
        Column("Now", "right"),
        Column("Change", "right"),
    )
    return Grid("", columns, tuple(_kind(change) for change in report.changes if change.customers))


def _kind(of: ChangeTotals) -> Row:
    changed = f"{of.revenue - of.revenue_before:+,.2f}"
    return (_WORDS[of.change], f"{of.customers:,}", amount(of.revenue_before), amount(of.revenue), changed)


def _customers(report: ValueChange) -> Grid:
    columns = (
        Column("Customer", least=18),
        Column("Before", "right"),
        Column("Now", "right"),
        Column("Change", "right"),
        Column("%", "right"),
        Column("Margin", "right", spare=True),
    )
    rest = f"and {report.left:,} more" if report.left else ""
    return Grid("Most changed first", columns, tuple(map(_row, report.customers)), rest=rest)


def _row(customer: CustomerChange) -> Row:
    told = {"new": "new", "gone": "gone"}.get(customer.change)
    return (
        Cell(customer.name, customer.customer, customer.file),
        amount(customer.revenue_before) if customer.change != "new" else "",
        amount(customer.revenue) if customer.change != "gone" else "",
        f"{customer.revenue_change:+,.2f}",
        told or _percent(customer.revenue_before, customer.revenue),
        f"{customer.margin_change:+,.2f}",
    )


def _remarks(report: ValueChange) -> Iterator[str]:
    if report.customers:
        yield from unfinished_remark(report.end, report.today)
        yield "New are those without a sale before, gone those without one now. Margin is its change."
    elif not report.apart and not report.apart_before:
        yield "No sales in either period."
    if any(of.revenue_with_margin != of.revenue for of in (report.totals, report.totals_before)):
        yield "* The margin of a part of the revenue is not known and in no margin."
    yield from foreign_remarks(report.converted, report.apart)
    for remark in foreign_remarks((), report.apart_before):
        yield f"Before: {remark[0].lower()}{remark[1:]}"
