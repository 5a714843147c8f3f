"""Appointments of a calendar (iCalendar) as entries: those with customers, single ones and what comes round soon."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from plaincrm.errors import UsageError
from plaincrm.exchange.bytes_in import opened
from plaincrm.exchange.incoming import Incoming, Key, Party, Unread, person_of, words_of

Event = Mapping[str, Any]  # a VEVENT of icalendar: its properties by name

_MOST = 100 * 1024 * 1024  # bytes
_EVENT = re.compile(r"^BEGIN:VEVENT\n.*?(?:^(END:VEVENT)$|(?=^BEGIN:VEVENT$)|\Z)", re.MULTILINE | re.DOTALL)
_TIMES = 5000  # that a rule may come round before the days that are asked for
_BACK = timedelta(weeks=4)
_PLAIN_RULES = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST")


class _Odd(ValueError):
    """An appointment that is not read, and why."""


_BAD = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)


class CalendarWishes(NamedTuple):
    """How appointments are read: whose addresses are ours, what words mean a channel, zone, and the days asked for."""

    is_own: Callable[[str], bool]
    channel_of: Callable[[str], str | None]
    zone: tzinfo
    today: date
    ahead: int

    @property
    def first(self) -> date:
        """The first day of which appointments that come round are taken."""
        return self.today - _BACK

    @property
    def last(self) -> date:
        """The last day of those."""
        return self.today + timedelta(days=self.ahead)


def read_calendar(path: Path, wishes: CalendarWishes) -> Iterator[Incoming | Unread]:
    """The appointments of a file. Cancelled ones, and those with nobody but us, are passed over.

    Raises:
        UsageError: the file cannot be read, is no calendar, or icalendar is not installed.
    """
    try:
        import icalendar  # noqa: PLC0415 (an extra)
    except ImportError:
        raise UsageError("Calendars need icalendar.", "Install it: pip install 'plaincrm[calendar]'.") from None

    with opened(path) as file:
        text = file.read(_MOST + 1).decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\0", "")
    if len(text) > _MOST or "BEGIN:VCALENDAR" not in text:
        raise UsageError(f"{path} is no calendar.", "Name a file .ics, not larger than 100 MiB.")
    zones = "".join(re.findall(r"^BEGIN:VTIMEZONE\n.*?^END:VTIMEZONE\n", text, re.MULTILINE | re.DOTALL)[:200])
    try:
        icalendar.Calendar.from_ical(f"BEGIN:VCALENDAR\n{zones}END:VCALENDAR\n")  # they are known from now on
    except _BAD:
        yield Unread(f"{path.name}:1", "its time zones cannot be read; times are those of the zones' names")
    events: list[tuple[str, Event]] = []
    line = at = 0
    for found in _EVENT.finditer(text):
        line, at = line + text.count("\n", at, found.start()), found.start()
        place = f"{path.name}:{line + 1}"
        if not found[1]:
            yield Unread(place, "the appointment has no end")
            continue
        try:
            events.append((place, icalendar.Event.from_ical(found[0])))
        except _BAD:
            yield Unread(place, "it cannot be read as an appointment")
    if not at and "BEGIN:VEVENT" not in text:
        yield Unread(f"{path.name}:1", "it holds no appointments")
    moved = {(_uid(event), _day(event, "RECURRENCE-ID", wishes.zone)) for _place, event in events}
    for place, event in events:
        try:
            yield from _entries(event, place, wishes, {day for uid, day in moved if uid == _uid(event) and day})
        except _BAD as error:
            yield Unread(place, str(error) if isinstance(error, _Odd) else "it cannot be read as an appointment")


def _entries(event: Event, place: str, wishes: CalendarWishes, moved: set[date]) -> Iterator[Incoming]:
    """The entry of an appointment, or those of the days on which it comes round."""
    uid, start = _uid(event), _moment(event, "DTSTART", wishes.zone)
    if start is None:
        raise _Odd("it has no DTSTART")
    parties = _parties(event, wishes)
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or not parties:
        return
    length = _length(event, start, wishes.zone)
    if "RRULE" not in event:
        number = _day(event, "RECURRENCE-ID", wishes.zone)
        key = f"{uid}/{number}" if number else uid
        yield _entry(event, place, parties, (start, length, key), wishes)
        return
    for day in _occurrences(event, start, wishes):
        if day not in moved:
            began = datetime.combine(day, start.time(), start.tzinfo) if isinstance(start, datetime) else day
            yield _entry(event, place, parties, (began, length, f"{uid}/{day}"), wishes)


def _entry(
    event: Event, place: str, parties: tuple[Party, ...], when: tuple[date, timedelta, str], wishes: CalendarWishes
) -> Incoming:
    start, length, key = when
    end = start + length
    summary = words_of(str(event.get("SUMMARY", "")), 160)
    where = words_of(str(event.get("LOCATION", "")), 80)
    word, colon, rest = summary.partition(":")
    channel = wishes.channel_of((word if colon else summary.partition(" ")[0]).strip())
    if channel and rest.strip():
        summary = rest.strip()
    day = start.date() if isinstance(start, datetime) else start
    last = end.date() if isinstance(end, datetime) else end - timedelta(days=1)
    more = [f"at {where}"] if where else []
    more += [f"until {last}"] if last > day else []
    return Incoming(
        place,
        parties,
        day,
        Key("origin", f"uid:{quote(key[:250], safe='@.!$&*+=-_~/')}"),
        channel or "meeting",
        start=_clock(start),
        end=_clock(end) if last == day and length else None,
        summary=", ".join([summary or "(no title)", *more]),
    )


def _clock(moment: date) -> time | None:
    """The time of day of a moment; a day has none."""
    return moment.time().replace(second=0, microsecond=0) if isinstance(moment, datetime) else None


def _parties(event: Event, wishes: CalendarWishes) -> tuple[Party, ...]:
    """Those who are invited and the one who invites, but for us; else whoever the title names."""
    found: dict[str, Party] = {}
    for person in (*_listed(event, "ATTENDEE"), *_listed(event, "ORGANIZER")):
        address = re.sub(r"^mailto:", "", str(person), flags=re.IGNORECASE).strip()
        if re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,250}", address) and not wishes.is_own(address):
            name = str(getattr(person, "params", {}).get("CN", ""))
            called = "" if "@" in name else name
            found.setdefault(address.casefold(), Party(called, emails=(address,), who=person_of(called)))
    title = words_of(str(event.get("SUMMARY", "")), 160)
    mention = (Party(mention=title, told=False),) if title else ()
    return (*list(found.values())[:50], *mention)


def _listed(event: Event, name: str) -> list[Any]:
    value = event.get(name, [])
    return value if isinstance(value, list) else [value]


def _occurrences(event: Event, start: date, wishes: CalendarWishes) -> Iterator[date]:
    """The days asked for on which an appointment comes round, without those that are struck out."""
    from dateutil.rrule import rrulestr  # noqa: PLC0415 (for appointments that come round)

    rule = event["RRULE"]
    if isinstance(rule, list):
        raise _Odd("it comes round by several rules")
    frequency = str(rule.get("FREQ", [""])[0]).upper()
    odd = [part for part in rule if part.upper() not in _PLAIN_RULES]
    if frequency not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY") or (odd and frequency in ("DAILY", "WEEKLY")):
        raise _Odd("it comes round by a rule that is not read")
    if int(rule.get("INTERVAL", [1])[0]) < 1 or start.year < 1970:
        raise _Odd("its rule is none")
    struck = {_local(each.dt, wishes.zone) for one in _listed(event, "EXDATE") for each in getattr(one, "dts", ())}
    dates = {moment.date() if isinstance(moment, datetime) else moment for moment in struck}
    begin = start if isinstance(start, datetime) else datetime(start.year, start.month, start.day)
    text = re.sub(r"UNTIL=(\d{8})T\d{6}Z?", r"UNTIL=\1T235959", rule.to_ical().decode())
    found = rrulestr(text, dtstart=begin.replace(tzinfo=None))
    for number, moment in enumerate(found):
        if moment.date() > wishes.last:
            return
        if number > _TIMES:
            raise _Odd(f"it has come round more than {_TIMES:,} times")
        if moment.date() >= wishes.first and moment.date() not in dates:
            yield moment.date()


def _length(event: Event, start: date, zone: tzinfo) -> timedelta:
    """How long an appointment takes: up to its end, or as long as it says; a day where it has no time."""
    end = _moment(event, "DTEND", zone)
    if end is not None and isinstance(end, datetime) == isinstance(start, datetime):
        return max(end - start, timedelta())
    if "DURATION" in event and isinstance(length := event["DURATION"].dt, timedelta):
        return max(length, timedelta())
    return timedelta() if isinstance(start, datetime) else timedelta(days=1)


def _uid(event: Event) -> str:
    stated = "".join(str(event.get("UID", "")).split())
    return stated or "".join(f"{event.get('SUMMARY', '')}.{event['DTSTART'].to_ical().decode()}".split())


def _moment(event: Event, name: str, zone: tzinfo) -> date | None:
    """A day or a moment of an appointment, the latter on the clocks of the vault's zone."""
    value = getattr(event.get(name), "dt", None)
    return _local(value, zone) if isinstance(value, date) else None


def _day(event: Event, name: str, zone: tzinfo) -> date | None:
    found = _moment(event, name, zone)
    return found.date() if isinstance(found, datetime) else found


def _local(value: date, zone: tzinfo) -> date:
    if not isinstance(value, datetime):
        return value
    return value.replace(tzinfo=zone) if value.tzinfo is None else value.astimezone(zone)
