"""The agenda shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from plaincrm.render.lines import BLANK, Line, Piece, clipped, line, padded, wrapped
from plaincrm.render.notes import unread_lines
from plaincrm.reports.agenda import Agenda, AgendaItem

_LEFT = 15  # columns for kind, time and owner

COLUMNS = (
    "customer",
    "name",
    "kind",
    "due",
    "overdue_days",
    "what",
    "why",
    "owner",
    "channel",
    "urgency",
    "last_contact",
    "file",
    "line",
    "also",
    "reach",
)


def rows(items: tuple[AgendaItem, ...]) -> list[dict[str, Any]]:
    """The lines as JSON and CSV have them."""
    return [{name: _value(item, name) for name in COLUMNS} for item in items]


def data(report: Agenda, *, explain: bool = False) -> dict[str, Any]:
    """The agenda as JSON has it."""
    items = rows(report.items)
    if explain:
        for row, item in zip(items, report.items, strict=True):
            row["urgency_parts"] = item.urgency
    held = [{"held": item.held, **row} for item, row in zip(report.held_back, rows(report.held_back), strict=True)]
    return {
        "today": report.today,
        "horizon_days": report.horizon_days,
        "items": items,
        "held_back": held,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def _value(item: AgendaItem, name: str) -> object:
    return item.urgency.total if name == "urgency" else getattr(item, name)


def text(report: Agenda, width: int, *, explain: bool = False, everything: bool = False) -> Iterator[Line]:
    """The agenda as lines: overdue, today, coming, and what has no date; at the foot what is held back or unread."""
    count = len(report.items)
    day = f"{report.today:%A} {report.today.day} {report.today:%B %Y}"
    head, customers = f"Agenda of {day}", f"{count} customer{'s' if count != 1 else ''}"
    if len(f"{head} · {customers}") <= width:
        yield line(Piece(head, "bold"), f" · {customers}")
    else:
        yield line(Piece(head, "bold"))
        yield line(customers)
    for title, items in _groups(report):
        if items:
            yield BLANK
            yield line(Piece(title, "bold cyan"))
            for item in items:
                yield from _item(item, report, width, explain)
    if not count:
        yield BLANK
        ahead = f" or due within {report.horizon_days} days" if report.horizon_days else ""
        yield line(f"Nothing is overdue{',' if ahead else ' or'} due today{ahead}.")
    yield from _foot(report, width, explain, everything)


def _groups(report: Agenda) -> list[tuple[str, list[AgendaItem]]]:
    overdue = [item for item in report.items if item.due and item.due < report.today]
    today = [item for item in report.items if item.due == report.today]
    coming = [item for item in report.items if item.due and item.due > report.today]
    coming.sort(key=lambda item: item.due or date.max)
    undated = [item for item in report.items if not item.due]
    return [("Overdue", overdue), ("Today", today), ("Coming", coming), ("Without a date", undated)]


def _item(item: AgendaItem, report: Agenda, width: int, explain: bool) -> Iterator[Line]:
    room = width - _LEFT - 2
    what = wrapped(f"{item.name}: {item.what}", room)
    why = f"{item.why} Also {', '.join(item.also)}." if item.also else item.why
    right = [Piece(part, "bold") for part in what]
    right += [Piece(part) for part in wrapped(why, room)]
    if item.reach or item.channel:
        right.append(Piece(clipped(f"{item.channel or ''} {item.reach}".strip(), room)))
    if item.last_contact:
        right.append(Piece(clipped(f"last {item.last_contact} {item.last_talk}", room), "dim"))
    if explain:
        parts = ", ".join(f"{name} {points}" for name, points in item.urgency._asdict().items() if points)
        right += [Piece(part, "dim") for part in wrapped(f"urgency {item.urgency.total}: {parts}", room)]
    right.append(Piece(f"{item.file}:{item.line}", "dim"))
    left = [Piece(item.kind, _STYLES.get(item.kind, "")), Piece(when(item, report)), Piece(item.owner or "", "dim")]
    for at, piece in enumerate(right):
        mark = left[at] if at < len(left) else Piece("")
        yield line(Piece(f"  {padded(clipped(mark.text, _LEFT - 1), _LEFT)}", mark.style), piece)


_STYLES = {
    "promise": "red",
    "missed": "red",
    "waiting": "red",
    "forgotten": "yellow",
    "owed": "yellow",
    "appointment": "green",
}


def when(item: AgendaItem, report: Agenda) -> str:
    """How far a line's day is from today, in words."""
    if item.due is None:
        return ""
    days = (item.due - report.today).days
    if days < 0:
        return f"{-days} day{'s' if days < -1 else ''} {'ago' if item.kind in _HAPPENED else 'late'}"
    if days < 2:
        return "tomorrow" if days else "today"
    year = f" {item.due.year}" if item.due.year != report.today.year else ""
    return f"{item.due:%a} {item.due.day} {item.due:%b}{year}"


_HAPPENED = ("missed", "waiting")  # kinds whose day is that of what happened


def _foot(report: Agenda, width: int, explain: bool, everything: bool) -> Iterator[Line]:
    if report.held_back:
        yield BLANK
        count = len(report.held_back)
        if everything:
            yield line(Piece("Held back", "bold cyan"))
            for item in report.held_back:
                held = item._replace(why=f"{item.why} Held back: {item.held}.")
                yield from _item(held, report, width, explain)
        else:
            yield line(Piece(f"{count} held back; --all shows {'them' if count > 1 else 'it'} and says why.", "dim"))
    yield from unread_lines(report.unread, width)
