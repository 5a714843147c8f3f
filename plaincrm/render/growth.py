"""The growth shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from plaincrm.render.amounts import amount
from plaincrm.render.bars import sparkline
from plaincrm.render.lines import Column
from plaincrm.render.period import FEW_REMARK, marked, percent, span
from plaincrm.render.sheet import Cell, Chart, Grid, Prose, Row, Series, Sheet
from plaincrm.reports.figures import FEW
from plaincrm.reports.growth import GrowthReport, Month, Referrer, Source, month_of_today
from plaincrm.reports.journey import Step
from plaincrm.reports.stages import Stage

_BASE = ("New", "Returned", "Lost", "Active", "Cooling", "Base")
_SPARE = ("Returned", "Active", "Cooling")
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
FIELDS = (*Month._fields, "base")
_STEPS = {
    "contact": "First contact",
    "need": "Need told",
    "comparison": "Comparing",
    "decision": "Decision",
    "order": "Order",
    "purchase": "First purchase",
}


def data(report: GrowthReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "from": report.start,
        "to": report.end,
        "today": report.today,
        "currency": report.currency,
        "active": report.active,
        "lost": report.lost,
        "months": [{**month._asdict(), "base": month.base} for month in report.months],
        "stages": report.stages,
        "history_since": report.history_since,
        "steps": report.steps,
        "sources": report.sources,
        "referrers": report.referrers,
        "converted": report.converted,
        "apart": report.apart,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def tables(report: GrowthReport) -> dict[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]:
    """What CSV has, by name."""
    return {
        "months": (FIELDS, [(*month, month.base) for month in report.months]),
        "stages": (Stage._fields, report.stages),
        "steps": (Step._fields, report.steps),
        "sources": (Source._fields, report.sources),
        "referrers": (Referrer._fields, report.referrers),
    }


def sheet(report: GrowthReport, limit: int) -> Sheet:
    """The months, the way from first contact to purchase, the sources, and the stages now."""
    parts: list[Grid | Prose] = []
    money = f"{report.currency}, excluding VAT"
    if report.months:
        parts.append(_months(report))
    if report.steps[0].reached:
        parts.append(_steps(report))
    if report.sources:
        parts.append(_sources(f"Where new customers came from · {money}", report.sources, limit))
    if report.referrers:
        parts.append(_referrers(f"Who brought them · {money}", report.referrers, limit))
    if report.stages:
        parts.append(_stages(report))
    new = sum(month.new for month in report.months)
    months = f", months {report.months[0].month} to {report.months[-1].month}" if report.months else ""
    return Sheet(
        f"Growth {span(report.start, report.end)}",
        f"{new} new customer{'s' if new != 1 else ''}{months}",
        tuple(parts),
        tuple(_remarks(report)),
        report.unread,
    )


def _months(report: GrowthReport) -> Grid:
    months = report.months
    most = max(1, *(month.base for month in months))
    columns = (
        Column("Month"),
        *(Column(title, "right", spare=title in _SPARE) for title in _BASE),
        Column("", style="bar", spare=True),
    )
    rows: list[Row] = []
    for month in months:
        so_far = "+" if month is months[-1] and month_of_today(report) else ""
        figures = (month.new, month.returned, month.lost, month.active, month.cooling, month.base)
        rows.append((month.month + so_far, *map(str, figures), Cell("", level=Decimal(month.base) / most)))
    totals = (sum(month.new for month in months), sum(month.returned for month in months), sum(m.lost for m in months))
    labels = tuple(month.month for month in months)
    lines = (
        Series("Active", tuple(Decimal(month.active) for month in months)),
        Series("Cooling", tuple(Decimal(month.cooling) for month in months)),
    )
    course = " · ".join(
        f"{title} {sparkline([getattr(month, title.lower()) for month in months])}" for title in ("New", "Lost")
    )
    return Grid(
        "Customers by month",
        columns,
        tuple(rows),
        (("All", *map(str, totals), "", "", "", ""),) if len(months) > 1 else (),
        rest=course if len(months) > 1 else "",
        chart=Chart("lines", "Active and cooling customers at the end of each month", labels, lines),
    )


def _steps(report: GrowthReport) -> Grid:
    columns = (
        Column("Step", least=12),
        Column("From then on a", spare=True),
        Column("Reached", "right"),
        Column("Share", "right"),
        Column("Median days", "right", spare=True),
        Column("Of", "right", spare=True),
        Column("", style="bar", spare=True),
    )
    came = report.steps[0].reached
    rows = tuple(
        (
            _STEPS[step.step],
            step.stage,
            str(step.reached),
            marked(percent(step.share), came),
            marked(_days(step.days), step.noted),
            str(step.noted),
            Cell("", level=step.share),
        )
        for step in report.steps
    )
    return Grid("From the first contact to the first purchase", columns, rows)


def _brought(of: Source | Referrer, most: int) -> Row:
    return str(of.customers), Cell("", level=Decimal(of.customers) / most), amount(of.revenue), amount(of.margin)


def _from(title: str) -> tuple[Column, ...]:
    return (
        Column(title, least=16),
        Column("New", "right"),
        Column("", style="bar", spare=True),
        Column("Revenue", "right"),
        Column("Margin", "right", spare=True),
    )


def _sources(title: str, sources: tuple[Source, ...], limit: int) -> Grid:
    most = max(source.customers for source in sources)
    rows: list[Row] = [(source.source or "not told", *_brought(source, most)) for source in sources[: limit or None]]
    return Grid(title, _from("Source"), tuple(rows), rest=_rest(len(sources), limit))


def _referrers(title: str, referrers: tuple[Referrer, ...], limit: int) -> Grid:
    most = max(referrer.customers for referrer in referrers)
    rows: list[Row] = []
    for referrer in referrers[: limit or None]:
        known = referrer.name is not None
        name = Cell(referrer.name or referrer.customer, referrer.customer if known else "", referrer.file)
        rows.append((name, *_brought(referrer, most)))
    return Grid(title, _from("Customer"), tuple(rows), rest=_rest(len(referrers), limit))


def _rest(count: int, limit: int) -> str:
    return f"and {count - limit} more" if limit and count > limit else ""


def _stages(report: GrowthReport) -> Grid:
    most = max(1, *(stage.customers for stage in report.stages))
    told = (Column("Median days", "right"), Column("Of", "right")) if _timed(report) else ()
    rows = tuple(
        (
            stage.stage or "none",
            str(stage.customers),
            *((marked(_days(stage.days), stage.timed), str(stage.timed)) if told else ()),
            Cell("", level=Decimal(stage.customers) / most),
        )
        for stage in report.stages
    )
    columns = (Column("Stage"), Column("Customers", "right"), *told, Column("", style="bar", spare=True))
    return Grid(f"Stages on {report.today}", columns, rows)


def _days(days: Decimal | None) -> str:
    return "" if days is None else f"{days:.1f}"


def _timed(report: GrowthReport) -> int:
    """How often a stage was left in the period after a time that is known."""
    return sum(stage.timed for stage in report.stages)


def _length(text: str) -> str:
    """A length of time in words: `12m` is 12 months."""
    return f"{text[:-1]} {_UNITS[text[-1]]}"


def _remarks(report: GrowthReport) -> Iterator[str]:
    if report.months:
        yield (
            f"Active: bought in the last {_length(report.active)}. Cooling: in the last {_length(report.lost)}. Lost:"
            " by lost_on, or silent for longer (in retention: whoever bought the time before and not again). Base:"
            " active and cooling."
        )
        if month_of_today(report):
            yield f"+ Until {report.today}."
    if report.steps[0].reached:
        no_git = "" if report.history_since else " On which day a stage was changed stands in no note."
        yield (
            "From the log: days count from the first contact to the first mark of a step, of those whose notes have"
            f" one.{no_git}"
        )
    if report.history_since:
        yield f"From git since {report.history_since}: " + (
            "after how many days customers left a stage in the period, where git knows since when they had been in it."
            if _timed(report)
            else "nobody left a stage in the period after a time that is known."
        )
    unknown = sum((source.revenue - source.revenue_with_margin for source in report.sources), Decimal(0))
    if unknown:
        yield f"The margin of {amount(unknown)} of the revenue is not known and in no margin."
    if report.converted:
        yield f"Converted by [rates]: {', '.join(report.converted)}."
    for apart in report.apart:
        sales = f"{apart.sales} sale{'s' if apart.sales != 1 else ''}"
        yield f"Not counted: {amount(apart.revenue)} {apart.currency} ({sales}); [rates] has none for {apart.currency}."
    if any(0 < n < FEW for n in (*(step.noted for step in report.steps), *(stage.timed for stage in report.stages))):
        yield FEW_REMARK
