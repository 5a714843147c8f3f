"""Texts that name no day: what was understood of each, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from plaincrm.dates import iso_form, parse_day, parse_duration, real_date
from plaincrm.language import LANGUAGES, canonical, vocabulary
from plaincrm.language.spoken import spoken_date

_LONGEST = 60  # letters of a text that is worth a guess
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_DAY_AND_MONTH = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.?")
_LENGTH = re.compile(r"([0-9]{1,4})\s*([^\W\d_]+)")
_SIGNED = re.compile(r"[+\-−]\s*([0-9]{0,4})[^\W_]*")
_LIKE_A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}")

Answer = tuple[str, str]


def why_unclear(text: str, today: date) -> Answer:
    """Why `spoken_date` finds no day in a text: a sentence that says what was understood, and what to write instead."""
    said = " ".join(text.split())
    if not said:
        return "No day is named.", "Write 2026-12-01, friday or +2w."
    if len(said) <= _LONGEST:
        for look in _LOOKS:
            found = look(said, today)
            if found:
                return found
    return f"{text} is no date.", "Write it as 2026-11-21, tomorrow or +2w."


def _whole_span(said: str, _today: date) -> Answer | None:
    day = parse_day(said)
    span = day.precision if day else canonical("spans", said)
    return (f"{said} is more than one day.", f"Name one of them: {_DAYS_OF[span]}.") if span in _DAYS_OF else None


_DAYS_OF = {"week": "friday or next monday", "month": "1.12. or end of month", "year": "2026-12-31 or end of year"}


def _two_ways(said: str, _today: date) -> Answer | None:
    """`01/05/2026`: the day first for some, the month first for others."""
    match = _SLASHED.fullmatch(said)
    if match is None:
        return None
    first, second, year = (int(part) for part in match.groups())
    found = dict.fromkeys(day for pair in ((first, second), (second, first)) if (day := real_date(year, *pair)))
    if not found:
        return _no_such_day(said)
    many = f"{said} can be read two ways." if len(found) > 1 else f"{said} is nearly a date."
    return many, f"Write {' or '.join(map(str, found))}."


def _no_such_day(said: str) -> Answer:
    return f"{said}: the calendar has no such day.", "Look at the day and the month; they are written 2026-12-01."


def _misspelt_day(said: str, today: date) -> Answer | None:
    iso = iso_form(said)
    if iso:
        return f"{said} is nearly a date.", f"Write {iso}."
    if _LIKE_A_DAY.fullmatch(said):
        return _no_such_day(said)
    match = _DAY_AND_MONTH.fullmatch(said)
    if match is None:
        return None
    day = spoken_date(f"{match[1]}.{match[2]}.", today)
    if day is None:
        return _no_such_day(said)
    return f"{said} may be a number.", f"With a point behind the month, {match[1]}.{match[2]}., it is {day}."


def _no_direction(said: str, _today: date) -> Answer | None:
    """`2w`, `3 days`: ahead or back?"""
    match = _LENGTH.fullmatch(said)
    unit = canonical("lengths", match[2]) if match else None
    length = parse_duration(f"{match[1]}{unit}") if match and unit else None
    return (f"{said} is a length of time.", f"Write +{length} from today, or -{length} before.") if length else None


def _no_length(said: str, _today: date) -> Answer | None:
    match = _SIGNED.fullmatch(said)
    if match is None:
        return None
    count = match[1].lstrip("0") or "2"
    units = f"+{count}d for days, +{count}w for weeks, +{count}m for months or +{count}y for years"
    return f"{said} does not say how long.", f"Write {units}."


def _partly(said: str, today: date) -> Answer | None:
    """A text that begins or ends with a day: `friday the 13th`."""
    parts = said.split()
    for size in range(len(parts) - 1, 0, -1):
        for known, rest in ((parts[:size], parts[size:]), (parts[-size:], parts[:-size])):
            day = spoken_date(" ".join(known), today)
            if day:
                understood = f"{said}: {' '.join(known)} is {day}, but what is meant by {' '.join(rest)}?"
                return understood, f"Write {' '.join(known)} alone, or the day as {day}."
    return None


def _misspelt_word(said: str, today: date) -> Answer | None:
    from difflib import get_close_matches  # noqa: PLC0415 (for mistakes only)

    if not all(word.isalpha() for word in said.split()):
        return None
    near = next(iter(get_close_matches(said.casefold(), list(_phrases()), 1, 0.75)), None)
    day = spoken_date(near, today) if near else None
    return (f"{said} is no date.", f"Did you mean {near}, {day}?") if day else None


def _phrases() -> Iterator[str]:
    """What people say for a day, without numbers."""
    for language in LANGUAGES:
        for spellings in vocabulary(language)["days"].values():
            yield from (spelling.casefold() for spelling in spellings if "#" not in spelling)


_LOOKS: tuple[Callable[[str, date], Answer | None], ...] = (
    _whole_span,
    _two_ways,
    _misspelt_day,
    _no_direction,
    _no_length,
    _partly,
    _misspelt_word,
)
