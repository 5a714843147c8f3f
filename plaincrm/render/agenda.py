"""The agenda shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from plaincrm.render.lines import BLANK, Line, Piece, clipped, line, padded, wrapped
from plaincrm.render.notes import unread_lines
from plaincrm.reports.agenda import Agenda
from plaincrm.reports.agenda_empty import Empty
from plaincrm.reports.agenda_lines import AgendaItem, Beside
from plaincrm.reports.urgency import HAPPENED

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
)
GROUPINGS = ("kind", "owner", "day", "city")


def rows(items: tuple[AgendaItem, ...]) -> list[dict[str, Any]]:
    """The lines as JSON and CSV have them."""
    return [{name: _value(item, name) for name in COLUMNS} for item in items]


def data(report: Agenda, *, explain: bool = False) -> dict[str, Any]:
    """The agenda as JSON has it."""
    return {
        "today": report.today,
        "horizon_days": report.horizon_days,
        "items": [_whole(item, explain=explain) for item in report.items],
        "held_back": [{"held": item.held, **_whole(item)} for item in report.held_back],
        "paused": report.paused,
        "empty": report.empty._asdict() if report.empty else None,
        "unread": [{"file": path, "code": code} for path, code in report.unread.items()],
    }


def _whole(item: AgendaItem, *, explain: bool = False) -> dict[str, Any]:
    row = {**rows((item,))[0], "beside": [beside._asdict() for beside in item.beside]}
    return {**row, "urgency_parts": item.urgency._asdict()} if explain else row


def _value(item: AgendaItem, name: str) -> object:
    return item.urgency.total if name == "urgency" else getattr(item, name)


def text(
    report: Agenda,
    width: int,
    *,
    explain: bool = False,
    everything: bool = False,
    limit: int = 0,
    group_by: str | None = None,
) -> Iterator[Line]:
    """The agenda as lines: overdue, today, coming, and what has no date, or by another grouping; then the foot.

    With a limit the most urgent are shown, and the rest is counted.
    """
    count = len(report.items)
    day = f"{report.today:%A} {report.today.day} {report.today:%B %Y}"
    head, customers = f"Agenda of {day}", f"{count} customer{'s' if count != 1 else ''}"
    if len(f"{head} · {customers}") <= width:
        yield line(Piece(head, "bold"), f" · {customers}")
    else:
        yield line(Piece(head, "bold"))
        yield line(customers)
    shown = report.items[:limit] if limit else report.items
    for title, items in _groups(report.today, shown, group_by):
        yield BLANK
        yield line(Piece(title, "bold cyan"))
        for item in items:
            yield from _item(item, report, width, explain)
    if report.empty:
        yield BLANK
        yield from (line(part) for sentence in _why_empty(report, report.empty) for part in wrapped(sentence, width))
    if len(shown) < count:
        yield BLANK
        yield line(Piece(f"{count - len(shown)} more, less urgent; --limit 0 shows all.", "dim"))
    yield from _foot(report, width, explain, everything)


def _groups(today: date, items: Iterable[AgendaItem], group_by: str | None) -> Iterator[tuple[str, list[AgendaItem]]]:
    """The lines under their titles; within one title the most urgent first, or the earliest of those that are to come.

    Kinds come in the order of their points, as their most urgent lines do; days in their own, other titles by the
    alphabet. What has no such thing stands last.
    """
    titled: dict[str, list[AgendaItem]] = {}
    for item in items:
        titled.setdefault(_title(item, today, group_by), []).append(item)
    order = list(titled)
    if group_by is None:
        order = [title for title in ("Overdue", "Today", "Coming", "Without a date") if title in titled]
        titled.get("Coming", []).sort(key=lambda item: item.due or date.max)
    elif group_by != "kind":
        order.sort(key=lambda title: (title.startswith("Without"), title.casefold()))
    yield from ((title, titled[title]) for title in order)


def _title(item: AgendaItem, today: date, group_by: str | None) -> str:
    if group_by is None:
        if item.due is None:
            return "Without a date"
        return "Overdue" if item.due < today else "Coming" if item.due > today else "Today"
    found = item.due if group_by == "day" else getattr(item, group_by)
    return (
        str(found) if found else {"day": "Without a date", "owner": "Without an owner"}.get(group_by, "Without a city")
    )


def _why_empty(report: Agenda, empty: Empty) -> Iterator[str]:
    ahead = f" or due within {report.horizon_days} days" if report.horizon_days else ""
    if empty.why == "nobody":
        yield "No customer matches."
    elif empty.why == "closed":
        yield "All customers that match are in a closed stage; see [stages] closed in plaincrm.toml."
    elif empty.why == "held":
        yield "Everything that is due is held back."
    else:
        yield f"Nothing is overdue,{'' if ahead else ' or'} due today{ahead}.".replace(", or", " or")
    if not empty.rhythm:
        yield "No rhythm is set for any of them, so nobody can be forgotten in time; see [cadence] in plaincrm.toml."
    if empty.next:
        due = f"{empty.next.due:%a} {empty.next.due.day} {empty.next.due:%b %Y}"
        yield f"Next comes {empty.next.name} on {due} ({empty.next.kind})."


def _item(item: AgendaItem, report: Agenda, width: int, explain: bool) -> Iterator[Line]:
    room = width - _LEFT - 2
    what = wrapped(f"{item.name}: {item.what}", room)
    beside = ", ".join(dict.fromkeys(_beside(other, report.today) for other in item.beside))
    why = f"{item.why} Also {beside}." if beside else item.why
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
    left = [
        Piece(item.kind, _STYLES.get(item.kind, "")),
        Piece(when(item.kind, item.due, report.today)),
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


def _beside(other: Beside, today: date) -> str:
    at = f" at {other.time}" if other.time else ""
    return f"{other.kind} {when(other.kind, other.due, today)}{at}".rstrip()


def when(kind: str, due: date | None, today: date) -> str:
    """How far a line's day is from today, in words."""
    if due is None:
        return ""
    days = (due - today).days
    if days < 0:
        return f"{-days} day{'s' if days < -1 else ''} {'ago' if kind in HAPPENED else 'late'}"
    if days < 2:
        return "tomorrow" if days else "today"
    year = f" {due.year}" if due.year != today.year else ""
    return f"{due:%a} {due.day} {due:%b}{year}"


def _foot(report: Agenda, width: int, explain: bool, everything: bool) -> Iterator[Line]:
    held, paused = len(report.held_back), report.paused
    if held and everything:
        yield BLANK
        yield line(Piece("Held back", "bold cyan"))
        for item in report.held_back:
            yield from _item(item._replace(why=f"{item.why} Held back: {item.held}."), report, width, explain)
    counts = [f"{held} held back; --all shows {'them' if held > 1 else 'it'} and says why."] if held else []
    if paused:
        counts.append(f"{paused} paused (quiet_until, or cadence never).")
    if (held and not everything) or paused:
        yield BLANK
        shown = " ".join(counts[1:] if everything and held else counts)
        yield from (line(Piece(part, "dim")) for part in wrapped(shown, width))
    yield from unread_lines(report.unread, width)
