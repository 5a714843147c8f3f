"""Deals shown: the pipeline by stage and month, what is open, and what was won and lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from plaincrm.render.amounts import amount, foreign_remarks
from plaincrm.render.lines import Column
from plaincrm.render.period import FEW_REMARK, marked, percent, span
from plaincrm.render.sheet import Cell, Chart, Grid, Row, Series, Sheet
from plaincrm.reports.amounts import Apart
from plaincrm.reports.deals import Deal, DealsReport, Decided, Pipeline, Reason
from plaincrm.reports.figures import FEW

FIELDS = Deal._fields


def data(report: DealsReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "from": report.start,
        "to": report.end,
        "today": report.today,
        "currency": report.currency,
        "stages": report.stages,
        "months": report.months,
        "total": report.total,
        "aged": report.aged,
        "won": report.won,
        "lost": report.lost,
        "reasons": report.reasons,
        "deals": report.deals,
        "converted": report.converted,
        "apart": report.apart,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def tables(report: DealsReport) -> dict[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]:
    """What CSV has, by name."""
    return {
        "deals": (Deal._fields, report.deals),
        "stages": (Pipeline._fields, report.stages),
        "months": (Pipeline._fields, report.months),
        "decided": (Decided._fields, (report.won, report.lost)),
        "reasons": (Reason._fields, report.reasons),
    }


def sheet(report: DealsReport) -> Sheet:
    """The pipeline by stage and by month, the deals in it, then what was decided in the period, and why not won."""
    total = report.total
    parts: list[Grid] = []
    if total.deals:
        parts += [_by_stage(report), _by_month(report), *_open(report)]
    if report.won.deals + report.lost.deals:
        parts.append(_decided(report))
    if report.reasons:
        parts.append(_reasons(report))
    return Sheet(
        f"Deals on {report.today}",
        f"{total.deals} open, forecast {amount(total.forecast)} {report.currency}, excluding VAT",
        tuple(parts),
        tuple(_remarks(report)),
        report.unread,
    )


def _partly(total: Pipeline) -> bool:
    """Whether some of the open deals lack a value or a chance: only then it is told how many have one."""
    return total.weighed < total.deals


def _columns(first: str, partly: bool) -> tuple[Column, ...]:
    of = (Column("Of", "right"),) if partly else ()
    return (
        Column(first, least=8),
        Column("Deals", "right"),
        Column("Value", "right"),
        *of,
        Column("Forecast", "right"),
        *of,
    )


def _summed(one: Pipeline, name: str, partly: bool) -> Row:
    valued, weighed = ((str(one.valued),), (str(one.weighed),)) if partly else ((), ())
    return (name, str(one.deals), amount(one.value), *valued, amount(one.forecast), *weighed)


def _by_stage(report: DealsReport) -> Grid:
    partly = _partly(report.total)
    rows = tuple(_summed(one, one.name or "no stage", partly) for one in report.stages)
    sums = (_summed(report.total, "All", partly),)
    return Grid("Open, by the customer's stage", _columns("Stage", partly), rows, sums)


def _by_month(report: DealsReport) -> Grid:
    """Where a bar is as long as the month's forecast is of the highest."""
    partly = _partly(report.total)
    top = max((one.forecast for one in report.months), default=Decimal(0))
    rows = tuple(
        (*_summed(one, one.name or "no date", partly), Cell("", level=one.forecast / top if top else None))
        for one in report.months
    )
    labels = tuple(one.name or "no date" for one in report.months)
    series = Series("Forecast", tuple(one.forecast for one in report.months))
    return Grid(
        "Open, by the month of the expected decision",
        (*_columns("Expected", partly), Column("", style="bar", spare=True)),
        rows,
        ((*_summed(report.total, "All", partly), ""),),
        chart=Chart(
            "bars",
            "Forecast by the month of the expected decision; months without a deal are left out",
            labels,
            (series,),
            report.currency,
        ),
    )


_OPEN = (
    Column("Expected"),
    Column("Customer", least=12),
    Column("Deal", least=10),
    Column("Value", "right", spare=True),
    Column("Chance", "right", spare=True),
    Column("Age", "right", spare=True),
)


def _open(report: DealsReport) -> Iterator[Grid]:
    """Those whose day has passed, and the others."""
    listed = [deal for deal in report.deals if deal.state == "open"]
    overdue = [deal for deal in listed if deal.overdue_days]
    coming = listed[len(overdue) :]
    left = report.total.deals - len(listed)
    rest = f"and {left} more" if left else ""
    if overdue:
        yield Grid("Overdue", _OPEN, tuple(map(_open_row, overdue)), rest="" if coming else rest)
    if coming:
        yield Grid("Coming", _OPEN, tuple(map(_open_row, coming)), rest=rest)


def _open_row(deal: Deal) -> Row:
    return (
        str(deal.expected or "no date"),
        Cell(deal.name, deal.customer, deal.file),
        deal.deal,
        _worth(deal),
        "" if deal.chance is None else f"{deal.chance}%",
        "" if deal.days is None else str(deal.days),
    )


def _worth(deal: Deal) -> str:
    if deal.amount is None:
        return ""
    return amount(deal.amount) if deal.amount == deal.value else f"{amount(deal.amount)} {deal.currency}"


def _decided(report: DealsReport) -> Grid:
    both = (report.won, report.lost)
    decided, valued = sum(one.deals for one in both), sum(one.valued for one in both)
    of = (Column("Of", "right"),) if valued < decided else ()
    columns = (
        Column("", least=4),
        Column("Deals", "right"),
        Column("Share", "right"),
        Column("Value", "right"),
        *of,
        Column("Share", "right"),
        Column("Mean days", "right", spare=True),
        Column("Of", "right", spare=True),
    )

    def row(name: str, one: Decided) -> Row:
        return (
            name,
            str(one.deals),
            marked(percent(one.share), decided),
            amount(one.value),
            *(str(one.valued) for _column in of),
            marked(percent(one.share_of_value), valued),
            marked("" if one.mean_days is None else str(one.mean_days), one.timed),
            str(one.timed),
        )

    return Grid(
        f"Decided {span(report.start, report.end)}", columns, (row("Won", report.won), row("Lost", report.lost))
    )


def _reasons(report: DealsReport) -> Grid:
    columns = (Column("Reason", least=12), Column("Deals", "right"), Column("Value", "right"))
    rows = tuple((one.reason or "not told", str(one.deals), amount(one.value)) for one in report.reasons)
    return Grid("Why they were lost", columns, rows)


def _remarks(report: DealsReport) -> Iterator[str]:
    """What one has to know to read the figures."""
    total = report.total
    if not total.deals and not report.won.deals + report.lost.deals:
        yield "No deals. One is a line in a note: [deal:: Terrace] [value:: 4 500 €] [chance:: 60 %]"
    if total.deals:
        of = f" known of {total.weighed} of {total.deals}" if _partly(total) else ""
        yield f"Forecast: value by chance,{of}." if of else "Forecast: value by chance."
    if total.deals and report.aged < total.deals:
        yield (
            f"Age: days since the deal was opened, known of {report.aged} of {total.deals}."
            " The others lack [opened:: 2026-09-24] in their line."
        )
    if 0 < report.won.deals + report.lost.deals < FEW or any(0 < one.timed < FEW for one in (report.won, report.lost)):
        yield FEW_REMARK
    apart = (Apart(one.currency, one.value, one.deals) for one in report.apart)
    yield from foreign_remarks(report.converted, apart, "deal")
