"""The retention shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from plaincrm.index.buyers import LEAST
from plaincrm.render.amounts import amount
from plaincrm.render.lines import Column
from plaincrm.render.period import FEW_REMARK, marked, percent, span, unfinished_remark
from plaincrm.render.sheet import Cell, Chart, Grid, Item, Items, Row, Series, Sheet
from plaincrm.reports.cohorts import Cohort, CohortCell
from plaincrm.reports.figures import FEW
from plaincrm.reports.losses import Loss, Reason
from plaincrm.reports.retention import Base, Rates, RetentionReport
from plaincrm.reports.rhythm import Rhythm, Spacing, in_words, next_in_words

FIELDS = ("what", "customers", "change", "revenue", "margin")
_SHOWN = 12  # cohorts, and years or quarters after the first purchase: as many as a page holds
_NAMES = {
    "won": "Won",
    "returned": "Returned",
    "grown": "Grown",
    "shrunk": "Shrunk",
    "same": "Same",
    "lost": "Lost",
}


def data(report: RetentionReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "from": report.start,
        "to": report.end,
        "before": {"from": report.before_start, "to": report.before_end},
        "today": report.today,
        "currency": report.currency,
        "opening": report.opening,
        "steps": report.steps,
        "closing": report.closing,
        "rates": report.rates,
        "by": report.by,
        "cohorts": report.cohorts,
        "lost": report.losses.customers,
        "reasons": report.losses.reasons,
        "rhythms": {
            "known": report.rhythms.known,
            "cooling": report.rhythms.cooling,
            "too_few": report.rhythms.too_few,
            "customers": [_rhythm(rhythm) for rhythm in report.rhythms.customers],
        },
        "converted": report.converted,
        "apart": report.apart,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def _rhythm(rhythm: Rhythm) -> dict[str, Any]:
    named = rhythm._asdict()
    found = named.pop("spacing")
    return {**named, **found._asdict(), "why": in_words(found)}


def tables(report: RetentionReport) -> dict[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]:
    """What CSV has, by name."""
    opening, closing = report.opening, report.closing
    cells = [(cohort.name, cohort.size, *cell) for cohort in report.cohorts for cell in cohort.cells]
    rhythms = [_rhythm(rhythm) for rhythm in report.rhythms.customers]
    named = [field for field in Rhythm._fields if field != "spacing"]
    return {
        "bridge": (
            FIELDS,
            [
                ("opening", opening.customers, opening.customers, opening.revenue, opening.margin),
                *report.steps,
                ("closing", closing.customers, closing.customers, closing.revenue, closing.margin),
            ],
        ),
        "rates": (Rates._fields, [report.rates]),
        "cohorts": (("cohort", "size", *CohortCell._fields), cells),
        "lost": (Loss._fields, report.losses.customers),
        "reasons": (Reason._fields, report.losses.reasons),
        "rhythms": ((*named, *Spacing._fields, "why"), [list(rhythm.values()) for rhythm in rhythms]),
    }


def sheet(report: RetentionReport, limit: int) -> Sheet:
    """The bridge and its rates, the cohorts, who was lost and why, and who is cooling."""
    bought = report.opening.customers or report.closing.customers
    parts = [_bridge(report), _rates(report)] if bought or report.opening.revenue or report.closing.revenue else []
    if report.cohorts:
        parts.append(_cohorts(report))
    if report.losses.reasons:
        parts.append(_reasons(report))
    told: tuple[Items, ...] = tuple(part for part in (_lost(report, limit), _cooling(report, limit)) if part.items)
    return Sheet(
        f"Retention {span(report.start, report.end)}",
        f"compared with {span(report.before_start, report.before_end)} · {report.currency}, excluding VAT",
        (*parts, *told),
        tuple(_remarks(report)),
        report.unread,
    )


def _bridge(report: RetentionReport) -> Grid:
    columns = (
        Column("Customers who", least=12),
        Column("Number", "right"),
        Column("Revenue", "right"),
        Column("Margin", "right", spare=True),
    )
    shown = [step for step in report.steps if step.customers or step.revenue or step.margin or step.move != "same"]
    rows: list[Row] = [_base("Bought before", report.opening)]
    for step in shown:
        number = f"{step.change:+}" if step.change else str(step.customers)
        rows.append((_NAMES[step.move], number, _signed(step.revenue), _signed(step.margin)))
    values = (report.opening.revenue, *(step.revenue for step in shown), report.closing.revenue)
    labels = ("Before", *(_NAMES[step.move] for step in shown), "Now")
    chart = Chart("bridge", "Revenue from one period to the other", labels, (Series("Revenue", values),))
    return Grid("", columns, tuple(rows), (_base("Bought now", report.closing),), chart=chart)


def _base(name: str, base: Base) -> Row:
    return (name, str(base.customers), amount(base.revenue), amount(base.margin))


def _signed(value: Decimal) -> str:
    """A change, with its sign."""
    return f"{value:+,.2f}" if value else amount(Decimal(0))


def _rates(report: RetentionReport) -> Grid:
    rates, opening, closing = report.rates, report.opening.customers, report.closing.customers
    return Grid(
        "What was kept",
        (Column("Rate", least=18), Column("Share", "right"), Column("Of", least=20, spare=True)),
        (
            (
                "Customer retention",
                marked(percent(rates.retention), opening),
                f"{rates.kept} of {opening} customers bought again",
            ),
            (
                "Revenue retention, gross",
                marked(percent(rates.gross_revenue), opening),
                "kept of the revenue before, without growth",
            ),
            ("Revenue retention, net", marked(percent(rates.net_revenue), opening), "the same with growth"),
            (
                "Repeat purchase",
                marked(percent(rates.repeat_purchase), closing),
                f"{rates.repeated} of {closing} customers bought more than once",
            ),
        ),
    )


def _cohorts(report: RetentionReport) -> Grid:
    shown = report.cohorts[-_SHOWN:]
    widest = min(_SHOWN, max(len(cohort.cells) for cohort in shown))
    columns = (
        Column("First bought"),
        Column("Number", "right"),
        *(Column(f"+{after}", "right", spare=after > 1) for after in range(1, widest + 1)),
    )
    left = len(report.cohorts) - len(shown)
    return Grid(
        f"Share that bought again, by the {report.by} of the first purchase",
        columns,
        tuple(_cohort(cohort, widest) for cohort in shown),
        rest=f"and {left} earlier" if left else "",
        heat=True,
    )


def _cohort(cohort: Cohort, widest: int) -> Row:
    cells = [
        Cell(marked(f"{cell.share * 100:.0f}%{'' if cell.complete else '+'}", cohort.size), level=cell.share)
        for cell in cohort.cells[:widest]
    ]
    return (cohort.name, marked(str(cohort.size), cohort.size), *cells, *[""] * (widest - len(cells)))


def _reasons(report: RetentionReport) -> Grid:
    most = max(reason.customers for reason in report.losses.reasons)
    return Grid(
        "Why they were lost",
        (
            Column("Reason", least=12),
            Column("Customers", "right"),
            Column("", style="bar", spare=True),
            Column("Revenue before", "right"),
        ),
        tuple(
            (
                reason.reason or "not told",
                str(reason.customers),
                Cell("", level=Decimal(reason.customers) / most),
                amount(reason.revenue),
            )
            for reason in report.losses.reasons
        ),
    )


def _lost(report: RetentionReport, limit: int) -> Items:
    told, count = report.losses.customers, sum(reason.customers for reason in report.losses.reasons)
    left = count - limit if limit else 0
    items = tuple(
        Item(
            "",
            Cell(loss.name, loss.customer, loss.file),
            _why(loss),
            (_fate(loss),),
            f"{loss.file}:{loss.line}",
        )
        for loss in told[: limit or None]
    )
    return Items("Lost", items, f"and {left} more" if left > 0 else "")


def _why(loss: Loss) -> str:
    """The reason of a loss and its day, as far as they are told."""
    reason = loss.reason or ("lost" if loss.lost_on else "fell silent")
    return f"{reason}, {loss.lost_on}" if loss.lost_on else reason


def _fate(loss: Loss) -> str:
    """What a lost customer brought, and how long nobody had spoken with them."""
    brought = f"Brought {amount(loss.revenue)} in the period before, last bought on {loss.last_purchase}."
    if not loss.counted:
        brought = f"Last bought on {loss.last_purchase}, so the bridge does not count them as lost."
    if loss.last_contact is None:
        return f"{brought} No contact before that."
    days = f"{loss.silent_days} day{'s' if loss.silent_days != 1 else ''}"
    until = "before the loss" if loss.lost_on else "of silence since"
    return f"{brought} Last contact {loss.last_contact} ({loss.last_channel}), {days} {until}."


def _cooling(report: RetentionReport, limit: int) -> Items:
    cooling = [rhythm for rhythm in report.rhythms.customers if rhythm.spacing.state == "cooling"]
    left = report.rhythms.cooling - limit if limit else 0
    items = tuple(
        Item(
            "",
            Cell(rhythm.name, rhythm.customer, rhythm.file),
            f"{amount(rhythm.revenue)} in both periods",
            (in_words(rhythm.spacing), next_in_words(rhythm.spacing)),
            f"{rhythm.file}:{rhythm.line}",
        )
        for rhythm in cooling[: limit or None]
    )
    return Items("Cooling: silent for longer than ever", items, f"and {left} more" if left > 0 else "")


def _remarks(report: RetentionReport) -> Iterator[str]:
    rhythms = report.rhythms
    if not any(step.customers for step in report.steps):
        yield "Nobody bought in either period."
    if rhythms.known or rhythms.too_few:
        yield (
            f"Of {rhythms.known} customers with a rhythm {rhythms.cooling} are cooling on {report.today};"
            f" {rhythms.too_few} bought on fewer than {LEAST} days, too few to tell."
        )
    yield from unfinished_remark(report.end, report.today)
    if any(not cell.complete for cohort in report.cohorts for cell in cohort.cells):
        yield f"+ The {report.by} is not over: the share can still grow."
    unknown = [base.revenue - base.revenue_with_margin for base in (report.opening, report.closing)]
    if any(unknown):
        yield (
            f"The margin of {amount(unknown[0])} of the revenue before and {amount(unknown[1])} of it now is not known"
            " and in no margin."
        )
    if report.converted:
        yield f"Converted by [rates]: {', '.join(report.converted)}."
    for apart in report.apart:
        sales = f"{apart.sales} sale{'s' if apart.sales != 1 else ''}"
        yield f"Not counted: {amount(apart.revenue)} {apart.currency} ({sales}); [rates] has none for {apart.currency}."
    few = (report.opening.customers, report.closing.customers, *(cohort.size for cohort in report.cohorts))
    if any(0 < n < FEW for n in (*few, *(rhythm.spacing.n for rhythm in rhythms.customers))):
        yield FEW_REMARK
