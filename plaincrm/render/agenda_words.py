"""What every form of the agenda says: its headings, groups and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from plaincrm.reports.agenda import Agenda
from plaincrm.reports.agenda_empty import Empty
from plaincrm.reports.agenda_lines import AgendaItem, Beside
from plaincrm.reports.agenda_rules import RULES
from plaincrm.reports.urgency import HAPPENED


class Shown(NamedTuple):
    """How much of an agenda is shown, and in which order: all that is due under its day, unless options say more."""

    explain: bool = False
    everything: bool = False
    limit: int = 0
    group_by: str | None = None


def heading(report: Agenda) -> str:
    """The title of a day's agenda."""
    return f"Agenda of {report.today:%A} {report.today.day} {report.today:%B %Y}"


def customers(report: Agenda) -> str:
    """How many customers are on it."""
    count = len(report.items)
    return f"{count} customer{'s' if count != 1 else ''}"


def groups(report: Agenda, shown: Shown) -> Iterator[tuple[str, list[AgendaItem]]]:
    """The lines under their titles: overdue, today, coming, and what has no date, or by another grouping.

    With a limit they are the most urgent. Within one title the most urgent come first, or the earliest of those that
    are to come. Kinds come in the order of their points, as their most urgent lines do; days in their own, other titles
    by the alphabet. What has no such thing stands last.
    """
    today, group_by = report.today, shown.group_by
    titled: dict[str, list[AgendaItem]] = {}
    for item in report.items[: shown.limit or None]:
        titled.setdefault(_title(item, today, group_by), []).append(item)
    order = list(titled)
    if group_by is None:
        order = [title for title in ("Overdue", "Today", "Coming", "Without a date") if title in titled]
        titled.get("Coming", []).sort(key=lambda item: day_of(item) or date.max)
    elif group_by != "kind":
        order.sort(key=lambda title: (title.startswith("Without"), title.casefold()))
    yield from ((title, titled[title]) for title in order)


def _title(item: AgendaItem, today: date, group_by: str | None) -> str:
    if group_by is None:
        day = day_of(item)
        if day is None:
            return "Without a date"
        return "Overdue" if day < today else "Coming" if day > today else "Today"
    found = day_of(item) if group_by == "day" else getattr(item, group_by)
    return (
        str(found) if found else {"day": "Without a date", "owner": "Without an owner"}.get(group_by, "Without a city")
    )


def held_back(report: Agenda, shown: Shown) -> list[AgendaItem]:
    """The lines that are held back, each saying why, where all are to be shown."""
    items = report.held_back if shown.everything else ()
    return [item._replace(why=f"{item.why} Held back: {item.held}.") for item in items]


def why(item: AgendaItem, today: date) -> str:
    """Why a customer stands there, by when they are to be answered, and what else speaks for it."""
    also = ", ".join(dict.fromkeys(_beside(other, item, today) for other in item.beside))
    return f"{reason(item)} Also {also}." if also else reason(item)


def reason(one: AgendaItem | Beside) -> str:
    """Why, and by when an answer is due."""
    by = f" An answer is due by {one.answer_due:%Y-%m-%d %H:%M}." if one.answer_due else ""
    return f"{one.why}{by}"


def _beside(other: Beside, item: AgendaItem, today: date) -> str:
    """What else speaks for a customer; in its own words where its kind weighs no less than that of the line."""
    at = f" at {other.time}" if other.time else ""
    told = f"{other.kind} {when(other, today)}{at}".rstrip()
    if _ORDER[other.kind] > _ORDER[item.kind]:
        return told
    return f"{told} ({other.what if len(other.what) <= _WORDS else f'{other.what[: _WORDS - 1].rstrip()}…'})"


_ORDER = {rule.kind: at for at, rule in enumerate(RULES)}  # the heaviest first
_WORDS = 60  # letters


def day_of(one: AgendaItem | Beside) -> date | None:
    """The day under which a reason stands: that by which an answer is due, else its own."""
    return one.answer_due.date() if one.answer_due else one.due


def moment(at: datetime | None) -> str | None:
    """A moment on the vault's clocks, as programs read it: `2026-11-23T16:00`."""
    return at.isoformat(timespec="minutes") if at else None


def when(one: AgendaItem | Beside, today: date) -> str:
    """How far the day of a reason is from today, in words."""
    due = day_of(one)
    if due is None:
        return ""
    days = (due - today).days
    if days < 0:
        ago = one.kind in HAPPENED and not one.answer_due
        return f"{-days} day{'s' if days < -1 else ''} {'ago' if ago else 'late'}"
    if days < 2:
        return "tomorrow" if days else "today"
    return f"{due:%a} {due.day} {due:%b}" if due.year == today.year else f"{due.day} {due:%b} {due.year}"


def reached_by(item: AgendaItem) -> str:
    """How to reach the customer, empty where no way is known."""
    return f"{item.channel or ''} {item.reach}".strip()


def last_talk(item: AgendaItem) -> str:
    """The last talk, empty where there was none."""
    return f"last {item.last_contact} {item.last_talk}" if item.last_contact else ""


def urgency(item: AgendaItem) -> str:
    """What the urgency is made of."""
    parts = ", ".join(f"{name} {points}" for name, points in item.urgency._asdict().items() if points)
    return f"urgency {item.urgency.total}: {parts}"


def more(report: Agenda, shown: Shown) -> str:
    """How many lines are not shown, empty where all are."""
    left = len(report.items) - shown.limit if shown.limit else 0
    return f"{left} more, less urgent; --limit 0 shows all." if left > 0 else ""


def paused(report: Agenda, shown: Shown) -> str:
    """How many lines are held back, and how many customers paused."""
    held = len(report.held_back) if not shown.everything else 0
    counts = [f"{held} held back; --all shows {'them' if held > 1 else 'it'} and says why."] if held else []
    if report.paused:
        counts.append(f"{report.paused} paused (quiet_until, or cadence never).")
    return " ".join(counts)


def why_empty(report: Agenda, empty: Empty) -> Iterator[str]:
    """Why there is no line, and when the next one comes."""
    ahead = f" or due within {report.horizon_days} days" if report.horizon_days else ""
    if empty.why == "none":
        yield "There are no customers yet."
    elif empty.why == "nobody":
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
