"""The value of customers shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.render.amounts import amount
from plaincrm.render.lines import BLANK, Column, Line, Piece, line, table, wrapped
from plaincrm.render.notes import unread_lines
from plaincrm.render.period import heading, percent, span
from plaincrm.reports.value import CustomerValue, ValueReport

FIELDS = tuple(name for name in CustomerValue._fields if name != "sources")


def data(report: ValueReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "from": report.start,
        "to": report.end,
        "currency": report.currency,
        "customers": [_rounded(customer) for customer in report.customers],
        "totals": report.totals,
        "converted": report.converted,
        "apart": report.apart,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def rows(report: ValueReport) -> list[list[Any]]:
    """The customers as CSV has them."""
    return [[getattr(customer, name) for name in FIELDS] for customer in map(_rounded, report.customers)]


def _rounded(customer: CustomerValue) -> CustomerValue:
    """A customer with shares of six decimals, which is as much as anybody reads."""
    share, cumulative = customer.share, customer.cumulative_share
    if share is None or cumulative is None:
        return customer
    return customer._replace(share=round(share, 6), cumulative_share=round(cumulative, 6))


def text(report: ValueReport, width: int) -> Iterator[Line]:
    """The customers by revenue, as many as are told one by one, and the sums of all."""
    count = report.totals.customers
    about = f" · {report.currency}, excluding VAT · {count} customer{'s' if count != 1 else ''} with sales"
    yield from heading(f"Value {span(report.start, report.end)}", about, width)
    if report.customers:
        yield BLANK
        yield from table(_COLUMNS, [*map(_row, report.customers), *_sums(report)], width)
    yield from _remarks(report, width)
    yield from unread_lines(report.unread, width)


_COLUMNS = (
    Column("Customer", least=18),
    Column("Revenue", "right"),
    Column("Margin", "right"),
    Column("Share", "right"),
    Column("Sum", "right", spare=True),
    Column("N", "right", spare=True),
    Column("Last", spare=True),
)


def _row(customer: CustomerValue) -> list[str]:
    margin = amount(customer.margin) if customer.revenue_with_margin or customer.margin else "–"
    partly = "*" if customer.revenue_with_margin != customer.revenue and margin != "–" else ""
    return [
        customer.name,
        amount(customer.revenue),
        margin + partly,
        percent(customer.share),
        percent(customer.cumulative_share),
        str(customer.purchases),
        str(customer.last_purchase or ""),
    ]


def _sums(report: ValueReport) -> list[list[str]]:
    totals, rest = report.totals, report.rest
    rows = []
    if rest.customers:
        sums = [amount(rest.revenue), amount(rest.margin)]
        rows.append([f"and {rest.customers} more", *sums, "", "", str(rest.purchases), ""])
    partly = "*" if totals.revenue_with_margin != totals.revenue else ""
    rows.append(["Total", amount(totals.revenue), amount(totals.margin) + partly, "", "", str(totals.purchases), ""])
    return rows


def _remarks(report: ValueReport, width: int) -> Iterator[Line]:
    """What one has to know to read the figures."""
    unknown = report.totals.revenue - report.totals.revenue_with_margin
    remarks: list[tuple[str, str]] = []
    if unknown:
        remarks.append((f"* The margin of {amount(unknown)} of the revenue is not known and in no margin.", "dim"))
    if report.converted:
        remarks.append((f"Converted by [rates]: {', '.join(report.converted)}.", "dim"))
    for apart in report.apart:
        sales = f"{apart.sales} purchase{'s' if apart.sales != 1 else ''}"
        sum_apart = f"{amount(apart.revenue)} {apart.currency} ({sales})"
        remarks.append((f"Not counted: {sum_apart}; [rates] has none for {apart.currency}.", "yellow"))
    if remarks:
        yield BLANK
    for remark, style in remarks:
        yield from (line(Piece(part, style)) for part in wrapped(remark, width, 2))
