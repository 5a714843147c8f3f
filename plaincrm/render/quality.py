"""The quality of the register, shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.render.lines import Column
from plaincrm.render.period import FEW_REMARK, marked, percent
from plaincrm.render.sheet import Cell, Grid, Row, Sheet
from plaincrm.reports.figures import FEW
from plaincrm.reports.quality import Group, QualityReport, Soundness

FIELDS = ("by", "name", "field", *Soundness._fields[1:])


def data(report: QualityReport) -> dict[str, Any]:
    """The report as JSON has it."""
    none, one, more = report.contacts
    return {
        **report._asdict(),
        "groups": [{**of.total._asdict(), "fields": of.fields} for of in report.groups],
        "contacts": {"none": none, "one": one, "several": more},
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def rows(report: QualityReport) -> list[tuple[Any, ...]]:
    """All together, then the groups, as CSV has them: first all fields in one line, then a line for each."""
    views = [("all", Group(report.totals, report.fields)), *((report.by, of) for of in report.groups)]
    return [
        (by, of.total.name, field, *one[1:])
        for by, of in views
        for field, one in [(None, of.total), *((field.name, field) for field in of.fields)]
    ]


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
    groups = tuple(_row(of, of.name or "none", str(of.customers)) for of, _fields in report.groups)
    yield Grid(
        f"By {report.by}",
        _columns(report.by.capitalize(), "Customers"),
        groups,
        (_row(report.totals, "All", str(report.totals.customers)),),
    )
    if cells := tuple(_row(of, of.name or "", within or "none") for within, of in _amiss(report)):
        name, _count, *figures = _columns("Field", "")
        group = Column(report.by.capitalize(), least=10)
        yield Grid(f"By field and {report.by}, where something is amiss", (name, group, *figures), cells)
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


def _amiss(report: QualityReport) -> Iterator[tuple[str | None, Soundness]]:
    """Each field in each group in which not all are filled, right and fresh, with the group's name."""
    for field in report.fields:
        for group, fields in report.groups:
            yield from ((group.name, of) for of in fields if of.name == field.name and of.usable < of.applies)


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
    shown = (*report.fields, *(of.total for of in report.groups), *(of for _group, of in _amiss(report)))
    if any(0 < n < FEW for of in shown for n in (of.applies, of.filled)):
        yield FEW_REMARK
