"""The agenda shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from plaincrm.render import agenda_words as words
from plaincrm.render.agenda_words import Shown
from plaincrm.render.lines import BLANK, Line, Piece, clipped, line, padded, wrapped
from plaincrm.render.notes import unread_lines
from plaincrm.reports.agenda import Agenda
from plaincrm.reports.agenda_lines import AgendaItem

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
    "time",
    "city",
    "until",
    "answer_due",
)


def rows(items: tuple[AgendaItem, ...]) -> list[dict[str, Any]]:
    """The lines as JSON and CSV have them."""
    return [{name: _value(item, name) for name in COLUMNS} for item in items]


def data(report: Agenda) -> dict[str, Any]:
    """The agenda as JSON has it."""
    return {
        "today": report.today,
        "horizon_days": report.horizon_days,
        "items": [_whole(item) for item in report.items],
        "held_back": [{"held": item.held, **_whole(item)} for item in report.held_back],
        "paused": report.paused,
        "empty": report.empty._asdict() if report.empty else None,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def _whole(item: AgendaItem) -> dict[str, Any]:
    beside = [{**other._asdict(), "answer_due": words.moment(other.answer_due)} for other in item.beside]
    return {**rows((item,))[0], "beside": beside, "urgency_parts": item.urgency._asdict()}


def _value(item: AgendaItem, name: str) -> object:
    if name == "answer_due":
        return words.moment(item.answer_due)
    return item.urgency.total if name == "urgency" else getattr(item, name)


def text(report: Agenda, width: int, shown: Shown) -> Iterator[Line]:
    """The agenda as lines, then the foot."""
    head, customers = words.heading(report), words.customers(report)
    if len(f"{head} · {customers}") <= width:
        yield line(Piece(head, "bold"), f" · {customers}")
    else:
        yield line(Piece(head, "bold"))
        yield line(customers)
    for title, items in words.groups(report, shown):
        yield from _group(title, items, report, width, shown)
    if report.empty:
        yield BLANK
        yield from (line(part) for told in words.why_empty(report, report.empty) for part in wrapped(told, width))
    if more := words.more(report, shown):
        yield BLANK
        yield line(Piece(more, "dim"))
    if held := words.held_back(report, shown):
        yield from _group("Held back", held, report, width, shown)
    if paused := words.paused(report, shown):
        yield BLANK
        yield from (line(Piece(part, "dim")) for part in wrapped(paused, width))
    yield from unread_lines(report.unread, width)


def _group(title: str, items: Iterable[AgendaItem], report: Agenda, width: int, shown: Shown) -> Iterator[Line]:
    yield BLANK
    yield line(Piece(title, "bold cyan"))
    for item in items:
        yield from _item(item, report, width, shown)


def _item(item: AgendaItem, report: Agenda, width: int, shown: Shown) -> Iterator[Line]:
    room = width - _LEFT - 2
    right = [Piece(part, "bold") for part in wrapped(f"{item.name}: {item.what}", room)]
    right += [Piece(part) for part in wrapped(words.why(item, report.today), room)]
    if reached := words.reached_by(item):
        right.append(Piece(clipped(reached, room)))
    if talk := words.last_talk(item):
        right.append(Piece(clipped(talk, room), "dim"))
    if shown.explain:
        right += [Piece(part, "dim") for part in wrapped(words.urgency(item), room)]
    right.append(Piece(f"{item.file}:{item.line}", "dim"))
    left = [
        Piece(item.kind, _STYLES.get(item.kind, "")),
        Piece(words.when(item, report.today)),
        Piece(item.owner or "", "dim"),
    ]
    for at, piece in enumerate(right):
        mark = left[at] if at < len(left) else Piece("")
        yield line(Piece(f"  {padded(clipped(mark.text, _LEFT - 1), _LEFT)}", mark.style), piece)


_STYLES = {
    "promise": "red",
    "missed": "red",
    "waiting": "red",
    "feedback": "red",
    "forgotten": "yellow",
    "owed": "yellow",
    "deal": "yellow",
    "appointment": "green",
}
