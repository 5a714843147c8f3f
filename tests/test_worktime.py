"""Working time: what counts as such, how much of it lies between two moments, and when an answer is due."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.dates import Period, parse_clock, parse_date
from plaincrm.errors import UsageError
from plaincrm.worktime import (
    OFFICE_HOURS,
    Span,
    Target,
    WorkingTime,
    known_zone,
    parse_closed,
    parse_hours,
    parse_hours_day,
    parse_target,
    parse_weekdays,
    public_holidays,
    working_time,
)

# The painters of these tests: Saturdays in the morning, a lunch break on Wednesdays, half a day before Christmas.
PAINTERS = working_time(
    {
        "mon-fri": ((Span(540, 1020)),),
        "wed": (Span(540, 720), Span(780, 1020)),
        "sat": (Span(600, 840),),
        "12-24": (Span(540, 720),),
        "2026-06-19": (Span(540, 720),),
    },
    ("12-31", Period(date(2026, 7, 6), date(2026, 7, 26))),
    "Europe/Helsinki",
    "FI",
)
NIGHTS = working_time({"mon-sun": (Span(120, 360),)}, zone="Europe/Helsinki")  # a bakery, two to six


def moment(text: str, hours: WorkingTime = PAINTERS) -> datetime:
    """A moment as a note has it: `2026-11-20 14:30`, or a day alone."""
    day, _, clock = text.partition(" ")
    found = parse_date(day)
    assert found, text
    return hours.moment(found, parse_clock(clock))


def shown(found: datetime) -> str:
    return found.strftime("%Y-%m-%d %H:%M")


HOURS = {
    "9-17": ((540, 1020),),
    "8:30-16": ((510, 960),),
    "9.00–17.30": ((540, 1050),),
    "9-12, 13-17": ((540, 720), (780, 1020)),
    "9-12,12-17": ((540, 720), (720, 1020)),
    "0-24": ((0, 1440),),
    "closed": (),
    "17-9": None,
    "9-9": None,
    "9": None,
    "": None,
    "9-17, 12-13": None,
    "9-25": None,
    "nine to five": None,
}


@pytest.mark.parametrize("text", HOURS)
def test_hours_of_a_day(text: str) -> None:
    assert parse_hours(text) == HOURS[text]


WEEKDAYS = {
    "mon": (0,),
    "Mon-Fri": (0, 1, 2, 3, 4),
    "fri-mon": (4, 5, 6, 0),
    "mon, wed,sat-sun": (0, 2, 5, 6),
    "monday": None,
    "mon-": (0,),
    "": None,
    "12-24": None,
}


@pytest.mark.parametrize("text", WEEKDAYS)
def test_weekdays(text: str) -> None:
    assert parse_weekdays(text) == WEEKDAYS[text]


CLOSED = {
    "12-24": "12-24",
    "02-29": "02-29",
    "02-30": None,
    "2026-12-24": Period(date(2026, 12, 24), date(2026, 12, 24)),
    "24.12.2026": Period(date(2026, 12, 24), date(2026, 12, 24)),
    "2026-07": Period(date(2026, 7, 1), date(2026, 7, 31)),
    "2026-07-06..2026-07-26": Period(date(2026, 7, 6), date(2026, 7, 26)),
    "2026-07-26..2026-07-06": None,
    "2026-07-06..": None,
    "2026": None,
    "12m": None,
    "last-year": None,
    "juhannus": None,
}


@pytest.mark.parametrize("text", CLOSED)
def test_closed_days(text: str) -> None:
    assert parse_closed(text) == CLOSED[text]


@pytest.mark.parametrize("key", ["mon-fri", "12-24", "2026-12-24"])
def test_keys_that_name_a_day(key: str) -> None:
    assert parse_hours_day(key) == key


@pytest.mark.parametrize("key", ["weekdays", "13-24", "2026-02-30", "2026-12"])
def test_keys_that_name_none(key: str) -> None:
    assert parse_hours_day(key) is None


TARGETS = {
    "4h": (Target(4, "h"), "4h"),
    "4 hours": (Target(4, "h"), "4h"),
    "30 min": (Target(30, "min"), "30 min"),
    "45 Minutes": (Target(45, "min"), "45 min"),
    "1d": (Target(1, "d"), "1 working day"),
    "2 days": (Target(2, "d"), "2 working days"),
    "1 working day": (Target(1, "d"), "1 working day"),
}


@pytest.mark.parametrize("text", TARGETS)
def test_targets(text: str) -> None:
    found = parse_target(text)
    assert (found, str(found)) == TARGETS[text]


@pytest.mark.parametrize("text", ["", "4", "h", "soon", "4 weeks", "1000h", "4h 30min"])
def test_texts_that_are_no_target(text: str) -> None:
    assert parse_target(text) is None


# --- which hours a day has

DAYS = {
    "2026-11-20": "9-17",  # a Friday
    "2026-11-18": "9-12, 13-17",  # a Wednesday: of two keys the one that names fewer days
    "2026-11-21": "10-14",  # a Saturday
    "2026-11-22": "closed",  # a Sunday
    "2026-01-06": "closed",  # Epiphany, a Tuesday
    "2026-04-03": "closed",  # Good Friday
    "2026-05-14": "closed",  # Ascension Day
    "2026-06-19": "9-12",  # Midsummer Eve, which the library counts: the date of its own goes before
    "2027-06-25": "closed",  # Midsummer Eve of another year
    "2026-12-24": "9-12",  # a day of every year goes before public holidays
    "2026-12-25": "closed",
    "2026-12-31": "closed",  # no public holiday, but closed by us
    "2026-07-05": "closed",  # a Sunday
    "2026-07-06": "closed",  # the summer holiday begins
    "2026-07-26": "closed",
    "2026-07-27": "9-17",  # and is over
    "2025-07-07": "9-17",  # another year's July
}


@pytest.mark.parametrize("day", DAYS)
def test_the_hours_of_days(day: str) -> None:
    assert PAINTERS.hours(date.fromisoformat(day)) == parse_hours(DAYS[day])


def test_public_holidays_are_those_of_the_country_and_its_part() -> None:
    corpus_christi = date(2026, 6, 4)  # in Bavaria, not in Berlin
    assert WorkingTime(country="DE", subdivision="BY").is_holiday(corpus_christi)
    assert not WorkingTime(country="DE", subdivision="BE").is_holiday(corpus_christi)
    assert not WorkingTime().is_holiday(date(2026, 12, 25))
    assert public_holidays("FI", "XX", 2026) is None
    assert public_holidays("XX", "", 2026) is None
    assert WorkingTime(country="XX").hours(date(2026, 12, 25)) == OFFICE_HOURS[0]


def test_office_hours_stand_in_where_no_weekday_is_named() -> None:
    half = {"12-24": (Span(540, 720),)}
    assert working_time(half).week == OFFICE_HOURS
    assert working_time({"tue": (Span(0, 60),)}).week[0] == ()


def test_holidays_are_loaded_only_where_working_time_is_counted() -> None:
    code = "import sys, plaincrm.worktime, plaincrm.vault.config; print({'holidays', 'zoneinfo'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"set()\n"


# --- due moments: came -> due, by target

DUE = {
    "4h": {
        "2026-11-19 09:00": "2026-11-19 13:00",
        "2026-11-19 13:00": "2026-11-19 17:00",  # at closing time itself
        "2026-11-19 13:01": "2026-11-20 09:01",
        "2026-11-20 16:59": "2026-11-21 13:59",  # one minute of Friday, the rest on Saturday
        "2026-11-20 17:00": "2026-11-21 14:00",  # to the minute of closing: from the next opening
        "2026-11-21 13:00": "2026-11-23 12:00",  # over a Sunday
        "2026-11-22 23:30": "2026-11-23 13:00",
        "2026-11-23 03:00": "2026-11-23 13:00",
        "2026-11-18 11:00": "2026-11-18 16:00",  # a lunch break
        "2026-11-18 12:30": "2026-11-18 17:00",  # within it
        "2026-11-19": "2026-11-20 13:00",  # no time: it came at the end of the day
        "2026-11-22": "2026-11-23 13:00",
        "2026-12-23 15:00": "2026-12-24 11:00",  # half a day
        "2026-12-24 11:00": "2026-12-28 12:00",  # Christmas: Friday, Saturday, Sunday
        "2026-06-18 16:30": "2026-06-22 09:30",  # Midsummer, with the half day of its eve
        "2026-07-03 16:00": "2026-07-04 13:00",
        "2026-07-04 13:00": "2026-07-27 12:00",  # three weeks of summer holiday
    },
    "30 min": {"2026-11-20 16:45": "2026-11-21 10:15", "2026-11-20 16:30": "2026-11-20 17:00"},
    "0h": {"2026-11-20 12:00": "2026-11-20 12:00", "2026-11-22 12:00": "2026-11-23 09:00"},
    "1 working day": {
        "2026-11-19 09:00": "2026-11-20 17:00",  # whenever it came that day
        "2026-11-19 16:59": "2026-11-20 17:00",
        "2026-11-19 17:00": "2026-11-21 14:00",  # to the minute of closing: it came on Friday
        "2026-11-19": "2026-11-20 17:00",  # no time: it came that day
        "2026-11-20 10:00": "2026-11-21 14:00",
        "2026-11-21 15:00": "2026-11-24 17:00",  # after closing on Saturday: it came on Monday
        "2026-11-22": "2026-11-24 17:00",
        "2026-12-23 10:00": "2026-12-24 12:00",
        "2026-12-24 10:00": "2026-12-28 17:00",
    },
    "2d": {"2026-11-19 09:00": "2026-11-21 14:00", "2026-12-23 10:00": "2026-12-28 17:00"},
    "0 days": {"2026-11-19 09:00": "2026-11-19 17:00", "2026-11-22 09:00": "2026-11-23 17:00"},
}


@pytest.mark.parametrize(("target", "came"), [(target, came) for target in DUE for came in DUE[target]])
def test_when_an_answer_is_due(target: str, came: str) -> None:
    length = parse_target(target)
    day, _, clock = came.partition(" ")
    assert length
    due = PAINTERS.due(length, date.fromisoformat(day), parse_clock(clock))
    assert shown(due) == DUE[target][came]


# --- elapsed: from, to -> hours and minutes

ELAPSED = {
    ("2026-11-20 16:00", "2026-11-20 16:45"): "0:45",
    ("2026-11-20 16:00", "2026-11-21 10:30"): "1:30",
    ("2026-11-20 18:00", "2026-11-20 22:00"): "0:00",
    ("2026-11-21 12:00", "2026-11-23 10:00"): "3:00",
    ("2026-11-22 08:00", "2026-11-22 20:00"): "0:00",
    ("2026-11-18 11:30", "2026-11-18 13:30"): "1:00",
    ("2026-11-20", "2026-11-21 11:00"): "1:00",
    ("2026-12-23 16:00", "2026-12-28 10:00"): "5:00",
    ("2026-11-20 12:00", "2026-11-20 10:00"): "0:00",  # never less than nothing
    ("2026-11-16 09:00", "2026-11-23 09:00"): "43:00",
}


@pytest.mark.parametrize("span", ELAPSED, ids=" to ".join)
def test_working_time_between_two_moments(span: tuple[str, str]) -> None:
    hours, minutes = map(int, ELAPSED[span].split(":"))
    assert PAINTERS.elapsed(moment(span[0]), moment(span[1])) == timedelta(hours=hours, minutes=minutes)


# --- nights on which the clock jumps: 29 March 2026 lacks the hour from 3, 25 October has it twice


def test_the_night_of_summer_time_is_an_hour_short() -> None:
    assert NIGHTS.elapsed(moment("2026-03-29 00:00", NIGHTS), moment("2026-03-29 12:00", NIGHTS)) == timedelta(hours=3)
    assert shown(NIGHTS.due(Target(2, "h"), date(2026, 3, 29), time(2, 0))) == "2026-03-29 05:00"
    assert shown(NIGHTS.due(Target(2, "h"), date(2026, 3, 28), time(2, 0))) == "2026-03-28 04:00"


def test_the_night_of_winter_time_is_an_hour_long() -> None:
    assert NIGHTS.elapsed(moment("2026-10-25 00:00", NIGHTS), moment("2026-10-25 12:00", NIGHTS)) == timedelta(hours=5)
    assert shown(NIGHTS.due(Target(4, "h"), date(2026, 10, 25), time(2, 0))) == "2026-10-25 05:00"


def test_a_time_that_the_night_lacks_or_has_twice() -> None:
    lacking, twice = moment("2026-03-29 03:30", NIGHTS), moment("2026-10-25 03:30", NIGHTS)
    assert lacking.astimezone(UTC).hour == 1  # by the offset before: half an hour after the clock jumped
    assert twice.astimezone(UTC).hour == 0  # the first of the two
    swallowed = working_time({"sun": (Span(180, 240),)}, zone="Europe/Helsinki")
    assert swallowed.elapsed(moment("2026-03-29 00:00"), moment("2026-03-29 23:00")) == timedelta()


def test_daytime_is_the_same_before_and_after_the_clock_jumps() -> None:
    assert shown(PAINTERS.due(Target(4, "h"), date(2026, 3, 28), time(13, 0))) == "2026-03-30 12:00"
    assert PAINTERS.elapsed(moment("2026-10-24 13:00"), moment("2026-10-26 10:00")) == timedelta(hours=2)


def test_without_a_zone_every_day_has_24_hours() -> None:
    nights = working_time({"mon-sun": (Span(120, 360),)})
    assert nights.elapsed(moment("2026-03-29 00:00", nights), moment("2026-03-29 12:00", nights)) == timedelta(hours=4)


@pytest.mark.parametrize("name", ["Europe/Helsinki", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT+2", ""])
def test_zones_there_are(name: str) -> None:
    assert known_zone(name)


@pytest.mark.parametrize("name", ["Europe/Helsinky", "Europe", "../etc/passwd", "/etc/passwd", "EET/", "x\0y"])
def test_zones_there_are_not(name: str) -> None:
    assert not known_zone(name)
    assert WorkingTime(zone=name).moment(date(2026, 7, 1), time(9)).utcoffset() == timedelta()


def test_settings_that_leave_no_working_time_are_refused() -> None:
    with pytest.raises(UsageError, match="no working time"):
        WorkingTime(((),) * 7).due(Target(1, "h"), date(2026, 11, 20), None)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar(day: date) -> None:
    for zone in ("Europe/Helsinki", "Pacific/Kiritimati", "Pacific/Niue"):
        hours = working_time({"mon-sun": (Span(0, 1440),)}, zone=zone, country="FI")
        assert hours.due(Target(999, "d"), day, time(12, 0)) > hours.moment(day, None)
        assert hours.elapsed(hours.begin(day), hours.end(day)) == timedelta(1)


# --- laws

SPANS = st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(
    lambda quarters: tuple(
        Span(a * 15, b * 15) for a, b in zip(sorted(quarters)[::2], sorted(quarters)[1::2], strict=False)
    )
)
CALENDARS = st.builds(
    WorkingTime,
    st.tuples(SPANS, *[st.one_of(st.just(()), SPANS)] * 6),
    st.dictionaries(st.sampled_from(["12-24", "12-31", "2026-03-29", "2026-10-25"]), SPANS),
    zone=st.sampled_from(["", "Europe/Helsinki", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]),
    closed=st.just(()),
    country=st.sampled_from(["", "FI"]),
    subdivision=st.just(""),
)
DAYTIMES = st.tuples(
    st.one_of(
        st.dates(date(2025, 1, 1), date(2027, 12, 31)),
        st.sampled_from([date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25)]),
    ),
    st.one_of(st.none(), st.times().map(lambda clock: clock.replace(second=0, microsecond=0))),
)
LENGTHS = st.integers(1, 3_000).map(lambda minutes: timedelta(minutes=minutes))


@given(CALENDARS, DAYTIMES, LENGTHS)
def test_after_adding_working_time_so_much_has_passed(
    hours: WorkingTime, came: tuple[date, time], d: timedelta
) -> None:
    start = hours.moment(*came)
    assert hours.elapsed(start, hours.add(start, d)) == d


@given(CALENDARS, DAYTIMES, DAYTIMES, LENGTHS, LENGTHS)
def test_adding_is_monotone(
    hours: WorkingTime, one: tuple[date, time], other: tuple[date, time], d: timedelta, more: timedelta
) -> None:
    first, second = sorted((hours.moment(*one), hours.moment(*other)), key=lambda found: found.astimezone(UTC))
    assert hours.add(first, d).astimezone(UTC) <= hours.add(second, d).astimezone(UTC)
    assert hours.add(first, d).astimezone(UTC) < hours.add(first, d + more).astimezone(UTC)


@given(CALENDARS, st.lists(DAYTIMES, min_size=3, max_size=3))
def test_elapsed_time_adds_up(hours: WorkingTime, days: list[tuple[date, time]]) -> None:
    a, b, c = sorted((hours.moment(*day) for day in days), key=lambda found: found.astimezone(UTC))
    assert hours.elapsed(a, c) == hours.elapsed(a, b) + hours.elapsed(b, c)


@given(CALENDARS, DAYTIMES, st.integers(0, 20))
def test_due_days_are_never_before_the_message_and_grow(hours: WorkingTime, came: tuple[date, time], n: int) -> None:
    dues = [hours.due(Target(count, "d"), *came).astimezone(UTC) for count in (n, n + 1)]
    assert hours.moment(*came).astimezone(UTC) <= dues[0] < dues[1]
