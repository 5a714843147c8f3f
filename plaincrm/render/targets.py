"""Targets shown: what was aimed at, what is there, the gap, and the customers who can close it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from plaincrm.render.amounts import foreign_remarks
from plaincrm.render.lines import Column
from plaincrm.render.period import percent
from plaincrm.render.sheet import Cell, Grid, Prose, Row, Sheet
from plaincrm.reports.targets import Closing, Target, TargetsReport

FIELDS = Target._fields
_WORDS = {"new": "new customers", "leads": "new leads"}


def data(report: TargetsReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "today": report.today,
        "currency": report.currency,
        "targets": [target._asdict() | _numbers(target) for target in report.targets],
        "closing": report.closing,
        "worklist": report.worklist,
        "converted": report.converted,
        "apart": report.apart,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def _numbers(target: Target) -> dict[str, Decimal | int]:
    """What is counted has no decimals; a target may be set with some, as 2.5 leads a month."""
    if target.money:
        return {}
    figures = {"wanted": target.wanted, "actual": target.actual, "gap": target.gap}
    return {name: int(figure) if figure == int(figure) else figure for name, figure in figures.items()}


def tables(report: TargetsReport) -> dict[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]:
    """What CSV has, by name."""
    return {
        "targets": (FIELDS, [list((target._asdict() | _numbers(target)).values()) for target in report.targets]),
        "worklist": (Closing._fields, report.worklist),
    }


def sheet(report: TargetsReport) -> Sheet:
    """The targets, then the worklist."""
    if not report.targets:
        return Sheet("Targets", "", (Prose("", _NONE),), (), report.unread)
    gaps = sum(target.gap > 0 for target in report.targets)
    parts = [Grid("", _COLUMNS, tuple(map(_row, report.targets)))]
    if report.worklist:
        parts.append(_worklist(report))
    return Sheet(
        f"Targets on {report.today}",
        f"{len(report.targets) - gaps} of {len(report.targets)} reached",
        tuple(parts),
        tuple(_remarks(report)),
        report.unread,
    )


_NONE = (
    "No targets are set.",
    "Write them into plaincrm.toml under [targets]: year.revenue = 200000, quarter.new = 3 or field.email = 90.",
)

_COLUMNS = (
    Column("Target", least=13),
    Column("Wanted", "right"),
    Column("By now", "right", spare=True),
    Column("Actual", "right"),
    Column("Reached", "right", spare=True),
    Column("Gap", "right"),
)


def _row(target: Target) -> Row:
    return (
        _name(target),
        _figure(target.wanted),
        "" if target.by_now is None else _figure(target.by_now),
        _figure(target.actual),
        percent(target.reached),
        _figure(target.gap) if target.gap > 0 else "–",
    )


def _name(target: Target) -> str:
    """A target in words: `revenue 2026`, `email, 90% of 38`."""
    if target.kind == "customers":
        return "customers in 12 months"
    if target.kind == "stage":
        return f"customers at {target.of}"
    if target.kind == "field":
        return f"{target.of}, {target.share}% of {target.base}"
    assert target.start is not None  # it is one of a period
    part = {"year": "", "quarter": f"-Q{(target.start.month + 2) // 3}", "month": f"-{target.start.month:02}"}
    return f"{_WORDS.get(target.of, target.of)} {target.start.year}{part[target.kind]}"


def _figure(value: Decimal) -> str:
    """A number, or an amount without its cents: targets are round, and programs have all of it."""
    return f"{value:,.1f}" if value < 1000 and value != int(value) else f"{round(value):,}"


def _worklist(report: TargetsReport) -> Grid:
    columns = (
        Column("Customer", least=14),
        Column("Owner", spare=True),
        Column("Revenue", "right", spare=True),
        Column("What is missing", least=16, style="sentence"),
    )
    rows = tuple(_closing(one) for one in report.worklist)
    left = report.closing - len(report.worklist)
    return Grid("Who can close the gaps", columns, rows, rest=f"and {left} more" if left else "")


def _closing(one: Closing) -> Row:
    return (
        Cell(one.name, one.customer, one.file),
        one.owner or "",
        f"{one.revenue:,.2f}",
        ", ".join((*one.fields, *one.why)),
    )


def _remarks(report: TargetsReport) -> Iterator[str]:
    """What one has to know to read the figures."""
    if any(target.money for target in report.targets):
        yield f"Revenue and margin in whole {report.currency}, excluding VAT."
    if any(target.by_now is not None for target in report.targets):
        yield "By now: the part of the target for the days gone by, as if each day brought the same."
    if any(target.kind == "field" for target in report.targets):
        yield "Fields: a share of the active customers. The email or phone of a contact person counts."
    if report.worklist:
        yield "Those who brought most revenue in the last 12 months come first."
    yield from foreign_remarks(report.converted, report.apart)
