"""What was understood of a text that names no day, and what to write instead."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.language.spoken import spoken_date
from plaincrm.language.unclear import why_unclear

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("text", "understood", "remedy"),
    [
        ("", "No day is named.", "Write 2026-12-01, friday or +2w."),
        ("soon", "soon is no date.", "Write it as 2026-11-21, tomorrow or +2w."),
        ("next week", "next week is more than one day.", "Name one of them: friday or next monday."),
        ("Ensi  viikolla", "Ensi viikolla is more than one day.", "Name one of them: friday or next monday."),
        ("2026", "2026 is more than one day.", "Name one of them: 2026-12-31 or end of year."),
        ("2026-11", "2026-11 is more than one day.", "Name one of them: 1.12. or end of month."),
        ("01/05/2026", "01/05/2026 can be read two ways.", "Write 2026-01-05 or 2026-05-01."),
        ("31/12/2026", "31/12/2026 is nearly a date.", "Write 2026-12-31."),
        ("5/5/2026", "5/5/2026 is nearly a date.", "Write 2026-05-05."),
        ("2026-1-5", "2026-1-5 is nearly a date.", "Write 2026-01-05."),
        ("5.1", "5.1 may be a number.", "With a point behind the month, 5.1., it is 2027-01-05."),
        ("2w", "2w is a length of time.", "Write +2w from today, or -2w before."),
        ("2 viikkoa", "2 viikkoa is a length of time.", "Write +2w from today, or -2w before."),
        ("frday", "frday is no date.", "Did you mean friday, 2026-11-27?"),
        ("huomena", "huomena is no date.", "Did you mean huomenna, 2026-11-22?"),
    ],
)
def test_what_was_understood(text: str, understood: str, remedy: str) -> None:
    assert why_unclear(text, TODAY) == (understood, remedy)


@pytest.mark.parametrize("text", ["2026-02-30", "31.2.2026", "31.2.", "32/13/2026", "29.2.2027"])
def test_days_that_the_calendar_has_not(text: str) -> None:
    assert why_unclear(text, TODAY)[0] == f"{text}: the calendar has no such day."


@pytest.mark.parametrize("text", ["+2", "+2h", "-2x"])
def test_lengths_without_a_unit(text: str) -> None:
    understood, remedy = why_unclear(text, TODAY)
    assert understood == f"{text} does not say how long."
    assert remedy == "Write +2d for days, +2w for weeks, +2m for months or +2y for years."


def test_a_part_that_was_understood() -> None:
    understood, remedy = why_unclear("friday the 13th", TODAY)
    assert understood == "friday the 13th: friday is 2026-11-27, but what is meant by the 13th?"
    assert remedy == "Write friday alone, or the day as 2026-11-27."


@given(st.text(max_size=70) | st.text("0123456789.+-/dwmy #next", max_size=12), st.dates())
def test_there_is_always_an_answer(text: str, today: date) -> None:
    if spoken_date(text, today) is None:
        assert all(why_unclear(text, today))
