"""The overview shown: its key figures, then each report as a sheet of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from plaincrm.render import deals, experience, growth, promises, response, retention, season, targets, tiers, value
from plaincrm.render import value_groups as months
from plaincrm.render.amounts import amount, margin, planned_remark
from plaincrm.render.escape import html_days, html_text
from plaincrm.render.lines import BLANK, Column, Line
from plaincrm.render.page import page
from plaincrm.render.period import marked, percent, span, unfinished_remark
from plaincrm.render.sheet import Cell, Chart, Grid, Row, Series, Sheet, text_of
from plaincrm.render.sheet_markdown import blocks
from plaincrm.render.sheet_page import STYLE, Link, sheet_notes, sheet_parts
from plaincrm.render.sheet_text import lines
from plaincrm.reports.overview import Overview, Week

_LINES = 5  # of promises and messages, which the agenda has day by day


FIELDS = ("figure", "value", "n")


class Shown(NamedTuple):
    """How much of an overview is shown: so many customers one by one, 0 being all, and some parts, or all of them."""

    limit: int = 0
    parts: tuple[str, ...] = ()


class Figure(NamedTuple):
    """A key figure as people read it, and of what or how many it is."""

    name: str
    value: str
    of: str


def data(report: Overview) -> dict[str, Any]:
    """Each report as its own command's JSON has it."""
    return {
        "from": report.start,
        "to": report.end,
        "today": report.today,
        "value": value.data(report.value),
        "months": months.data(report.months),
        "season": season.data(report.season),
        "retention": retention.data(report.retention) if report.retention else None,
        "tiers": tiers.data(report.tiers),
        "growth": growth.data(report.growth),
        "deals": deals.data(report.deals),
        "experience": experience.data(report.experience),
        "promises": promises.data(report.promises),
        "response": response.data(report.response),
        "targets": targets.data(report.targets),
        "load": report.load,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def rows(report: Overview) -> list[tuple[str, Decimal | int | None, int | None]]:
    """The key figures as CSV has them: bare numbers, shares as fractions, and of how many each is."""
    totals, kept, pipeline = report.value.totals, report.retention, report.deals.total
    found: list[tuple[str, Decimal | int | None, int | None]] = [
        ("revenue", totals.revenue, totals.purchases),
        ("margin", totals.margin, totals.purchases),
        ("customers", totals.customers, None),
    ]
    if kept:
        won = next(step for step in kept.steps if step.move == "won")
        found += [
            ("revenue_before", kept.opening.revenue, None),
            ("new_customers", won.customers, None),
            ("retention", kept.rates.retention, kept.opening.customers),
        ]
    for score in report.experience.totals.scores:
        found.append((score.question, score.score.value if score.score else None, score.n))
    ours = next((of for of in report.promises.totals if of.owes == "us"), None)
    met = report.response.totals
    return [
        *found,
        ("promises_kept_in_time", ours.share_kept if ours else None, ours.n if ours else 0),
        ("answered_in_time", met.share_met, met.n),
        ("open_deals_forecast", pipeline.forecast, pipeline.weighed),
    ]


def text(report: Overview, shown: Shown, width: int) -> Iterator[Line]:
    """One sheet after the other."""
    for at, sheet in enumerate(sheets(report, shown)):
        if at:
            yield BLANK
            yield BLANK
        yield from lines(sheet, width)


def markdown(report: Overview, shown: Shown) -> str:
    """One note, a section a sheet."""
    first, *others = sheets(report, shown)
    parts = [*blocks(first, 1), *(row for sheet in others for row in ("", *blocks(sheet, 2)))]
    return "\n".join(parts) + "\n"


def as_page(report: Overview, shown: Shown, link: Link) -> str:
    """One page, with its contents on top."""
    from plaincrm.render import charts  # noqa: PLC0415 (for pages only)

    first, *others = sheets(report, shown)
    return page(first.title, STYLE + charts.STYLE + _STYLE, _body(first, others, link))


_STYLE = """
.key { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(12.5rem, 44%), 1fr)); gap: 0.9rem 1.6rem;
  margin: 1.2rem 0 0.8rem; }
.key div { padding-top: 0.4rem; border-top: 2px solid var(--rule); break-inside: avoid; }
.key dt, .key dd { margin: 0; font-size: 0.85rem; color: var(--soft); }
.key .value { font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; color: var(--ink); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin: 1rem 0 0; padding: 0; list-style: none; }
article { margin-top: 2.5rem; padding-top: 0.5rem; border-top: 1px solid var(--rule); }
article h2 { margin: 0.5rem 0 0; border: 0; font-size: 1.35rem; }
@media print {
  nav { display: none; }
  article { margin-top: 1.2rem; }
  .key { grid-template-columns: repeat(3, 1fr); }
}
"""


def _body(first: Sheet, others: Sequence[Sheet], link: Link) -> Iterator[str]:
    yield from sheet_parts(first._replace(parts=(), remarks=(), unread={}), link, top=1)
    yield from _key(first)
    yield from sheet_notes(first)
    entries = (
        f'<li><a href="#part-{at}">{html_text(sheet.title.partition(" ")[0])}</a></li>'
        for at, sheet in enumerate(others, 1)
    )
    yield f'<nav aria-label="Contents"><ul>{"".join(entries)}</ul></nav>'
    for at, sheet in enumerate(others, 1):
        yield f'<article id="part-{at}">'
        yield from sheet_parts(sheet, link, top=2)
        yield "</article>"


def _key(first: Sheet) -> Iterator[str]:
    """The key figures side by side."""
    yield '<dl class="key">'
    for name, value_of, of in (row for part in first.parts if isinstance(part, Grid) for row in part.rows):
        told = f"<dd>{html_days(text_of(of))}</dd>" if of else ""
        shown = f'<dd class="value">{html_text(text_of(value_of))}</dd>'
        yield f"<div><dt>{html_text(text_of(name))}</dt>{shown}{told}</div>"
    yield "</dl>"


def sheets(report: Overview, shown: Shown) -> list[Sheet]:
    """The key figures, then the reports, each without the notes that could not be read: the first one names them."""
    limit, period = shown.limit, span(report.start, report.end)
    few = min(limit, _LINES) if limit else 0
    parts = {
        "months": months.sheet(report.months)._replace(title=f"Months {period}"),
        "customers": value.sheet(report.value, full=False)._replace(title=f"Customers {period}"),
        "season": season.sheet(report.season),
        "retention": retention.sheet(report.retention, limit) if report.retention else None,
        "tiers": _so_far(tiers.sheet(report.tiers), report),
        "growth": growth.sheet(report.growth, limit),
        "deals": deals.sheet(report.deals),
        "experience": experience.sheet(report.experience, few),
        "promises": promises.sheet(report.promises, few),
        "response": response.sheet(report.response, few),
        "targets": targets.sheet(report.targets) if report.targets.targets else None,
        "agenda": _load(report),
    }
    told = [sheet for name, sheet in parts.items() if sheet and (not shown.parts or name in shown.parts)]
    return [_key_figures(report), *(sheet._replace(unread={}) for sheet in told)]


def _so_far(sheet: Sheet, report: Overview) -> Sheet:
    """A sheet that judges by a period, with the remark that it is not over."""
    return sheet._replace(remarks=(*unfinished_remark(report.end, report.today), *sheet.remarks))


def _key_figures(report: Overview) -> Sheet:
    found = tuple(figures(report))
    few = any(figure.value.endswith("*") for figure in found)
    return Sheet(
        f"{report.name}, {span(report.start, report.end)}",
        f"as of {report.today}, {report.value.currency}, excluding VAT",
        (Grid("", (Column("Figure"), Column("", "right"), Column("Of", least=20)), found),),
        tuple(_remarks(report, few)),
        report.unread,
    )


def _remarks(report: Overview, few: bool) -> Iterator[str]:
    """What one has to know to read the key figures."""
    yield from unfinished_remark(report.end, report.today)
    yield from planned_remark(report.value.planned)
    if few:
        yield "* Of few, or of a part: see below."


def figures(report: Overview) -> Iterator[Figure]:
    """What one looks at first."""
    totals, kept = report.value.totals, report.retention
    yield Figure("Revenue", amount(totals.revenue), _counted(totals.purchases, "purchase"))
    yield Figure("Margin", margin(totals), _share_of(totals.margin, totals.revenue_with_margin))
    yield Figure("Customers who bought", str(totals.customers), "")
    if kept:
        change = totals.revenue - kept.opening.revenue
        before = f"from {amount(kept.opening.revenue)}, {span(kept.before_start, kept.before_end)}"
        yield Figure("Change of revenue", f"{'+' if change > 0 else ''}{amount(change)}", before)
        won = next(step for step in kept.steps if step.move == "won")
        yield Figure("New customers", str(won.customers), f"of {totals.customers} who bought")
        of = f"{kept.rates.kept} of {kept.opening.customers} bought again"
        yield Figure("Customers kept", marked(percent(kept.rates.retention), kept.opening.customers), of)
    for score in report.experience.totals.scores:
        if score.score is not None:
            yield Figure(*experience.key_figure(score))
    ours = next((of for of in report.promises.totals if of.owes == "us"), None)
    if ours and ours.n:
        yield Figure("Promises kept in time", marked(percent(ours.share_kept), ours.n), _counted(ours.n, "of ours"))
    if report.response.totals.n:
        met = report.response.totals
        yield Figure("Answered in time", marked(percent(met.share_met), met.n), _counted(met.n, "message"))
    pipeline = report.deals.total
    if pipeline.deals:
        of = f"{pipeline.weighed} of {pipeline.deals} deals, on {report.today}"
        yield Figure("Open deals, weighted", amount(pipeline.forecast), of)


def _share_of(part: Decimal, whole: Decimal) -> str:
    return f"{percent(part / whole)} of the revenue whose margin is known" if whole > 0 else ""


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 and not what.startswith('of ') else ''}"


def _load(report: Overview) -> Sheet:
    """What the agenda asks for in the coming weeks."""
    most = max((week.things for week in report.load), default=0)
    return Sheet(
        "Agenda of the coming weeks",
        f"from {report.today}",
        (
            Grid(
                "",
                (Column("Week"), Column("Things due", "right"), Column("", style="bar")),
                tuple(_week(week, most) for week in report.load),
                chart=Chart(
                    "bars",
                    "What falls due, week by week",
                    tuple(_name(week) for week in report.load),
                    (Series("Things due", tuple(Decimal(week.things) for week in report.load)),),
                ),
            ),
        ),
        ("Everything the agenda knows of these weeks by its own day; of what is overdue, the customers.",),
    )


def _week(week: Week, most: int) -> Row:
    return _name(week), str(week.things), Cell("", level=Decimal(week.things) / most if most else None)


def _name(week: Week) -> str:
    if week.monday is None:
        return "overdue"
    year, number, _day = week.monday.isocalendar()
    return f"{year}-W{number:02}"
