"""Recurrences as Obsidian's Tasks plugin writes them: what `every month on the last Friday` means, and what is next.

The plugin reads them with rrule.js, whose words these are, and reckons as its page on recurring tasks tells. Where it
would read a part of a text and pass over the rest, the text is none here: what was meant is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, NoReturn, TypeVar

from plaincrm.dates import add_months

T = TypeVar("T")
Unit = Literal["day", "week", "month", "year"]

_UNITS: dict[str, Unit] = {"day": "day", "week": "week", "month": "month", "year": "year"}
_WORKDAYS = tuple((day, 0) for day in range(5))  # Monday to Friday, each of them
_FAR = 12 * 100  # months; what does not come round in a hundred years never does
_ORDINALS = {"last": -1, "first": 1, "second": 2, "third": 3}
_WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# Longer words stand before those they begin with. No blank is needed between words (`every 2weeks`).
_WORDS = re.compile(
    r"""\s*(?:
        (?P<every>every) | (?P<workdays>weekdays?) | (?P<unit>day|week|month|year)s?
        | (?P<number>[1-9][0-9]*(?:st|nd|rd|th)) | (?P<count>[1-9][0-9]*)
        | (?P<ordinal>first|second|third|last)
        | (?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?
            |oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)
        | (?P<and>(?:(?:,|and|or)\s*)+) | (?P<on>on|in) | (?P<the>the) | (?P<at>at)
        | (?P<weekday>mo(?:n(?:day)?)?|tu(?:e(?:s(?:day)?)?)?|we(?:d(?:n(?:esday)?)?)?|th(?:u(?:r(?:sday)?)?)?
            |fr(?:i(?:day)?)?|sa(?:t(?:urday)?)?|su(?:n(?:day)?)?)
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often something comes round. Weekdays count from Monday as 0, each with its place in the month or year.

    A place of 0 is every one of them; negative places and days of the month count from the end.
    """

    unit: Unit
    interval: int = 1
    months: tuple[int, ...] = ()
    days: tuple[int, ...] = ()  # of the month
    weekdays: tuple[tuple[int, int], ...] = ()
    weeks: tuple[int, ...] = ()  # of the year
    when_done: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it says nothing but how often."""
        return not (self.months or self.days or self.weekdays or self.weeks)


class Dates(NamedTuple):
    """The days of one occurrence."""

    due: date | None = None
    scheduled: date | None = None
    start: date | None = None

    @property
    def reference(self) -> date | None:
        """The day that is moved by the recurrence; the others keep their distance from it."""
        return self.due or self.scheduled or self.start

    def moved(self, days: int) -> Dates:
        """All of them so many days later."""
        return Dates(*(day and day + timedelta(days) for day in self))


def parse_recurrence(text: str) -> Recurrence | None:
    """The recurrence that a text describes, or None where it describes none, or more than is understood."""
    rule = text.strip().lower()
    when_done = rule.endswith(" when done")
    words, at = [], 0
    rule = rule.removesuffix(" when done")
    while at < len(rule):
        match = _WORDS.match(rule, at)
        if match is None or match.lastgroup is None:
            return None
        words.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    try:
        return _Reader(words).recurrence(when_done=when_done)
    except _Unread:
        return None


class _Unread(Exception):
    """The words are no recurrence."""


class _Reader:
    """Reads the words of one recurrence from left to right."""

    def __init__(self, words: list[tuple[str, str]]) -> None:
        self.words = words
        self.months: list[int] = []
        self.days: list[int] = []
        self.weekdays: list[tuple[int, int]] = []
        self.weeks: list[int] = []

    def recurrence(self, *, when_done: bool) -> Recurrence:
        self.need("every")
        interval = self.number("count", 9_999) or 1
        unit = self.unit()
        most = 5 if unit == "month" or self.months else 53  # weekdays of one name
        if self.words or any(abs(place) > most for _name, place in self.weekdays):
            raise _Unread
        return Recurrence(
            unit,
            interval,
            tuple(dict.fromkeys(self.months)),
            tuple(dict.fromkeys(self.days)),
            tuple(dict.fromkeys(self.weekdays)),
            tuple(dict.fromkeys(self.weeks)),
            when_done,
        )

    def unit(self) -> Unit:
        """`day`, `weekday`, `month on …`, `Friday, Sunday`, `January on …`: the unit, and what else is said."""
        if self.take("workdays"):
            self.weekdays += _WORKDAYS
            self.hour()
            return "week"
        if self.sees("weekday"):
            named = self.listed(self.weekday)
            self.weekdays += named
            self.hour()
            self.on()
            if self.weekdays != named or self.months or self.weeks:  # only days of the month go with them
                raise _Unread
            return "week"
        if self.sees("month"):
            self.months += self.listed(self.month)
            self.on()
            return "year"
        unit = _UNITS[self.need("unit")]
        if unit != "day":
            self.on()
        if unit in ("day", "week"):
            self.hour()
        return unit

    def on(self) -> None:
        """`on the 1st and 15th`, `on the 2nd last Friday`, `on Monday, Friday`, `in May on the last`."""
        if not (self.take("on") or self.sees("the")):
            return
        self.take("the")
        self.day()
        while self.take("and") or self.take("the") or self.take("on"):  # one of them: the plugin reads no `and the`
            self.day()

    def day(self) -> None:
        place = self.place()
        if self.sees("weekday"):
            weekday, _every = self.weekday()
            self.weekdays.append((weekday, place))
        elif place:
            if abs(place) > 31:
                raise _Unread
            self.days.append(place)
            if self.words[:1] == [("unit", "day")]:
                self.take("unit")
        elif self.take("workdays"):
            self.weekdays += _WORKDAYS
        elif self.sees("month"):
            self.months.append(self.month())
        elif self.need("unit") == "week":
            self.weeks.append(self.number("count", 53) or self.fail())
        else:
            raise _Unread

    def place(self) -> int:
        """`1st`, `last`, `2nd last`; 0 where no place is named."""
        ordinal = self.take("ordinal")
        place = _ORDINALS[ordinal] if ordinal else self.number("number", 366)
        if place > 0 and self.words[:1] == [("ordinal", "last")]:
            self.take("ordinal")
            return -place
        return place

    def hour(self) -> None:
        """`at 9`, which says nothing of the day."""
        if self.take("at"):
            self.listed(lambda: self.number("count", 23) or self.fail())

    def weekday(self) -> tuple[int, int]:
        return _WEEKDAYS.index(self.need("weekday")[:2]), 0

    def month(self) -> int:
        return _MONTHS.index(self.need("month")[:3]) + 1

    def number(self, kind: str, most: int) -> int:
        """A number of that kind, 0 where there is none."""
        found = int(re.sub(r"\D", "", self.take(kind)) or 0)
        return found if found <= most else self.fail()

    def listed(self, read: Callable[[], T]) -> list[T]:
        found = [read()]
        while self.take("and"):
            found.append(read())
        return found

    def sees(self, kind: str) -> bool:
        return bool(self.words) and self.words[0][0] == kind

    def take(self, kind: str) -> str:
        """The next word if it is of that kind, else nothing."""
        return self.words.pop(0)[1] if self.sees(kind) else ""

    def need(self, kind: str) -> str:
        return self.take(kind) or self.fail()

    def fail(self) -> NoReturn:
        raise _Unread


def next_dates(recurrence: Recurrence, dates: Dates, done: date | None = None) -> Dates | None:
    """The days of the next occurrence; None where there is no day to count from, or none comes any more.

    It counts from the due day, else the scheduled one, else the start; `when done` counts from the day it was done,
    and while that is not known, as if it were done on its day.
    """
    reference = dates.reference
    if reference is None:
        return None
    following = day_after(recurrence, done or reference if recurrence.when_done else reference)
    if following is None:
        return None
    try:
        return dates.moved((following - reference).days)
    except OverflowError:
        return None


def day_after(recurrence: Recurrence, day: date) -> date | None:
    """The next day after one from which the recurrence counts, None where there is none within a hundred years.

    Months and years that say nothing of the day keep it, or take the last day where the month is shorter.
    """
    if recurrence.is_plain and recurrence.unit in ("month", "year"):
        months = recurrence.interval * (12 if recurrence.unit == "year" else 1)
        later = add_months(day, months)
        return later if day < later < date.max else None
    from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday  # noqa: PLC0415 (for recurrences only)

    frequencies: dict[Unit, Literal[0, 1, 2, 3]] = {"day": DAILY, "week": WEEKLY, "month": MONTHLY, "year": YEARLY}
    rule = rrule(
        frequencies[recurrence.unit],
        dtstart=datetime.combine(day, time()),
        interval=recurrence.interval,
        until=datetime.combine(add_months(day, _FAR), time()),
        bymonth=recurrence.months or None,
        bymonthday=recurrence.days or None,
        byweekday=[weekday(name, place or None) for name, place in recurrence.weekdays] or None,
        byweekno=recurrence.weeks or None,
    )
    found = rule.after(datetime.combine(day, time()))
    return found.date() if found else None


def occurrences(recurrence: Recurrence, dates: Dates, until: date) -> Iterator[Dates]:
    """The occurrences that follow those dates, up to a day. They are reckoned, and written nowhere."""
    following = next_dates(recurrence, dates)
    while following and following.reference and following.reference <= until:
        yield following
        following = next_dates(recurrence, following)
