"""The agenda as a calendar (iCalendar, RFC 5545): appointments, answers that are due, and what is set for a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, tzinfo
from typing import NamedTuple

from plaincrm.dates import add_days
from plaincrm.render import agenda_words as words
from plaincrm.render.agenda_words import Shown
from plaincrm.render.content_lines import content_lines
from plaincrm.render.escape import ics_text, mail_uri, phone_uri
from plaincrm.reports.agenda import Agenda
from plaincrm.reports.agenda_lines import AgendaItem, Beside
from plaincrm.worktime import known_zone

# Kinds whose day somebody has set. Other days are reckoned, and move on with each talk.
_SET = frozenset(("appointment", "promise", "owed", "next", "vision", "anniversary"))
# Of these another day is another event; the others may be put off, and stay what they are.
_OF_ITS_DAY = frozenset(("appointment", "anniversary", "waiting", "missed"))
# A calendar has at least one component (RFC 5545, 3.6), and one without any is refused by some programs. A time zone
# shows nothing, and is one: that in which all our times are.
_NOTHING = (
    *("BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
    *("TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "TZNAME:UTC", "END:STANDARD", "END:VTIMEZONE"),
)


class Event(NamedTuple):
    """What stands in the calendar for one reason.

    `told` is the day that the note names, of which the event is; `due` and `time` are when the event stands there,
    which is not the same where an answer is due. `is_main` is whether the customer's line, with its channel, is about
    this.
    """

    item: AgendaItem
    kind: str
    told: date
    due: date
    time: str | None
    until: str | None
    what: str
    why: str
    line: int
    is_main: bool


def calendar(report: Agenda, shown: Shown, timezone: str, alarm: int | None = None) -> str:
    """All that has a set day, in the order of the days; `alarm` is minutes before an appointment.

    Times are those of the time zone, and stand in UTC; without a zone they float, as on a paper calendar.
    """
    return content_lines(_lines(report, shown, timezone, alarm))


def _lines(report: Agenda, shown: Shown, timezone: str, alarm: int | None) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//plaincrm//agenda//EN", "METHOD:PUBLISH")
    zone = _zone(timezone)
    events = sorted(
        _events((*report.items, *words.held_back(report, shown))),
        key=lambda event: (event.due, event.time or "", event.item.customer, event.item.file, event.line),
    )
    twins: dict[tuple[str | None, ...], int] = {}
    for event in events:
        name = _name(event)
        number = twins[name] = twins.get(name, 0) + 1
        uid = _uid(name if number == 1 else (*name, str(number)))
        yield from _event(event, uid, report.today, zone, alarm)
    yield from () if events else _NOTHING
    yield "END:VCALENDAR"


def _events(items: Iterable[AgendaItem]) -> Iterator[Event]:
    for item in items:
        reasons: list[AgendaItem | Beside] = [item, *item.beside]
        for one in reasons:
            day = words.day_of(one)
            if one.due and day and (one.kind in _SET or one.answer_due):
                yield Event(
                    item=item,
                    kind=one.kind,
                    told=one.due,
                    due=day,
                    time=f"{one.answer_due:%H:%M}" if one.answer_due else one.time,
                    until=one.until,
                    what=one.what,
                    why=words.reason(one),
                    line=one.line,
                    is_main=one is item,
                )


def _name(event: Event) -> tuple[str | None, ...]:
    """What an event is, wherever its note lies, on whatever line of it and, where it may be put off, on whatever day.

    Two that are the same in this are told apart by a number, in the order of their days.
    """
    day = event.told.isoformat() if event.kind in _OF_ITS_DAY else None
    return event.item.customer, event.kind, event.what, day


def _uid(name: Iterable[str | None]) -> str:
    digest = hashlib.sha256(json.dumps(list(name)).encode()).hexdigest()
    return f"{digest[:32]}@plaincrm"


def _event(event: Event, uid: str, today: date, zone: tzinfo | None, alarm: int | None) -> Iterator[str]:
    item = event.item
    yield from ("BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{_digits(today)}T000000Z")
    yield from _span(event, zone)
    yield f"SUMMARY:{ics_text(f'{item.name}: {event.what}')}"
    told = [event.why, words.reached_by(item) if event.is_main else item.reach, words.last_talk(item), item.file]
    described = "\n".join(part for part in told if part)
    yield f"DESCRIPTION:{ics_text(described)}"
    if event.is_main and item.channel == "visit" and item.reach and not (phone_uri(item.reach) or mail_uri(item.reach)):
        yield f"LOCATION:{ics_text(item.reach)}"
    yield f"CATEGORIES:{ics_text(event.kind)}"
    if event.kind == "appointment" and alarm is not None:
        summary = ics_text(f"{item.name}: {event.what}")
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-PT{alarm}M", f"DESCRIPTION:{summary}", "END:VALARM")
    yield "END:VEVENT"


def _span(event: Event, zone: tzinfo | None) -> Iterator[str]:
    """When it is. What has no time is a whole day that keeps nobody busy."""
    if not event.time:
        yield from (f"DTSTART;VALUE=DATE:{_digits(event.due)}", "TRANSP:TRANSPARENT")
        return
    start = _moment(event.due, event.time, zone)
    yield f"DTSTART:{start}"
    if event.kind != "appointment":  # the moment by which an answer is due, which keeps nobody busy
        yield "TRANSP:TRANSPARENT"
    if event.until:
        end = _moment(event.due if event.until >= event.time else add_days(event.due, 1), event.until, zone)
        if end > start:  # which it may not be in the hour that summer time leaves out
            yield f"DTEND:{end}"


def _moment(day: date, clock: str, zone: tzinfo | None) -> str:
    local = datetime.combine(day, time.fromisoformat(clock))
    try:
        moment = local.replace(tzinfo=zone).astimezone(UTC) if zone else local
    except OverflowError:  # in the first or last hours that a calendar has
        moment = local
    return f"{_digits(moment.date())}T{moment:%H%M%S}{'Z' if moment.tzinfo else ''}"


def _digits(day: date) -> str:
    return day.isoformat().replace("-", "")


def _zone(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 (13 ms, where moments are told)

    return ZoneInfo(name) if name and known_zone(name) else None
