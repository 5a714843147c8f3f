"""The quality of the register, shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.render.lines import Column
from plaincrm.render.period import FEW_REMARK, marked, percent
from plaincrm.render.sheet import Cell, Grid, Row, Sheet
from plaincrm.reports.figures import FEW
from plaincrm.reports.quality import QualityReport, Soundness

FIELDS = ("by", *Soundness._fields)


def data(report: QualityReport) -> dict[str, Any]:
    """The report as JSON has it."""
    none, one, more = report.contacts
    return {
        **report._asdict(),
        "contacts": {"none": none, "one": one, "several": more},
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def rows(report: QualityReport) -> list[tuple[Any, ...]]:
    """The fields, the groups and all together as CSV has them."""
    views = {"field": report.fields, report.by: report.groups, "all": (report.totals,)}
    return [(by, *of) for by, listed in views.items() for of in listed]


def sheet(report: QualityReport) -> Sheet:
    """The score by field and by group, then contact persons and permissions."""
    totals = report.totals
    parts = tuple(_parts(report)) if totals.customers else ()
    about = (
        f"{totals.customers} customer{'s' if totals.customers != 1 else ''}, score {percent(totals.score) or 'none'}"
    )
    return Sheet(f"Quality of the register on {report.today}", about, parts, tuple(_remarks(report)), report.unread)


def _parts(report: QualityReport) -> Iterator[Grid]:
    total = _row(report.totals, "All", "")
    yield Grid("By field", _columns("Field", "Weight"), tuple(map(_field, report.fields)), (total,))
    groups = tuple(_row(of, of.name or "none", str(of.customers)) for of in report.groups)
    yield Grid(
        f"By {report.by}",
        _columns(report.by.capitalize(), "Customers"),
        groups,
        (_row(report.totals, "All", str(report.totals.customers)),),
    )
    none, one, more = report.contacts
    if none + one + more:
        yield Grid(
            "Contact persons of companies",
            (Column("None", "right"), Column("One", "right"), Column("Two or more", "right")),
            ((str(none), str(one), str(more)),),
        )
    if report.permissions:
        columns = ("Allowed", "Denied", "Share known", "With a date")
        yield Grid(
            "Permissions",
            (Column("Channel", least=10), *(Column(title, "right") for title in columns)),
            tuple(
                (of.channel, str(of.allowed), str(of.denied), percent(of.share_known), str(of.dated))
                for of in report.permissions
            ),
        )


def _columns(name: str, count: str) -> tuple[Column, ...]:
    return (
        Column(name, least=10),
        Column(count, "right"),
        Column("N", "right"),
        Column("Filled", "right"),
        Column("Right", "right"),
        Column("Fresh", "right"),
        Column("Score", "right"),
        Column("", style="bar"),
    )


def _field(of: Soundness) -> Row:
    return _row(of, of.name or "", str(of.weight))


def _row(of: Soundness, name: str, count: str) -> Row:
    return (
        name,
        count,
        str(of.applies),
        marked(percent(of.coverage), of.applies),
        marked(percent(of.validity), of.filled),
        marked(percent(of.freshness), of.filled),
        marked(percent(of.score), of.applies),
        Cell("", level=of.score),
    )


def _remarks(report: QualityReport) -> Iterator[str]:
    if not report.totals.customers:
        return
    yield "N: places that could be filled; in sums a field of weight 2 counts twice."
    yield f"Right: no fault of check, of those filled. Fresh: verified or spoken to since {report.fresh_since}."
    yield "Score: filled, right and fresh, of N."
    if any(0 < n < FEW for of in (*report.fields, *report.groups) for n in (of.applies, of.filled)):
        yield FEW_REMARK
