"""The trend of a report shown: the course of each figure, then the points one by one."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from plaincrm.render.amounts import amount
from plaincrm.render.bars import sparkline
from plaincrm.render.lines import Column
from plaincrm.render.period import FEW_REMARK, marked, percent
from plaincrm.render.sheet import Chart, Grid, Row, Series, Sheet
from plaincrm.reports.figures import FEW
from plaincrm.reports.trend import TIMELESS, Figure, Point, TrendReport

_ENDS = {"week": "weeks", "month": "months", "quarter": "quarters", "year": "years"}
_WIDE = 5  # figures beside the days on a narrow page
_SHORT = {"nps": "NPS", "ces": "CES", "csat": "CSAT"}


def data(report: TrendReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "report": report.report,
        "every": report.every,
        "clock": report.clock,
        "period": None if report.report in TIMELESS else report.period,
        "query": report.query,
        "currency": report.currency,
        "points": [
            {
                "date": point.day,
                "commit": point.commit or None,
                "figures": {figure.name: _told(figure) for figure in point.figures},
            }
            for point in report.points
        ],
        "skipped": report.skipped,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def _told(figure: Figure) -> dict[str, Any]:
    return {"value": figure.value, "unit": figure.unit, "n": figure.n}


def fields(report: TrendReport) -> tuple[str, ...]:
    """The titles of the columns as CSV has them: what figures are of stands beside them."""
    found: tuple[str, ...] = ("date", "commit")
    for name, sample in _figures(report).items():
        found += (name,) if sample.n is None else (name, f"{name}_n")
    return found


def rows(report: TrendReport) -> Iterator[tuple[Any, ...]]:
    """The points as CSV has them."""
    known = _figures(report)
    for point in report.points:
        of = {figure.name: figure for figure in point.figures}
        row: tuple[Any, ...] = (point.day, point.commit)
        for name, sample in known.items():
            figure = of.get(name)
            row += (figure and figure.value,) if sample.n is None else (figure and figure.value, figure and figure.n)
        yield row


def _figures(report: TrendReport) -> dict[str, Figure]:
    """The figures that any point has, by name; of the agenda's kinds those that any point has a line of."""
    found: dict[str, Figure] = {}
    for point in report.points:
        for figure in point.figures:
            if report.report != "agenda" or figure.value or figure.name in ("lines", "overdue"):
                found.setdefault(figure.name, figure)
    return found


def sheet(report: TrendReport) -> Sheet:
    """The course of each figure from the first point to the last, and all points."""
    ends = _ENDS[report.every]
    count = len(report.points)
    title = f"Trend of {report.report} at the end of {ends}"
    about = f"{count} point{'s' if count != 1 else ''}"
    if count:
        about += f", {report.points[0].day} to {report.points[-1].day}"
    parts = (_course(report), _points(report)) if count else ()
    return Sheet(title, about, parts, tuple(_remarks(report)), report.unread)


def _course(report: TrendReport) -> Grid:
    columns = (Column("Figure"), Column("Course"), Column("First", "right"), Column("Last", "right"))
    rows: list[Row] = []
    for name in _figures(report):
        found = [_of(point, name) for point in report.points]
        known = [figure for figure in found if figure and figure.value is not None]
        first, last = (_shown(known[0]), _shown(known[-1])) if known else ("–", "–")
        rows.append((_title(name), sparkline([figure and figure.value for figure in found]), first, last))
    return Grid("", columns, tuple(rows), chart=_chart(report))


def _chart(report: TrendReport) -> Chart | None:
    """The first figure and those of its unit that are of its kind, as lines."""
    known = [*_figures(report).items()]
    if len(report.points) < 2 or not known:
        return None
    unit = known[0][1].unit
    names = [name for name, figure in known if figure.unit == unit][:3]
    labels = tuple(str(point.day) for point in report.points)
    lines = tuple(Series(_title(name), tuple(_number(_of(point, name)) for point in report.points)) for name in names)
    return Chart("lines", f"{_title(names[0])} at the end of {_ENDS[report.every]}", labels, lines)


def _points(report: TrendReport) -> Grid:
    names = [*_figures(report)]
    columns = (
        Column("Up to"),
        *(Column(_title(name), "right", spare=at >= _WIDE) for at, name in enumerate(names)),
        *([Column("Commit", spare=True)] if report.clock == "committed" else []),
    )
    rows: list[Row] = []
    for point in report.points:
        figures = (_of(point, name) for name in names)
        commit = (point.commit[:7],) if point.commit else ()
        rows.append((str(point.day), *(_shown(figure) if figure else "–" for figure in figures), *commit))
    return Grid("Point by point", columns, tuple(rows))


def _of(point: Point, name: str) -> Figure | None:
    return next((figure for figure in point.figures if figure.name == name), None)


def _number(figure: Figure | None) -> Decimal | None:
    return None if figure is None or figure.value is None else Decimal(figure.value)


def _shown(figure: Figure) -> str:
    """A figure as people read it; a dash where nothing can be said."""
    value = figure.value
    if value is None:
        return "–"
    if figure.unit == "money":
        text = amount(Decimal(value))
    elif figure.unit == "share":
        text = percent(Decimal(value))
    elif figure.unit == "minutes":
        hours, minutes = divmod(int(value), 60)
        text = f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
    else:
        text = f"{value:.1f}" if figure.unit == "points" else f"{value:,}"
    return text if figure.n is None else marked(text, figure.n)


def _title(name: str) -> str:
    words = name.replace("_", " ").replace("-", " ")
    return _SHORT.get(name, words[:1].upper() + words[1:])


def _remarks(report: TrendReport) -> Iterator[str]:
    """How the points were made, and what one has to know to read them."""
    of = "" if report.report in TIMELESS else f" Its figures are of --period {report.period}."
    if report.clock == "committed":
        yield f"Each point is of the vault as it was committed by the end of its day.{of}"
    else:
        yield f"Each point is of what is known now, without what is dated later than its day.{of}"
    if report.report == "value":
        yield "The margin is of the sales whose margin is known."
    if report.skipped:
        last = report.skipped[-1]
        yield f"Nothing was committed up to {last}: {len(report.skipped)} earlier points are left out."
    shown = [figure for point in report.points for figure in point.figures if figure.value is not None]
    if any(figure.n is not None and figure.n < FEW for figure in shown):
        yield FEW_REMARK
