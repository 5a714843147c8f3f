"""The value of customers shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from plaincrm.render.amounts import amount, foreign_remarks, margin, margin_remark, planned_remark
from plaincrm.render.lines import Column
from plaincrm.render.period import marked, percent, span
from plaincrm.render.sheet import Cell, Chart, Grid, Row, Series, Sheet
from plaincrm.reports.figures import FEW
from plaincrm.reports.value import CustomerValue, ServingTotals, ValueReport

FIELDS = tuple("class" if name == "abc" else name for name in CustomerValue._fields if name != "sources")
_CHARTED = 20  # bars that can be told apart


def data(report: ValueReport) -> dict[str, Any]:
    """The report as JSON has it."""
    serving = report.serving or ServingTotals(0, Decimal(0), None, 0)
    return {
        "from": report.start,
        "to": report.end,
        "currency": report.currency,
        "customers": [
            dict(zip(FIELDS, row, strict=True)) | {"sources": customer.sources}
            for row, customer in zip(rows(report), report.customers, strict=True)
        ],
        "totals": report.totals._asdict() | serving._asdict(),
        "planned": report.planned,
        "converted": report.converted,
        "apart": report.apart,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def rows(report: ValueReport) -> list[list[Any]]:
    """The customers as CSV has them; shares have six decimals, which is as much as anybody reads."""
    found = []
    for customer in report.customers:
        share, cumulative = (value and round(value, 6) for value in (customer.share, customer.cumulative_share))
        found.append(list(customer._replace(share=share, cumulative_share=cumulative)[:-1]))
    return found


def sheet(report: ValueReport, *, full: bool) -> Sheet:
    """The customers by revenue, as many as are told one by one, and the sums of all; in full what they took, too."""
    count = report.totals.customers
    about = f"{report.currency}, excluding VAT · {count} customer{'s' if count != 1 else ''} with sales"
    parts = [_sales(report), *((_serving(report), _beyond(report)) if full else ())] if report.customers else []
    return Sheet(
        f"Value {span(report.start, report.end)}", about, tuple(parts), tuple(_remarks(report, full)), report.unread
    )


def _sales(report: ValueReport) -> Grid:
    totals, rest = report.totals, report.rest
    sums: list[Row] = []
    if rest.customers:
        more = f"and {rest.customers} more"
        sums.append((more, amount(rest.revenue), amount(rest.margin), "", "", "", str(rest.purchases), ""))
    sums.append(("Total", amount(totals.revenue), margin(totals), "", "", "", str(totals.purchases), ""))
    columns = (
        Column("Customer", least=18),
        Column("Revenue", "right"),
        Column("Margin", "right"),
        Column("Share", "right"),
        Column("Sum", "right", spare=True),
        Column("ABC", spare=True),
        Column("N", "right", spare=True),
        Column("Last", spare=True),
    )
    return Grid("", columns, tuple(map(_bought, report.customers)), tuple(sums), chart=_pareto(report))


def _bought(customer: CustomerValue) -> Row:
    return (
        _named(customer),
        amount(customer.revenue),
        margin(customer),
        percent(customer.share),
        percent(customer.cumulative_share),
        customer.abc or "",
        str(customer.purchases),
        str(customer.last_purchase or ""),
    )


def _named(customer: CustomerValue) -> Cell:
    return Cell(customer.name, customer.customer, customer.file)


def _pareto(report: ValueReport) -> Chart:
    charted = report.customers[:_CHARTED]
    return Chart(
        "pareto",
        f"Per cent of the revenue that the first {len(charted)} customers brought together",
        tuple(customer.name for customer in charted),
        (
            Series("Revenue", tuple(customer.revenue for customer in charted)),
            Series("Cumulative share", tuple(customer.cumulative_share for customer in charted)),
        ),
        report.currency,
    )


def _serving(report: ValueReport) -> Grid:
    columns = (
        Column("Customer", least=18),
        Column("Margin", "right"),
        Column("Contacts", "right"),
        Column("Hours", "right"),
        Column("Serving", "right"),
        Column("Left", "right"),
    )
    sums: list[Row] = []
    if report.serving:
        of = report.serving
        left = None if of.cost_to_serve is None else report.totals.margin - of.cost_to_serve
        sums.append(
            (
                "All",
                margin(report.totals),
                str(of.contacts),
                _hours(of.hours),
                amount(of.cost_to_serve),
                amount(left),
            )
        )
    return Grid("What it took to serve them", columns, tuple(map(_served, report.customers)), tuple(sums))


def _served(customer: CustomerValue) -> Row:
    return (
        _named(customer),
        margin(customer),
        str(customer.contacts or ""),
        _hours(customer.hours),
        amount(customer.cost_to_serve),
        amount(customer.margin_after_serving),
    )


def _hours(hours: Decimal | None) -> str:
    return f"{hours:,.1f}" if hours else ""


def _beyond(report: ValueReport) -> Grid:
    columns = (
        Column("Customer", least=18),
        Column("Years", "right"),
        Column("Days between", "right"),
        Column("Brought in", "right"),
        Column("Reference", "right"),
        Column("Learning", "right"),
    )
    return Grid("Beyond their own purchases", columns, tuple(map(_lasting, report.customers)))


def _lasting(customer: CustomerValue) -> Row:
    days, days_between = customer.length_days, customer.interval_days
    return (
        _named(customer),
        "" if days is None else f"{days / Decimal('365.25'):.1f}",
        marked("" if days_between is None else f"{days_between:,.0f}", customer.purchases - 1),
        amount(customer.referral_margin) if customer.referral_margin else "",
        "" if customer.reference is None else str(customer.reference),
        "" if customer.learning is None else str(customer.learning),
    )


def _remarks(report: ValueReport, full: bool) -> Iterator[str]:
    """What one has to know to read the figures."""
    if not report.customers and not report.apart:
        yield "No sales in this time."
    yield from margin_remark(report.totals)
    yield from planned_remark(report.planned)
    yield from foreign_remarks(report.converted, report.apart)
    if full and report.customers:
        if any(customer.interval_days is not None and customer.purchases - 1 < FEW for customer in report.customers):
            yield f"Days between with a * are of fewer than {FEW} intervals: chance may have made them."
        yield from serving_remarks(report)
        yield "Brought in is the margin of all who came through a customer; it is in the margin of those, too."


def serving_remarks(report: ValueReport) -> Iterator[str]:
    """What is in the cost to serve, and what is not."""
    if report.serving is None or report.serving.cost_to_serve is None:
        yield "[serving] of the settings has no rates, so it is not reckoned what serving cost."
        return
    yield "Serving: hours and contacts at the rates of [serving]. What was done for a sale is in its cost, not here."
    if report.serving.without_rate:
        yield f"Of the contacts {report.serving.without_rate:,} have neither hours nor a rate, and cost nothing here."
