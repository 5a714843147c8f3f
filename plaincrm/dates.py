"""Days, clock times, lengths and periods: the written forms, read and computed without ever overflowing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from functools import lru_cache
from typing import Literal, NamedTuple

Precision = Literal["day", "month", "year"]
Unit = Literal["d", "w", "m", "y"]

# Patterns are compiled when first used, by re itself: start-up needs none of them.
_ISO = r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?"
_FINNISH = r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})"
_ALMOST_ISO = (
    r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})",
    r"(?P<year>[0-9]{4})[-./](?P<month>[0-9]{1,2})[-./](?P<day>[0-9]{1,2})",
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
)
_CLOCK = r"([0-9]{1,2})[:.]([0-9]{2})"
_DURATION = r"([1-9][0-9]{0,3})([dwmyDWMY])"
_QUARTER = r"([0-9]{4})-q([1-4])"
_NAMED = r"(this|last)-(year|quarter|month)"

_SHOWN: dict[Precision, int] = {"day": 10, "month": 7, "year": 4}  # letters of the ISO form
_MONTHS: dict[str, int] = {"year": 12, "quarter": 3, "month": 1}
_UNITS: dict[str, Unit] = {"d": "d", "w": "w", "m": "m", "y": "y"}


@lru_cache(maxsize=8192)  # the days of twenty years; a register has each of them many times
def parse_date(text: str) -> date | None:
    """A real day written as `YYYY-MM-DD` in ASCII digits, and nothing else: what front matter may hold.

    `date.fromisoformat` alone would also take `20260105` and `2026-W01-1`.
    """
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def iso_form(text: str) -> str | None:
    """The ISO form of a date written in another way that has one meaning only (`5.12.2026`, `2026-1-5`, `20260105`)."""
    for pattern in _ALMOST_ISO:
        match = re.fullmatch(pattern, text)
        iso = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}" if match else ""
        if parse_date(iso):
            return iso
    return None


class Day(NamedTuple):
    """A date as exactly as it was written; a partial one stands at its first day."""

    date: date
    precision: Precision

    def __str__(self) -> str:
        return self.date.isoformat()[: _SHOWN[self.precision]]


@lru_cache(maxsize=8192)
def parse_day(text: str) -> Day | None:
    """The date of a log entry: `YYYY-MM-DD`, `D.M.YYYY`, or the partial `YYYY-MM` and `YYYY`."""
    if whole := parse_date(text):
        return Day(whole, "day")
    if match := re.fullmatch(_ISO, text):
        year, month, day = match.groups()
        precision: Precision = "day" if day else "month" if month else "year"
        found = real_date(int(year), int(month or 1), int(day or 1))
    elif match := re.fullmatch(_FINNISH, text):
        found = real_date(int(match[3]), int(match[2]), int(match[1]))
        precision = "day"
    else:
        return None
    return Day(found, precision) if found else None


def real_date(year: int, month: int, day: int) -> date | None:
    """The date with these numbers, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_clock(text: str) -> time | None:
    """A time of the 24-hour clock: `14:30`, `9:05`, and `14.30` as it is written in Finnish."""
    match = re.fullmatch(_CLOCK, text)
    if not match:
        return None
    try:
        return time(int(match[1]), int(match[2]))
    except ValueError:
        return None


def month_end(day: date) -> date:
    """The last day of the month that a day is in."""
    if day.month == 12:
        return day.replace(day=31)
    return date.fromordinal(date(day.year, day.month + 1, 1).toordinal() - 1)


def add_days(day: date, n: int) -> date:
    """The day n days later (earlier when negative), held between `date.min` and `date.max`."""
    ordinal = day.toordinal() + n
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))


def add_months(day: date, n: int) -> date:
    """The same day n months later, or that month's last day where it is shorter: 31 January + 1 = 28 or 29 February.

    Held between `date.min` and `date.max`.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if year < date.min.year:
        return date.min
    if year > date.max.year:
        return date.max
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))


def month_days(first: date, last: date) -> dict[str, date]:
    """The days of the calendar (`11-21`) from one day to another, each with the first such day, of a year at most.

    29 February falls on the 28th where the year has none.
    """
    found: dict[str, date] = {}
    for ordinal in range(first.toordinal(), min(last.toordinal(), first.toordinal() + 365) + 1):
        day = date.fromordinal(ordinal)
        found.setdefault(f"{day:%m-%d}", day)
        if (day.month, day.day) == (2, 28) and month_end(day) == day:
            found.setdefault("02-29", day)
    return found


class Duration(NamedTuple):
    """A length of time on the calendar: days, weeks, months or years."""

    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks of a length
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    def after(self, day: date) -> date:
        """The day this much later; at a month's end and at the calendar's end as `add_months` has it."""
        return self._moved(day, self.count)

    def before(self, day: date) -> date:
        """The day this much earlier; at a month's end and at the calendar's end as `add_months` has it."""
        return self._moved(day, -self.count)

    def latest_start(self, day: date) -> date:
        """The latest day from which this much is over by a day: at month ends that is not the day less this much."""
        start = self.before(day)
        while start < day and self.after(add_days(start, 1)) <= day:
            start = add_days(start, 1)
        return start

    def _moved(self, day: date, count: int) -> date:
        if self.unit in {"d", "w"}:
            return add_days(day, count * (7 if self.unit == "w" else 1))
        return add_months(day, count * (12 if self.unit == "y" else 1))


Cadence = Duration | Literal["never"]  # how often to be in touch


def parse_duration(text: str) -> Duration | None:
    """`14d`, `6w`, `3m` or `1y`, in either case; 1 to 9999 of a unit, without leading zeros."""
    match = re.fullmatch(_DURATION, text)
    return Duration(int(match[1]), _UNITS[match[2].lower()]) if match else None


class Period(NamedTuple):
    """A span of days, both ends included."""

    start: date
    end: date

    def covers(self, day: date) -> bool:
        """Whether a day is within, the ends too."""
        return self.start <= day <= self.end


def preceding(period: Period) -> Period | None:
    """The period before of the same length: months and years for what lasts whole ones, else as many days.

    Before 2026 is 2025, before the last twelve months are the twelve before them. None where there is no such period.
    """
    after = add_days(period.end, 1)
    months = (after.year - period.start.year) * 12 + after.month - period.start.month
    if period.start == date.min or period.end == date.max:
        return None
    if months > 0 and add_months(period.start, months) == after:
        start = add_months(period.start, -months)
    else:
        start = add_days(period.start, -(after - period.start).days)
    end = add_days(period.start, -1)
    return Period(start, end) if start <= end else None


def months_of(period: Period) -> Iterator[Period]:
    """The calendar months of a period in their order; the first and the last may not be whole in it."""
    first = period.start.replace(day=1)
    while first <= period.end:
        yield Period(first, month_end(first))
        if month_end(first) >= period.end:
            return
        first = add_days(month_end(first), 1)


def parse_period(text: str, today: date) -> Period | None:
    """The period that `--period` names, in any case; None for text of no such form or an end before its start.

    ============================  =====================================================
    `2026`  `2026-Q3`  `2026-03`  that year, quarter, month
    `2026-03-05`  `5.3.2026`      that one day
    `this-year`  `last-year`      the calendar year of today, the one before it
    `this-quarter` ...            the same for quarters and for months (`last-month`)
    `90d`  `6w`  `12m`  `2y`      the last such length, ending today: `12m` on 2026-11-21
                                  is 2025-11-22 to 2026-11-21
    `A..B`                        from the first day of A to the last day of B, each one
                                  of the dated forms of the first two lines
    `..B`  `A..`                  an open start is the first day of all, an open end today
    ============================  =====================================================
    """
    text = text.strip().lower()
    if ".." in text:
        return _from_to(text, today)
    return _dated(text) or _named(text, today) or _latest(text, today)


def _from_to(text: str, today: date) -> Period | None:
    first, _, last = (part.strip() for part in text.partition(".."))
    start = _dated(first) if first else Period(date.min, date.min)
    end = _dated(last) if last else Period(today, today)
    if start is None or end is None or start.start > end.end:
        return None
    return Period(start.start, end.end)


def _dated(text: str) -> Period | None:
    if match := re.fullmatch(_QUARTER, text):
        first = real_date(int(match[1]), int(match[2]) * 3, 1)
        return _block(first, "quarter") if first else None
    day = parse_day(text)
    if day is None:
        return None
    return Period(day.date, day.date) if day.precision == "day" else _block(day.date, day.precision)


def _named(text: str, today: date) -> Period | None:
    match = re.fullmatch(_NAMED, text)
    if not match:
        return None
    back = _MONTHS[match[2]] if match[1] == "last" else 0
    return _block(add_months(today, -back), match[2])


def _latest(text: str, today: date) -> Period | None:
    """Counted back from tomorrow, so that whole months stay whole: `1m` on 30 April is April."""
    length = parse_duration(text)
    return Period(length.before(add_days(today, 1)), today) if length else None


def _block(day: date, kind: str) -> Period:
    """The calendar year, quarter or month that a day is in."""
    months = _MONTHS[kind]
    start = date(day.year, day.month - (day.month - 1) % months, 1)
    return Period(start, month_end(start.replace(month=start.month + months - 1)))
