"""The season shown: a heat map of months by years, and the index of each month of the year."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from plaincrm.render.amounts import amount, foreign_remarks
from plaincrm.render.lines import Column
from plaincrm.render.period import span
from plaincrm.render.sheet import Cell, Chart, Grid, Prose, Row, Series, Sheet
from plaincrm.reports.figures import FEW
from plaincrm.reports.season import MONTHS, NEEDED, SeasonReport, Year

FIELDS = ("year", "month", "value", "index")


def data(report: SeasonReport) -> dict[str, Any]:
    """The report as JSON has it."""

    def told(value: Decimal | None) -> Decimal | int | None:
        return value if value is None or report.of != "purchases" else int(value)

    return {
        "from": report.start,
        "to": report.end,
        "today": report.today,
        "of": report.of,
        "currency": report.currency,
        "years": [
            {
                "year": year.year,
                "over": year.over,
                "months": [told(value) for value in year.months],
                "no_month": told(year.no_month),
                "total": told(year.total),
            }
            for year in report.years
        ],
        "total": told(report.total),
        "index": [
            {
                "month": one.month,
                "index": one.value,
                "ratios": [ratio._asdict() | {"value": told(ratio.value)} for ratio in one.ratios],
            }
            for one in report.indexes
        ]
        or None,
        "whole_months": report.whole_months,
        "first_whole": report.first_whole,
        "last_whole": report.last_whole,
        "revenue": report.known.revenue,
        "revenue_with_margin": report.known.revenue_with_margin,
        "converted": report.converted,
        "apart": report.apart,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def rows(report: SeasonReport) -> Iterator[tuple[int, int | None, Decimal, Decimal | None]]:
    """A row a month as CSV has them; without a month is what is dated by the year alone."""
    index = {one.month: one.value for one in report.indexes}
    for year in report.years:
        for month, value in enumerate(year.months, 1):
            if value is not None:
                yield year.year, month, value, index.get(month)
        if year.no_month:
            yield year.year, None, year.no_month, None


def sheet(report: SeasonReport) -> Sheet:
    """Months down, years across with the latest first, so that a narrow page leaves out the oldest."""
    unit = "purchases" if report.of == "purchases" else f"{report.of} in whole {report.currency}"
    return Sheet(
        f"Season {span(report.start, report.end)}",
        f"{unit}{', excluding VAT' if report.of == 'revenue' else ''}",
        (_grid(report) if report.years else Prose("", ("No sales in this time.",)),),
        tuple(_remarks(report)),
        report.unread,
    )


def _grid(report: SeasonReport) -> Grid:
    years = report.years[::-1]
    columns = [Column("Month"), *(Column(_title(year), "right", spare=at > 0) for at, year in enumerate(years))]
    top = max((value for year in years for value in year.months if value is not None), default=Decimal(0))
    indexes = {one.month: one.value for one in report.indexes}
    highest = max(indexes.values(), default=Decimal(0))
    if indexes:
        columns += [Column("Index", "right"), Column("", style="bar", spare=True)]

    def row(month: int) -> Row:
        cells = [_cell(year.months[month - 1], top) for year in years]
        index = indexes.get(month)
        told = () if index is None else (f"{index:.2f}", Cell("", level=index / highest))
        return (MONTHS[month - 1], *cells, *told)

    blank = ("", "") if indexes else ()
    sums: list[Row] = []
    if any(year.no_month for year in years):
        sums.append(("No month", *(_whole(year.no_month) if year.no_month else "" for year in years), *blank))
    sums.append(("Year", *(_whole(year.total) for year in years), *blank))
    values = tuple(indexes[month] for month in sorted(indexes))
    chart = Chart("bars", "Index of each month: 1 is a usual month", MONTHS, (Series("Index", values),))
    return Grid(
        "",
        tuple(columns),
        tuple(map(row, range(1, 13))),
        tuple(sums),
        heat=True,
        chart=chart if indexes else None,
    )


def _title(year: Year) -> str:
    return f"{year.year}" if year.over else f"{year.year} to date"


def _cell(value: Decimal | None, top: Decimal) -> Cell:
    return Cell("") if value is None else Cell(_whole(value), level=value / top if top > 0 else None)


def _whole(value: Decimal) -> str:
    """An amount without its cents: what a season is like is seen better so, and programs have all of it."""
    return f"{round(value):,}"


def _remarks(report: SeasonReport) -> Iterator[str]:
    """What one has to know to read the figures."""
    if report.start > report.today:
        yield "This time is still to come: what is dated in it is a plan."
    if report.indexes:
        counts = [len(one.ratios) for one in report.indexes]
        of = f"{min(counts)}" if min(counts) == max(counts) else f"{min(counts)} to {max(counts)}"
        few = ": few, so take it for a hint" if min(counts) < FEW else ""
        yield (
            f"Index: 1 is a usual month. From the {report.whole_months} whole months {report.first_whole} to"
            f" {report.last_whole}, {of} of each month{few}."
        )
    elif report.whole_months < NEEDED and report.years:
        there = f", {report.first_whole} to {report.last_whole}" if report.whole_months else ""
        yield (
            f"No index: it needs {NEEDED} whole months from the first sale on, and there are"
            f" {report.whole_months}{there}."
        )
    elif report.years:
        yield "No index: around some month there was nothing to compare it with."
    if any(year.no_month for year in report.years):
        yield "No month: sales dated by the year alone. They are in the year, and not in the index."
    if report.of == "margin" and report.known.revenue != report.known.revenue_with_margin:
        unknown = report.known.revenue - report.known.revenue_with_margin
        yield f"The margin of {amount(unknown)} of the revenue is not known and in no figure."
    yield from foreign_remarks(report.converted, report.apart)
