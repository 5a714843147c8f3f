"""Working time: when somebody is there to answer, how much of it lies between two moments, when an answer is due."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from plaincrm.dates import Period, add_days, parse_clock, parse_date, parse_period, real_date
from plaincrm.errors import UsageError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TARGET = r"([0-9]{1,3}) ?(h|hours?|d|days?|working days?|min|minutes?)"
_DAY = timedelta(1)
_LONGEST_BREAK = 1_000  # days without an opening; after as many none is looked for
_FIRST, _LAST = date(2, 1, 1), date(9990, 12, 31)  # so that nothing counted from here leaves the calendar
HOLIDAY_YEARS = range(1900, 2101)  # beyond these the calendars of public holidays are guesswork


class Span(NamedTuple):
    """A stretch of one day by the wall clock, in minutes from midnight; 1440 is the midnight that ends the day."""

    opens: int
    closes: int


Hours = tuple[Span, ...]  # of one day, in their order; none: closed
Opening = tuple[datetime, datetime]  # a span as it falls on a day, in UTC


def parse_hours(text: str) -> Hours | None:
    """`9-17`, `8:30-16`, `9-12, 13-17`, or `closed`; None for what is none of these."""
    if text.strip() == "closed":
        return ()
    spans: list[Span] = []
    for part in text.split(","):
        opens, _, closes = (_minutes(end.strip()) for end in part.replace("–", "-").partition("-"))
        if opens is None or closes is None or opens >= closes or (spans and spans[-1].closes > opens):
            return None
        spans.append(Span(opens, closes))
    return tuple(spans)


def _minutes(text: str) -> int | None:
    """A time of the day in minutes: `9`, `9:30`, and `24` for the midnight that ends it."""
    clock = parse_clock(text if ":" in text or "." in text else f"{text}:00")
    return clock.hour * 60 + clock.minute if clock else 1440 if text in ("24", "24:00") else None


def parse_weekdays(text: str) -> tuple[int, ...] | None:
    """The days, from Monday as 0, of `mon`, `mon-fri`, or `mon,wed,fri-sun`; None for what is none of these."""
    found: list[int] = []
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            return None
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        found += ((start + step) % 7 for step in range((end - start) % 7 + 1))
    return tuple(found)


def parse_yearly(text: str) -> str | None:
    """A day of every year, `12-24`; None for what is none."""
    match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text, re.ASCII)
    return text if match and real_date(2024, int(match[1]), int(match[2])) else None


def parse_closed(text: str) -> Period | str | None:
    """A day of every year, or one day, month or `A..B` of certain years; None for what is none of these."""
    if ".." in text and not all(text.split("..", 1)):
        return None
    dated = re.match(r"[0-9]{4}-|[0-9.]+[0-9]{4}", text)
    return parse_yearly(text) or (parse_period(text, date.min) if dated else None)


def known_zone(name: str) -> bool:
    """Whether there is a time zone of that name; no name at all is one without summer time."""
    return not name or zone_of(name) is not UTC or name == "UTC"


@lru_cache
def zone_of(name: str) -> tzinfo:
    """The time zone of a name; without a name, and of one that is none, UTC."""
    if not name:
        return UTC
    from zoneinfo import ZoneInfo  # noqa: PLC0415 (5 ms, where moments of a zone are compared)

    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # an unknown name, a name that leads elsewhere, a folder
        return UTC


class Target(NamedTuple):
    """How soon to answer: in working hours and minutes, or in working days."""

    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks of a length
    unit: Literal["min", "h", "d"]

    def __str__(self) -> str:
        if self.unit == "d":
            return f"{self.count} working day{'s' if self.count != 1 else ''}"
        return f"{self.count} {self.unit}" if self.unit == "min" else f"{self.count}h"


def parse_target(text: str) -> Target | None:
    """`4h`, `30 min`, `1d`, `2 working days`; a day is a working day. None for what is no such length."""
    match = re.fullmatch(_TARGET, text, re.ASCII | re.IGNORECASE)
    if not match:
        return None
    unit = match[2].lower()
    return Target(int(match[1]), "h" if unit[0] == "h" else "min" if unit[0] == "m" else "d")


_holidays: dict[tuple[str, str, int], frozenset[date] | None] = {}  # by country, part and year, as far as known


def remember_holidays(country: str, subdivision: str, year: int, days: frozenset[date] | None) -> None:
    """Take for granted what `public_holidays` has said in an earlier process."""
    _holidays.setdefault((country, subdivision, year), days)


def public_holidays(country: str, subdivision: str, year: int) -> frozenset[date] | None:
    """The public holidays of a year by the library `holidays`; None where it does not know the country or the part."""
    if not country or year not in HOLIDAY_YEARS:
        return frozenset()
    if (country, subdivision, year) not in _holidays:
        _holidays[country, subdivision, year] = _holidays_of(country, subdivision, year)
    return _holidays[country, subdivision, year]


def _holidays_of(country: str, subdivision: str, year: int) -> frozenset[date] | None:
    from holidays import country_holidays  # noqa: PLC0415 (75 ms, where working time is counted)

    try:
        with warnings.catch_warnings(action="ignore"):  # of years that it knows less of
            return frozenset(country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        return None


OFFICE_HOURS: tuple[Hours, ...] = ((Span(9 * 60, 17 * 60),),) * 5 + ((),) * 2


class _Hours(NamedTuple):
    week: tuple[Hours, ...] = OFFICE_HOURS
    days: Mapping[str, Hours] = MappingProxyType({})  # by `2026-12-24`, or `12-24` for every year
    closed: tuple[Period, ...] = ()
    zone: str = ""
    country: str = ""
    subdivision: str = ""


class WorkingTime(_Hours):
    """The working hours of a vault.

    Of what is said of a day the most exact counts: its own date, then the periods that are closed, then a day of every
    year, then that it is a public holiday, and last its weekday. Hours are those of the wall clock in `zone`; without a
    zone every day has 24 hours. Moments are aware datetimes. Where the clock jumps, a time that the night lacks counts
    by the offset before, and one that it has twice is the first of the two (as RFC 5545 has it).
    """

    @cached_property
    def _tz(self) -> tzinfo:
        return zone_of(self.zone)

    @cached_property
    def _known(self) -> dict[date, tuple[Opening, ...]]:
        return {}  # openings worked out so far

    def hours(self, day: date) -> Hours:
        """The hours of a day."""
        iso = day.isoformat()
        if iso in self.days:
            return self.days[iso]
        if any(period.covers(day) for period in self.closed):
            return ()
        if iso[5:] in self.days:
            return self.days[iso[5:]]
        weekly = self.week[day.weekday()]
        return () if weekly and self.is_holiday(day) else weekly

    def is_holiday(self, day: date) -> bool:
        """Whether a day is a public holiday of the country."""
        return day in (public_holidays(self.country, self.subdivision, day.year) or ())

    def moment(self, day: date, clock: time | None) -> datetime:
        """The moment that an entry names. One without a time stands at the end of its day.

        That is its closing time where it is a working day, else midnight.
        """
        day = _held(day)
        if clock is not None:
            return self._local(self._at(day, clock.hour * 60 + clock.minute))
        opened = self._openings(day)
        return self._local(opened[-1][1] if opened else self._at(day, 1440))

    def begin(self, day: date) -> datetime:
        """The midnight with which a day begins."""
        return self._local(self._at(_held(day), 0))

    def end(self, day: date) -> datetime:
        """The midnight with which a day ends."""
        return self._local(self._at(_held(day), 1440))

    def due(self, target: Target, day: date, clock: time | None) -> datetime:
        """When the answer to a message is due that came at a time of a day.

        Working hours count from the moment it came, or from the next opening. Working days end at closing time, and
        the one on which it came is not counted; what comes after closing came on the next working day.
        """
        came = self.moment(day, clock)
        if target.unit != "d":
            return self.add(came, timedelta(minutes=target.count * (60 if target.unit == "h" else 1)))
        came_on = _held(day)
        if clock is not None or not self._openings(came_on):
            came_on = self._local(self._opening(came)[0]).date()
        *_, last = self._working_days(came_on, target.count + 1)
        return self._local(last[-1][1])

    def add(self, start: datetime, length: timedelta) -> datetime:
        """The first moment by which so much working time has passed; of no length it is the start, or the opening."""
        left, opening = length, self._opening(start)
        begin = max(start.astimezone(UTC), opening[0])
        while left > opening[1] - begin:
            left -= opening[1] - begin
            opening = self._opening(opening[1])
            begin = opening[0]
        return self._local(begin + left)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; none where the end is not later."""
        begin, until = start.astimezone(UTC), end.astimezone(UTC)
        passed, day, last = timedelta(), self._local(begin).date(), self._local(until).date()
        while day <= last:
            for opens, closes in self._openings(day):
                passed += max(timedelta(), min(closes, until) - max(opens, begin))
            day += _DAY
        return passed

    def _opening(self, moment: datetime) -> Opening:
        """The opening that a moment falls in, else the next one; at closing time it is the next one."""
        for opened in self._working_days(self._local(moment).date(), 2):
            for opening in opened:
                if opening[1] > moment:
                    return opening
        raise AssertionError("the second working day from a moment's own is later than the moment")

    def _working_days(self, day: date, count: int) -> Iterator[tuple[Opening, ...]]:
        """The openings of so many working days, the day itself included if it is one."""
        idle = 0
        while count:
            opened = self._openings(day)
            idle = 0 if opened else idle + 1
            if idle > _LONGEST_BREAK:
                raise UsageError(f"There is no working time in the {_LONGEST_BREAK} days to {day}.", "See to [hours].")
            if opened:
                count -= 1
                yield opened
            day = add_days(day, 1)

    def _openings(self, day: date) -> tuple[Opening, ...]:
        if day not in self._known:
            self._known[day] = tuple(self._on(day))
        return self._known[day]

    def _on(self, day: date) -> Iterator[Opening]:
        """The spans of a day in UTC; one that a jump of the clock swallows is left out."""
        latest = datetime.min.replace(tzinfo=UTC)
        for span in self.hours(day):
            opens, closes = max(self._at(day, span.opens), latest), self._at(day, span.closes)
            if opens < closes:
                yield opens, closes
                latest = closes

    def _at(self, day: date, minutes: int) -> datetime:
        """A time of the wall clock in UTC."""
        days, rest = divmod(minutes, 1440)
        return datetime.combine(day + days * _DAY, time(*divmod(rest, 60)), self._tz).astimezone(UTC)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._tz)


def _held(day: date) -> date:
    return min(max(day, _FIRST), _LAST)


def working_time(
    hours: Mapping[str, Hours],
    closed: tuple[Period | str, ...] = (),
    zone: str = "",
    country: str = "",
    subdivision: str = "",
) -> WorkingTime:
    """The working time that settings describe.

    `hours` are by weekdays (`mon-fri`), dates and days of every year. Of two that name a weekday the one that names
    fewer days counts; a weekday that none names is closed. Where they name no weekday at all, it is the office hours.
    """
    weekly = [(weekdays, of) for key, of in hours.items() if (weekdays := parse_weekdays(key))]
    weekly.sort(key=lambda row: -len(row[0]))
    week = {day: of for weekdays, of in weekly for day in weekdays}
    dated = {key: of for key, of in hours.items() if not parse_weekdays(key)}
    return WorkingTime(
        tuple(week.get(day, ()) for day in range(7)) if week else OFFICE_HOURS,
        {day: () for day in closed if isinstance(day, str)} | dated,
        tuple(period for period in closed if isinstance(period, Period)),
        zone,
        country,
        subdivision,
    )


def parse_hours_day(key: str) -> str | None:
    """The day or days that a key of `[hours]` names, None where it names none."""
    return key if parse_weekdays(key) is not None or parse_yearly(key) or parse_date(key) else None
