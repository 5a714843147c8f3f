"""Dates as people say them, in English and Finnish."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.language import LANGUAGES, fold, vocabulary, words
from plaincrm.language.spoken import spoken_date

TODAY = date(2026, 11, 21)  # a Saturday

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
PHRASES = st.sampled_from(sorted(words("days"))).map(lambda phrase: phrase.replace("#", " 7 "))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01", "2026-12-01"),
        ("2020-01-01", "2020-01-01"),
        ("1.12.2026", "2026-12-01"),
        ("24.12.", "2026-12-24"),
        ("21.11.", "2026-11-21"),
        ("20.11.", "2027-11-20"),
        ("29.2.", "2028-02-29"),
        ("+2w", "2026-12-05"),
        ("-3d", "2026-11-18"),
        ("\u22123d", "2026-11-18"),
        ("+1m", "2026-12-21"),
        ("+1Y", "2027-11-21"),
        ("today", "2026-11-21"),
        ("Tomorrow", "2026-11-22"),
        ("yesterday", "2026-11-20"),
        ("tänään", "2026-11-21"),
        ("ta\u0308na\u0308a\u0308n", "2026-11-21"),
        ("huomenna", "2026-11-22"),
        ("eilen", "2026-11-20"),
        ("day after tomorrow", "2026-11-23"),
        ("ylihuomenna", "2026-11-23"),
        ("day before yesterday", "2026-11-19"),
        ("toissapäivänä", "2026-11-19"),
        ("fri", "2026-11-27"),
        ("FRIDAY", "2026-11-27"),
        ("pe", "2026-11-27"),
        ("perjantai", "2026-11-27"),
        ("perjantaina", "2026-11-27"),
        ("saturday", "2026-11-28"),
        ("sunday", "2026-11-22"),
        ("next monday", "2026-11-23"),
        ("Next  Sun", "2026-11-29"),
        ("ensi maanantaina", "2026-11-23"),
        ("ensi ma", "2026-11-23"),
        ("ensi lauantaina", "2026-11-28"),
        ("in 3 days", "2026-11-24"),
        ("in 1 day", "2026-11-22"),
        ("in a week", "2026-11-28"),
        ("2 weeks from now", "2026-12-05"),
        ("in 2 months", "2027-01-21"),
        ("3 päivän päästä", "2026-11-24"),
        ("viikon päästä", "2026-11-28"),
        ("2 viikon kuluttua", "2026-12-05"),
        ("kuukauden päästä", "2026-12-21"),
        ("vuoden päästä", "2027-11-21"),
        ("end of month", "2026-11-30"),
        ("end of the month", "2026-11-30"),
        ("kuun lopussa", "2026-11-30"),
        ("  friday  ", "2026-11-27"),
        ("now", "2026-11-21"),
        ("nyt", "2026-11-21"),
        ("in three days", "2026-11-24"),
        ("in one week", "2026-11-28"),
        ("kahden viikon kuluttua", "2026-12-05"),
        ("kolmen kuukauden päästä", "2027-02-21"),
        ("end of next month", "2026-12-31"),
        ("ensi kuun lopussa", "2026-12-31"),
        ("end of year", "2026-12-31"),
        ("vuoden lopussa", "2026-12-31"),
        ("1.5.", "2027-05-01"),
    ],
)
def test_spoken(text, expected):
    assert spoken_date(text, TODAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("why", "texts"),
    [
        ("no date", ["", " ", "#", "soon", "never", "ei koskaan", "to do", "päivän", "+", "-", "3", "3 days"]),
        ("no such day", ["2026-02-30", "5.13.", "31.2.", "friday the 13th", "3 fridays", "monday 3"]),
        ("not one day", ["2026", "2026-11", "next", "ensi", "next week", "next tomorrow", "next next monday"]),
        ("read two ways", ["5.1", "01/05/2026", "2w", "3d", "in -3 days"]),
        ("another form", ["2026-1-5", "++2w", "+2", "+2h", "in # days", "in 3# days", "in ٣ days"]),
        ("no such number", ["+0d", "in 0 days", "in 3 4 days", "in 99999 days"]),
    ],
)
def test_unclear(why, texts):
    assert [text for text in texts if spoken_date(text, TODAY)] == [], why


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        (date(2026, 11, 23), "monday", date(2026, 11, 30)),
        (date(2026, 11, 23), "next monday", date(2026, 11, 30)),
        (date(2026, 11, 23), "next sunday", date(2026, 12, 6)),
        (date(2026, 11, 22), "ensi maanantaina", date(2026, 11, 23)),
        (date(2026, 1, 31), "in a month", date(2026, 2, 28)),
        (date(2024, 2, 1), "kuun lopussa", date(2024, 2, 29)),
        (date(2024, 1, 31), "end of next month", date(2024, 2, 29)),
        (date(2024, 2, 29), "in a year", date(2025, 2, 28)),
        (date(2024, 2, 29), "in two years", date(2026, 2, 28)),
        (date(2024, 2, 28), "tomorrow", date(2024, 2, 29)),
        (date(2023, 2, 28), "tomorrow", date(2023, 3, 1)),
        (date(2026, 12, 31), "huomenna", date(2027, 1, 1)),
        (date(2026, 12, 31), "next friday", date(2027, 1, 8)),
        (date(2026, 12, 31), "fri", date(2027, 1, 1)),
        (date(2026, 12, 31), "end of year", date(2026, 12, 31)),
        (date(2026, 12, 5), "end of next month", date(2027, 1, 31)),
        (date(2026, 12, 31), "31.12.", date(2026, 12, 31)),
        (date(2026, 12, 31), "30.12.", date(2027, 12, 30)),
        (date(1896, 3, 1), "29.2.", date(1904, 2, 29)),
        (date.max, "tomorrow", date.max),
        (date.max, "1.1.", None),
        (date.min, "yesterday", date.min),
    ],
)
def test_spoken_on_another_day(today, text, expected):
    assert spoken_date(text, today) == expected


@given(st.text(max_size=70) | PHRASES | st.text("0123456789.+-dwmy #next", max_size=12), st.dates())
def test_nothing_raises(text, today):
    found = spoken_date(text, today)
    assert found is None or isinstance(found, date)


@given(st.dates(), st.sampled_from(WEEKDAYS))
def test_a_weekday_is_one_of_the_next_seven_days(today, name):
    found = spoken_date(name, today)
    assert found == date.max or (found.weekday() == WEEKDAYS.index(name) and 1 <= (found - today).days <= 7)


@given(st.dates(date(1, 1, 8), date(9999, 12, 1)), st.sampled_from(WEEKDAYS))
def test_next_is_in_the_iso_week_after(today, name):
    found = spoken_date(f"next {name}", today)
    monday = date.fromordinal(today.toordinal() - today.weekday() + 7)
    assert (found - monday).days == WEEKDAYS.index(name)


def test_no_word_means_two_days():
    meanings = {}
    for language in LANGUAGES:
        for name, spellings in vocabulary(language)["days"].items():
            for spelling in (name, *spellings):
                assert meanings.setdefault(fold(spelling), name) == name


def test_every_word_of_a_day_is_understood():
    for phrase, name in words("days").items():
        said = next(s for s in spellings_of(name) if fold(s) == phrase)
        if name not in {"never", "next"}:
            assert spoken_date(said.replace("#", "2"), TODAY), said


def spellings_of(name):
    return [name, *(spelling for language in LANGUAGES for spelling in vocabulary(language)["days"].get(name, ()))]


@pytest.mark.parametrize(
    "text", ["9" * 50_000, "next " * 10_000, "1." * 25_000, "+" * 50_000, "a\u0301\u0323" * 17_000]
)
def test_long_text_is_quick(text):
    begun = time.process_time()
    assert spoken_date(text, TODAY) is None
    assert time.process_time() - begun < 0.2
