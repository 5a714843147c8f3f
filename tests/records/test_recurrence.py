"""Recurrences against the cases that the Tasks plugin documents and tests, and against rrule.js where it was asked."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.records.recurrence import Dates, day_after, next_dates, occurrences, parse_recurrence

# Recurrence, day -> the next day. The first block stands in the plugin's page `Recurring Tasks`, the second in its
# `tests/Task/Recurrence.test.ts`; the third was asked of rrule.js 2.8.1 with the plugin's way of moving days back.
NEXT = """
every Sunday                            2021-04-25  2021-05-02
every week                              2021-02-06  2021-02-13
every month on the last                 2022-01-31  2022-02-28
every month on the last                 2022-02-28  2022-03-31
every month                             2021-10-31  2021-11-30
every month                             2021-11-30  2021-12-30
every month                             2022-01-30  2022-02-28
every month                             2022-02-28  2022-03-28
every month on the 31st                 2022-01-31  2022-03-31
every month on the 31st                 2022-05-31  2022-07-31
every 3 months                          2022-01-31  2022-04-30
every 3 months                          2022-04-30  2022-07-30
every 2 weeks                           2021-10-30  2021-11-13

every month                             2022-01-31  2022-02-28
every 2 months                          2023-12-31  2024-02-29
every 2 years                           2024-02-29  2026-02-28
every 11 months                         2020-03-31  2021-02-28
every 13 months                         2020-01-31  2021-02-28
every day                               2022-02-27  2022-02-28

every 3 days                            2026-11-20  2026-11-23
every weekday                           2026-11-20  2026-11-23
every week on Monday, Friday            2026-11-20  2026-11-23
every week on Monday, Friday            2026-11-23  2026-11-27
every 2 weeks on Friday                 2026-11-20  2026-12-04
every 3 weeks on Friday                 2026-11-18  2026-11-20
every month on the 15th                 2026-11-20  2026-12-15
every month on the 15th                 2026-11-10  2026-11-15
every month on the last Friday          2026-11-20  2026-11-27
every month on the 2nd last Friday      2026-11-20  2026-12-18
every 6 months on the 2nd Wednesday     2026-11-11  2027-05-12
every month on the 1st and 15th         2026-11-01  2026-11-15
every month on the third                2026-11-20  2026-12-03
every January on the 15th               2026-11-20  2027-01-15
every February on the last              2026-11-20  2027-02-28
every February on the 29th              2026-11-20  2028-02-29
every April and December on the 1st and 24th  2026-11-20  2026-12-01
every January                           2026-11-20  2027-01-20
every year                              2024-02-29  2025-02-28
every year                              2026-05-15  2027-05-15
every Tue, thu                          2026-11-20  2026-11-24
every Friday at 9                       2026-11-20  2026-11-27
every Friday on the 13th                2026-11-20  2027-08-13
every 2weeks                            2026-11-20  2026-12-04
EVERY WEEK ON SUNDAY                    2026-11-20  2026-11-22
every year on week 1                    2026-11-20  2027-01-04
"""
CASES = [
    (text.strip(), date.fromisoformat(day), date.fromisoformat(following))
    for line in NEXT.splitlines()
    if line.strip()
    for text, day, following in [line.rsplit(maxsplit=2)]
]


@pytest.mark.parametrize(("text", "day", "following"), CASES, ids=str)
def test_the_next_day(text: str, day: date, following: date) -> None:
    rule = parse_recurrence(text)
    assert rule
    assert day_after(rule, day) == following


NONE = [
    "",
    "every",
    "week",
    "joka viikko",
    "every two weeks",  # rrule.js reads numbers in digits only
    "every 0 days",
    "every fortnight",
    "every blue moon",
    "every week for 3 times",  # the plugin's page says that neither can be used
    "every week until 2027",
    "every month on the 1st and the 15th",  # the plugin would see the first day only
    "every week except in July",
    "every day on Monday",
    "every Friday on Monday",
    "every month on the 32nd",
    "every month on the 6th Friday",
    "every 3 hours",  # a promise has days
    "when done",
    "every 99999 days",
]


@pytest.mark.parametrize("text", NONE)
def test_texts_that_are_no_recurrence(text: str) -> None:
    assert parse_recurrence(text) is None


def days(text: str) -> Dates:
    """Dates as the plugin writes them: `📅 due ⏳ scheduled 🛫 start`."""
    words = text.split()
    found = {sign: date.fromisoformat(day) for sign, day in zip(words[::2], words[1::2], strict=True)}
    return Dates(found.get("📅"), found.get("⏳"), found.get("🛫"))


# Recurrence, dates, done -> the dates of the next occurrence
ALL_DATES = {
    ("every 2 weeks", "⏳ 2021-10-28 📅 2021-10-30", ""): "⏳ 2021-11-11 📅 2021-11-13",
    ("every month", "🛫 2022-01-01 ⏳ 2022-01-04 📅 2022-01-10", ""): "🛫 2022-02-01 ⏳ 2022-02-04 📅 2022-02-10",
    ("every month", "🛫 2022-01-04", ""): "🛫 2022-02-04",
    ("every week", "⏳ 2021-02-06", "2022-02-13"): "⏳ 2021-02-13",  # from its own day, however late it was done
    ("every week when done", "⏳ 2021-02-06", "2022-02-13"): "⏳ 2022-02-20",
    ("every 3 days when done", "🛫 2022-01-01 ⏳ 2022-01-04", "2022-01-10"): "🛫 2022-01-10 ⏳ 2022-01-13",
    ("every month when done", "📅 2022-01-15", "2022-01-31"): "📅 2022-02-28",
    ("every week when done", "📅 2026-11-20", ""): "📅 2026-11-27",  # not done yet: as if it were, on its day
}


@pytest.mark.parametrize("case", ALL_DATES, ids=" | ".join)
def test_all_dates_keep_their_distance(case: tuple[str, str, str]) -> None:
    text, dates, done = case
    rule = parse_recurrence(text)
    assert rule
    assert next_dates(rule, days(dates), date.fromisoformat(done) if done else None) == days(ALL_DATES[case])


def test_what_never_comes() -> None:
    weekly, never, rare = map(parse_recurrence, ("every week", "every February on the 30th", "every 9999 years"))
    assert weekly
    assert never
    assert rare
    assert next_dates(weekly, Dates()) is None  # no day to count from
    assert day_after(never, date(2026, 1, 1)) is None
    assert day_after(rare, date(2026, 1, 1)) is None
    assert next_dates(weekly, Dates(date.max)) is None
    assert next_dates(weekly, Dates(date(9999, 12, 20), None, date.max)) is None


def test_occurrences_up_to_a_day() -> None:
    rule = parse_recurrence("every month")
    assert rule
    found = list(occurrences(rule, days("📅 2026-10-31 🛫 2026-10-24"), date(2027, 3, 1)))
    assert [str(one.due) for one in found] == ["2026-11-30", "2026-12-30", "2027-01-30", "2027-02-28"]
    assert str(found[0].start) == "2026-11-23"
    assert list(occurrences(rule, days("📅 2026-10-31"), date(2026, 11, 29))) == []


_SOME = "every day week weekday month year 2 3 15 on in the 1st 2nd 31st last and , Monday fri Jan when done"
WORDS = st.sampled_from(_SOME.split())


@given(st.lists(WORDS, max_size=8), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_whatever_is_read_moves_on(words: list[str], day: date) -> None:
    rule = parse_recurrence("every " + " ".join(words))
    if rule and (following := day_after(rule, day)):
        assert following > day
        later = [dates.due for dates in occurrences(rule, Dates(following), following + timedelta(400))]
        assert all(one < other for one, other in pairwise([following, *later]) if one and other)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    parse_recurrence(text)
