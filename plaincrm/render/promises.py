"""How promises were kept, shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plaincrm.render.lines import Column
from plaincrm.render.period import FEW_REMARK, marked, percent, span
from plaincrm.render.sheet import Cell, Grid, Item, Items, Row, Sheet
from plaincrm.reports.figures import FEW
from plaincrm.reports.promises import Kept, Promise, PromisesReport

FIELDS = Promise._fields
_PARTIES = {"us": "Ours", "them": "Theirs"}


def data(report: PromisesReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "from": report.start,
        "to": report.end,
        "today": report.today,
        "by": report.by,
        "groups": report.groups,
        "totals": report.totals,
        "promises": [promise._asdict() for promise in report.promises],
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def rows(report: PromisesReport) -> list[Promise]:
    """The promises as CSV has them."""
    return list(report.promises)


def sheet(report: PromisesReport, limit: int) -> Sheet:
    """The figures of both parties, then what is open, and what was kept late or not at all."""
    counts = " and ".join(f"{total.n} of {'ours' if total.owes == 'us' else 'theirs'}" for total in report.totals)
    overdue = [promise for promise in report.promises if promise.is_open and promise.late_days]
    coming = [promise for promise in report.promises if promise.state == "open"]
    late = [promise for promise in report.promises if promise.state in ("late", "broken") and not promise.is_open]
    lists = (
        _listed("Overdue", overdue, limit),
        _listed("Coming", coming, limit),
        _listed("Kept late, or called off after their day", late[::-1], limit),
    )
    return Sheet(
        f"Promises due {span(report.start, report.end)}",
        counts,
        (*_groups(report), *(part for part in lists if part.items)),
        tuple(_remarks(report)),
        report.unread,
    )


def _groups(report: PromisesReport) -> Iterator[Grid]:
    for total in report.totals:
        rows = tuple(_row(group, group.name or "none") for group in report.groups if group.owes == total.owes)
        if rows:
            yield Grid("", _columns(_PARTIES[total.owes]), rows, (_row(total, "All"),))


def _columns(title: str) -> tuple[Column, ...]:
    return (
        Column(title, least=10),
        Column("N", "right"),
        Column("In time", "right"),
        Column("Late", "right"),
        Column("Broken", "right"),
        Column("Share kept", "right"),
        Column("Days late", "right"),
        Column("Of", "right"),
    )


def _row(kept: Kept, name: str) -> Row:
    return (
        name,
        str(kept.n),
        str(kept.kept),
        str(kept.late),
        str(kept.broken),
        marked(percent(kept.share_kept), kept.n),
        marked("" if kept.mean_late_days is None else str(kept.mean_late_days), kept.late_or_open),
        str(kept.late_or_open),
    )


def _listed(title: str, promises: Sequence[Promise], limit: int) -> Items:
    left = len(promises) - limit if limit else 0
    items = tuple(
        Item(
            str(promise.due),
            Cell(promise.name, promise.customer, promise.file),
            promise.text,
            (f"{'We' if promise.owes == 'us' else 'They'}{_fate(promise)}",),
            f"{promise.file}:{promise.line}",
        )
        for promise in promises[: limit or None]
    )
    return Items(title, items, f"and {left} more" if left > 0 else "")


def _fate(promise: Promise) -> str:
    """What became of a promise, behind who gave it."""
    made = f" promised it on {promise.made}" if promise.made else " promised it"
    if promise.cancelled and not promise.is_open:
        return f"{made}, called off on {promise.cancelled}."
    if promise.done and not promise.is_open:
        return f"{made}, done on {promise.done}, {_days(promise)} late."
    return f"{made}, {_days(promise)} late." if promise.late_days else f"{made}."


def _days(promise: Promise) -> str:
    return f"{promise.late_days} day{'s' if promise.late_days != 1 else ''}"


def _remarks(report: PromisesReport) -> Iterator[str]:
    called_off = sum(total.called_off for total in report.totals)
    if called_off:
        yield f"Not counted: {called_off} called off by their day."
    undated = sum(total.undated for total in report.totals)
    if undated:
        yield f"Not counted: {undated} done or called off on a day that is not told."
    if any(group.late_or_open for group in report.totals):
        yield "Days late are the mean of those kept late and of those still open, until today."
    if any(0 < n < FEW for group in (*report.groups, *report.totals) for n in (group.n, group.late_or_open)):
        yield FEW_REMARK
