"""How soon customers were answered, shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from plaincrm.render.lines import Column
from plaincrm.render.period import FEW_REMARK, marked, percent, span
from plaincrm.render.sheet import Cell, Grid, Item, Items, Row, Sheet
from plaincrm.reports.figures import FEW
from plaincrm.reports.response import Figures, Message, ResponseReport

FIELDS = Message._fields


def data(report: ResponseReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "from": report.start,
        "to": report.end,
        "by": report.by,
        "timezone": report.timezone,
        "holidays": report.holidays,
        "groups": report.groups,
        "totals": report.totals,
        "messages": [_plain(message)._asdict() for message in report.messages],
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def rows(report: ResponseReport) -> list[list[Any]]:
    """The messages as CSV has them."""
    return [list(_plain(message)) for message in report.messages]


def _plain(message: Message) -> Any:  # noqa: ANN401 (a message with texts in place of what programs do not know)
    """A message with its target and due moment as text: `4h`, `2026-11-20T17:00`."""
    due = message.due.isoformat(timespec="minutes")
    return message._replace(target=str(message.target), due=due)  # type: ignore[arg-type]


def sheet(report: ResponseReport, limit: int) -> Sheet:
    """The figures of each group, then the messages that were answered late or wait for an answer."""
    totals = report.totals
    count = totals.n + totals.open
    rows = tuple(_row(group, group.name or "none") for group in report.groups)
    groups = (Grid("", _columns(report.by), rows, (_row(totals, "All"),)),) if count else ()
    late = [message for message in report.messages if message.state == "missed"]
    waiting = [message for message in report.messages if message.state == "open"]
    lists = (_listed("Answered late, or not at all", late, limit), _listed("Open, and still in time", waiting, limit))
    return Sheet(
        f"Response {span(report.start, report.end)}",
        f"{count} message{'s' if count != 1 else ''} and missed calls",
        (*groups, *(part for part in lists if part.items)),
        tuple(_remarks(report)),
        report.unread,
    )


def _columns(by: str) -> tuple[Column, ...]:
    return (
        Column(by.capitalize(), least=10),
        Column("N", "right"),
        Column("Met", "right"),
        Column("Missed", "right"),
        Column("Share met", "right"),
        Column("Open", "right"),
        Column("Answered", "right"),
        Column("Median", "right"),
        Column("90 %", "right"),
    )


def _row(figures: Figures, name: str) -> Row:
    times = (figures.median_minutes, figures.p90_minutes)
    return (
        name,
        str(figures.n),
        str(figures.met),
        str(figures.missed),
        marked(percent(figures.share_met), figures.n),
        str(figures.open),
        str(figures.answered),
        *(marked(length(minutes), figures.answered) for minutes in times),
    )


def length(minutes: Decimal | int | None) -> str:
    """A length of working time: `45m`, `2h 05m`."""
    if minutes is None:
        return ""
    hours, rest = divmod(int(minutes), 60)
    return f"{hours}h {rest:02}m" if hours else f"{rest}m"


def _listed(title: str, messages: Sequence[Message], limit: int) -> Items:
    left = len(messages) - limit if limit else 0
    items = tuple(
        Item(
            f"{_moment(message.came, message.came_at)} {message.channel} {message.direction},",
            Cell(message.name, message.customer, message.file),
            message.what,
            (_fate(message),),
            f"{message.file}:{message.line}",
        )
        for message in messages[: limit or None]
    )
    return Items(title, items, f"and {left} more" if left > 0 else "")


def _fate(message: Message) -> str:
    """When an answer was due, and when it came."""
    due = f"due {message.due:%Y-%m-%d %H:%M} ({message.target})"
    if message.answered is None:
        return f"{due}, not answered"
    answered = f"answered {_moment(message.answered, message.answered_at)}"
    return f"{due}, {answered} after {length(message.minutes)}"


def _moment(day: date, clock: time | None) -> str:
    return f"{day} {clock:%H:%M}" if clock else str(day)


def _remarks(report: ResponseReport) -> Iterator[str]:
    if not report.messages:
        return
    yield "Times are working time of those answered; 90 % is the nearest rank."
    inexact = sum(not message.exact for message in report.messages)
    if inexact:
        yield f"{inexact} of {len(report.messages)} name a day without a time: they count in our favour."
    if any(0 < n < FEW for group in (*report.groups, report.totals) for n in (group.n, group.answered)):
        yield FEW_REMARK
    if not report.knows_holidays:
        yield f"The public holidays of {report.holidays} are not known: they count as working days."
