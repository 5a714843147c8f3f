"""The value by group shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from plaincrm.render.amounts import amount, foreign_remarks, margin, margin_remark
from plaincrm.render.lines import Column
from plaincrm.render.period import percent, span, unfinished_remark
from plaincrm.render.sheet import Cell, Chart, Grid, Row, Series, Sheet
from plaincrm.reports.sums import Totals
from plaincrm.reports.value_groups import GroupValue, ValueGroups

FIELDS = ("name", *Totals._fields, "share")
_CHARTED = 36  # bars that can be told apart; three years of months
_NOUNS = {"city": "cities", "class": "classes"}


def data(report: ValueGroups) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "from": report.start,
        "to": report.end,
        "currency": report.currency,
        "by": report.by,
        "overlap": report.overlap,
        "groups": [dict(zip(FIELDS, row, strict=True)) for row in rows(report)],
        "totals": report.totals,
        "converted": report.converted,
        "apart": report.apart,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def rows(report: ValueGroups) -> list[tuple[Any, ...]]:
    """The groups as CSV has them; shares have six decimals."""
    return [(group.name, *group.sums, group.share and round(group.share, 6)) for group in report.groups]


def sheet(report: ValueGroups) -> Sheet:
    """A line a group, with a bar for its revenue."""
    count = len(report.groups)
    noun = report.by if count == 1 else _NOUNS.get(report.by, f"{report.by}s")
    return Sheet(
        f"Value {span(report.start, report.end)}",
        f"{report.currency}, excluding VAT · {count} {noun}",
        (_grid(report),) if report.groups else (),
        tuple(_remarks(report)),
        report.unread,
    )


def _grid(report: ValueGroups) -> Grid:
    most = max((group.sums.revenue for group in report.groups), default=Decimal(0))
    columns = (
        Column(report.by.capitalize(), least=12),
        Column("Customers", "right", spare=True),
        Column("Revenue", "right"),
        Column("", style="bar", spare=True),
        Column("Share", "right"),
        Column("Margin", "right"),
        Column("N", "right", spare=True),
    )
    totals = report.totals
    total = ("Total", str(totals.customers), amount(totals.revenue), "", "", margin(totals), str(totals.purchases))
    return Grid("", columns, tuple(_row(group, most) for group in report.groups), (total,), chart=_chart(report))


def _row(group: GroupValue, most: Decimal) -> Row:
    return (
        group.name or "none",
        f"{group.sums.customers:,}",
        amount(group.sums.revenue),
        Cell("", level=group.sums.revenue / most if most > 0 else None),
        percent(group.share),
        margin(group.sums),
        f"{group.sums.purchases:,}",
    )


def _chart(report: ValueGroups) -> Chart:
    charted = report.groups[-_CHARTED:] if report.by == "month" else report.groups[:_CHARTED]
    return Chart(
        "bars",
        f"Revenue and margin by {report.by}",
        tuple(group.name or "none" for group in charted),
        (
            Series("Revenue", tuple(group.sums.revenue for group in charted)),
            Series("Margin", tuple(group.sums.margin for group in charted)),
        ),
        report.currency,
    )


def _remarks(report: ValueGroups) -> Iterator[str]:
    if report.groups:
        yield from unfinished_remark(report.end, report.today)
    elif not report.apart:
        yield "No sales in this time."
    if report.overlap:
        yield f"A customer may be in several {report.by}s, so the lines add up to more than the total."
    if report.by == "product":
        yield "A customer or an entry with several products counts in the line of each; money counts once."
    yield from margin_remark(report.totals)
    yield from foreign_remarks(report.converted, report.apart)
