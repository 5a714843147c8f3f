"""Dates as people say them: `friday`, `+2w`, `ensi maanantaina`; the words are data, the grammar is here."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from plaincrm.dates import Unit, add_days, add_months, month_end, parse_day, parse_duration, real_date
from plaincrm.language import canonical

_LONGEST = 60  # letters; the longest phrase has about 25, and folding hostile text of any length is not linear
_LEAP_YEARS_APART = 8  # at most, as 1896 and 1904: how far the next 29 February can be
# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_DAY_AND_MONTH = r"([0-9]{1,2})\.([0-9]{1,2})\."

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHIFTS = {"today": 0, "tomorrow": 1, "yesterday": -1, "day_after_tomorrow": 2, "day_before_yesterday": -2}
_AHEAD: dict[str, Unit] = {"day_ahead": "d", "week_ahead": "w", "month_ahead": "m", "year_ahead": "y"}
_ENDS: dict[str, Callable[[date], int]] = {  # of which month, counted from this one
    "end_of_month": lambda _today: 0,
    "end_of_next_month": lambda _today: 1,
    "end_of_year": lambda today: 12 - today.month,
}


def spoken_date(text: str, today: date) -> date | None:
    """The day that a person means, or None where that is not clear.

    ==============================  ==============================================
    `2026-11-21`  `21.11.2026`      that day
    `24.12.`                        the next such day, today included
    `+2w`  `-3d`  `+1m`  `+1y`      so much from today; never without the sign
    `today`  `huomenna`             and the other days near today
    `fri`  `perjantaina`            the next such day after today
    `next monday`  `ensi ma`        that day of next week, which begins on a Monday
    `in 3 days`  `viikon päästä`    so much from today
    `in two weeks` `kahden viikon kuluttua`
    `end of month`  `kuun lopussa`  the last day of this month; also `end of next month`, `end of year`
    ==============================  ==============================================
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    return _written(text, today) or _signed(text, today) or _in_words(text.split(), today)


def _written(text: str, today: date) -> date | None:
    if match := re.fullmatch(_DAY_AND_MONTH, text):
        return _next_such_day(int(match[1]), int(match[2]), today)
    day = parse_day(text)
    return day.date if day and day.precision == "day" else None


def _next_such_day(day: int, month: int, today: date) -> date | None:
    years = range(today.year, today.year + _LEAP_YEARS_APART + 1)
    candidates = (real_date(year, month, day) for year in years)
    return next((found for found in candidates if found and found >= today), None)


def _signed(text: str, today: date) -> date | None:
    length = parse_duration(text[1:])
    if length is None or text[0] not in "+-−":
        return None
    return length.after(today) if text[0] == "+" else length.before(today)


def _in_words(said: list[str], today: date) -> date | None:
    if len(said) > 1 and canonical("days", said[0]) == "next":
        day = _next_week(canonical("days", " ".join(said[1:])), today)
        if day:
            return day
    numbers = [number for word in said if (number := _number(word))]
    phrase = " ".join("#" if _number(word) else word for word in said)
    if phrase.count("#") != len(numbers):  # "#" itself is not a number
        return None
    return _meant(canonical("days", phrase), numbers[0] if numbers else "1", today)


def _number(word: str) -> str | None:
    """A number in digits, also of one spelled out: `3`, `three`, `kolmen`."""
    if word.isascii() and word.isdigit():
        return word
    return canonical("numbers", word) if word.isalpha() else None


def _next_week(name: str | None, today: date) -> date | None:
    if name not in _WEEKDAYS:
        return None
    return add_days(today, 7 - today.weekday() + _WEEKDAYS.index(name))


def _meant(name: str | None, number: str, today: date) -> date | None:
    """The day of a canonical name; the number counts only in the names that look ahead."""
    if name in _SHIFTS:
        return add_days(today, _SHIFTS[name])
    if name in _WEEKDAYS:
        return add_days(today, (_WEEKDAYS.index(name) - today.weekday() - 1) % 7 + 1)
    if name in _ENDS:
        return month_end(add_months(today.replace(day=1), _ENDS[name](today)))
    length = parse_duration(number + _AHEAD[name]) if name in _AHEAD else None
    return length.after(today) if length else None
