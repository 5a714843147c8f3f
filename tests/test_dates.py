"""Written dates, clock times, lengths and periods."""

import time as clock
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.dates import (
    Duration,
    Period,
    add_days,
    add_months,
    month_days,
    month_end,
    months_of,
    parse_clock,
    parse_date,
    parse_day,
    parse_duration,
    parse_period,
    preceding,
)

TODAY = date(2026, 11, 21)

CENTRAL = st.dates(date(1900, 1, 1), date(2100, 12, 31))  # far from both ends of the calendar
DURATIONS = st.builds(Duration, st.integers(1, 9999), st.sampled_from("dwmy"))
SHORT = st.builds(Duration, st.integers(1, 1500), st.sampled_from("dwm"))
ODD_TEXT = st.text() | st.text("0123456789-./:qQdwmy. thislayerqun²٣", max_size=24)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21", date(2026, 11, 21)),
        ("2024-02-29", date(2024, 2, 29)),
        ("0001-01-01", date.min),
        ("9999-12-31", date.max),
    ],
)
def test_date(text, expected):
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "first", "precision", "shown"),
    [
        ("2026-11-21", date(2026, 11, 21), "day", "2026-11-21"),
        ("2.10.2026", date(2026, 10, 2), "day", "2026-10-02"),
        ("02.10.2026", date(2026, 10, 2), "day", "2026-10-02"),
        ("2024-05", date(2024, 5, 1), "month", "2024-05"),
        ("2024", date(2024, 1, 1), "year", "2024"),
        ("0001", date.min, "year", "0001"),
    ],
)
def test_day(text, first, precision, shown):
    day = parse_day(text)
    assert day == (first, precision)
    assert str(day) == shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:30", time(14, 30)),
        ("9:05", time(9, 5)),
        ("09:05", time(9, 5)),
        ("14.30", time(14, 30)),
        ("0:00", time(0, 0)),
    ],
)
def test_clock(text, expected):
    assert parse_clock(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14d", Duration(14, "d")),
        ("6w", Duration(6, "w")),
        ("3m", Duration(3, "m")),
        ("1Y", Duration(1, "y")),
        ("9999d", Duration(9999, "d")),
    ],
)
def test_duration(text, expected):
    assert parse_duration(text) == expected
    assert str(expected) == text.lower()


@pytest.mark.parametrize(
    ("read", "texts"),
    [
        (parse_date, ["2026-02-29", "2026-02-30", "2026-13-01", "0000-01-01", "12026-01-01"]),
        (parse_date, ["2026-1-5", "20260105", "2026-W01-1", "5.1.2026", "01/05/2026", "2026-11-21T10:00"]),
        (parse_date, ["2026-11-21\n", " 2026-11-21", "٢٠٢٦-١١-٢١", "２０２６-11-21", "2026−11−21", ""]),
        (parse_day, ["31.2.2026", "2.10.26", "2.10.", "2024-13", "2024-5", "0000", "24", "2024-", "٢٠٢٤", ""]),
        (parse_clock, ["24:00", "25:61", "14:60", "14:3", "2:30 pm", "14:30:00", "1430", "١٤:٣٠", ""]),
        (parse_duration, ["0d", "10000d", "06w", "-3d", "+3d", "3", "d", "3 d", "3h", "1.5m", "٣d", "3dd", ""]),
    ],
)
def test_refused(read, texts):
    assert [text for text in texts if read(text) is not None] == []


@pytest.mark.parametrize(
    ("day", "length", "after", "before"),
    [
        (date(2026, 1, 31), "1m", date(2026, 2, 28), date(2025, 12, 31)),
        (date(2024, 1, 31), "1m", date(2024, 2, 29), date(2023, 12, 31)),
        (date(2024, 2, 29), "1y", date(2025, 2, 28), date(2023, 2, 28)),
        (date(2026, 3, 31), "1m", date(2026, 4, 30), date(2026, 2, 28)),
        (date(2026, 11, 21), "6w", date(2027, 1, 2), date(2026, 10, 10)),
        (date(2026, 11, 21), "14d", date(2026, 12, 5), date(2026, 11, 7)),
        (date(2026, 11, 21), "9999y", date.max, date.min),
        (date.max, "1d", date.max, date(9999, 12, 30)),
        (date.min, "1m", date(1, 2, 1), date.min),
    ],
)
def test_duration_moves(day, length, after, before):
    duration = parse_duration(length)
    assert duration.after(day) == after
    assert duration.before(day) == before


def days(start, end):
    return Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", days("2026-01-01", "2026-12-31")),
        ("2026-Q3", days("2026-07-01", "2026-09-30")),
        ("2026-q1", days("2026-01-01", "2026-03-31")),
        ("2024-02", days("2024-02-01", "2024-02-29")),
        ("2026-03-05", days("2026-03-05", "2026-03-05")),
        ("5.3.2026", days("2026-03-05", "2026-03-05")),
        ("9999", days("9999-01-01", "9999-12-31")),
        ("this-year", days("2026-01-01", "2026-12-31")),
        ("last-year", days("2025-01-01", "2025-12-31")),
        ("This-Quarter", days("2026-10-01", "2026-12-31")),
        ("last-quarter", days("2026-07-01", "2026-09-30")),
        ("this-month", days("2026-11-01", "2026-11-30")),
        ("LAST-MONTH", days("2026-10-01", "2026-10-31")),
        ("12m", days("2025-11-22", "2026-11-21")),
        ("90d", days("2026-08-24", "2026-11-21")),
        ("1d", days("2026-11-21", "2026-11-21")),
        ("6W", days("2026-10-11", "2026-11-21")),
        ("2y", days("2024-11-22", "2026-11-21")),
        ("9999y", days("0001-01-01", "2026-11-21")),
        ("2025..2026", days("2025-01-01", "2026-12-31")),
        ("2025-Q4..2026-02", days("2025-10-01", "2026-02-28")),
        ("2026-01-05 .. 2026-01-07", days("2026-01-05", "2026-01-07")),
        ("5.1.2026..7.1.2026", days("2026-01-05", "2026-01-07")),
        ("2025..", days("2025-01-01", "2026-11-21")),
        ("..2025-03", days("0001-01-01", "2025-03-31")),
        ("..", days("0001-01-01", "2026-11-21")),
    ],
)
def test_period(text, expected):
    assert parse_period(text, TODAY) == expected


@pytest.mark.parametrize(
    ("why", "texts"),
    [
        ("no such time", ["2026-Q5", "2026-13", "0000", "0000-Q1", "0d"]),
        ("ends before it starts", ["2026..2025", "2027..", "2026-03..2026-02"]),
        ("another form", ["", "next-year", "12", "2025-2026", "2025...2026", "2025..2026..2027", "12m..2026"]),
    ],
)
def test_no_period(why, texts):
    assert [text for text in texts if parse_period(text, TODAY)] == [], why


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        (date(2026, 4, 30), "1m", days("2026-04-01", "2026-04-30")),
        (date(2026, 2, 28), "1m", days("2026-02-01", "2026-02-28")),
        (date(2024, 2, 29), "12m", days("2023-03-01", "2024-02-29")),
        (date(2026, 1, 15), "last-quarter", days("2025-10-01", "2025-12-31")),
        (date(2026, 3, 31), "last-month", days("2026-02-01", "2026-02-28")),
        (date.min, "last-year", days("0001-01-01", "0001-12-31")),
        (date.max, "this-month", days("9999-12-01", "9999-12-31")),
    ],
)
def test_period_of_another_day(today, text, expected):
    assert parse_period(text, today) == expected


def test_period_covers_both_its_ends():
    march = parse_period("2026-03", TODAY)
    inside = [march.covers(add_days(march.start, n)) for n in (-1, 0, 30, 31)]
    assert inside == [False, True, True, False]


@given(ODD_TEXT, st.dates())
def test_nothing_raises(text, today):
    for read in (parse_date, parse_day, parse_clock, parse_duration):
        read(text)
    period = parse_period(text, today)
    assert period is None or period.start <= period.end


@given(st.dates())
def test_a_date_reads_back(day):
    assert parse_date(str(day)) == day
    assert parse_day(f"{day.day}.{day.month}.{day.year:04}") == (day, "day")


@given(DURATIONS, st.dates())
def test_durations_stay_in_the_calendar_and_in_order(length, day):
    assert parse_duration(str(length)) == length
    assert length.before(day) <= day <= length.after(day)


@given(SHORT, CENTRAL)
def test_before_undoes_after(length, day):
    back = length.before(length.after(day))
    assert back == day or (length.unit == "m" and 0 < (day - back).days <= 3)


@given(CENTRAL, st.integers(-1200, 1200))
def test_add_months_moves_by_months(day, n):
    moved = add_months(day, n)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == n
    assert moved.day == day.day or moved == month_end(moved)


@given(st.dates(), st.integers())
def test_adding_never_overflows(day, n):
    for moved in (add_days(day, n), add_months(day, n)):
        assert (moved >= day) if n > 0 else (moved <= day)


@given(CENTRAL, st.integers(1, 9999))
def test_the_last_days_are_so_many(today, n):
    period = parse_period(f"{n}d", today)
    assert (period.end - period.start).days == n - 1


@pytest.mark.parametrize("text", ["9" * 50_000, "2026-" * 10_000, "." * 50_000, " " * 50_000, "1.1." * 12_500])
def test_long_text_is_quick(text):
    begun = clock.process_time()
    for read in (parse_date, parse_day, parse_clock, parse_duration):
        assert read(text) is None
    parse_period(text, TODAY)
    assert clock.process_time() - begun < 0.2


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-12-31", "2027-01-01", {"12-31": "2026-12-31", "01-01": "2027-01-01"}),
        ("2027-02-28", "2027-02-28", {"02-28": "2027-02-28", "02-29": "2027-02-28"}),
        ("2028-02-28", "2028-02-29", {"02-28": "2028-02-28", "02-29": "2028-02-29"}),
        ("2026-11-22", "2026-11-21", {}),
    ],
)
def test_the_days_of_the_calendar(first, last, expected):
    found = month_days(date.fromisoformat(first), date.fromisoformat(last))
    assert {key: day.isoformat() for key, day in found.items()} == expected


def test_the_days_of_the_calendar_are_those_of_a_year_at_most():
    found = month_days(date(2026, 11, 21), date(2036, 11, 21))
    assert len(found) == 366
    assert found["11-21"] == date(2026, 11, 21)


def test_the_latest_start_at_a_month_end():
    assert Duration(1, "m").latest_start(date(2026, 2, 28)) == date(2026, 1, 31)
    assert Duration(1, "m").latest_start(date(2026, 3, 30)) == date(2026, 2, 28)
    assert Duration(14, "d").latest_start(date(2026, 3, 30)) == date(2026, 3, 16)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2026", "2025-01-01..2025-12-31"),
        ("2024-Q1", "2023-10-01..2023-12-31"),
        ("2026-03", "2026-02-01..2026-02-28"),
        ("2025-11-22..2026-11-21", "2024-11-22..2025-11-21"),
        ("2026-03-10..2026-03-19", "2026-02-28..2026-03-09"),
        ("2026-03-05", "2026-03-04..2026-03-04"),
    ],
)
def test_the_period_before(period: str, before: str) -> None:
    today = date(2026, 11, 21)
    found, expected = parse_period(period, today), parse_period(before, today)
    assert found
    assert preceding(found) == expected


def test_nothing_is_before_all_time() -> None:
    assert preceding(Period(date.min, date(2026, 11, 21))) is None


def test_months_of_a_period() -> None:
    found = parse_period("2025-11-22..2026-01-05", date(2026, 11, 21))
    assert found
    assert [f"{month.start}..{month.end}" for month in months_of(found)] == [
        "2025-11-01..2025-11-30",
        "2025-12-01..2025-12-31",
        "2026-01-01..2026-01-31",
    ]
