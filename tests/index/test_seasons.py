from datetime import date, timedelta

import pytest

from plaincrm.dates import Duration
from plaincrm.index.seasons import season_days

TWO_WEEKS = Duration(2, "w")
CASES = {
    "once": ("2024-05-14", ""),
    "two years": ("2024-05-14 2025-05-12", "05-12 05-14"),
    "two weeks apart": ("2024-05-14 2025-05-28", "05-14 05-28"),
    "a day more": ("2024-05-14 2025-05-29", ""),
    "twice in one year": ("2024-05-14 2024-05-16", ""),
    "a year left out": ("2023-05-14 2025-05-14", "05-14"),
    "about the turn of the year": ("2023-12-30 2025-01-05", "01-05 12-30"),
    "one winter": ("2023-12-30 2024-01-05", ""),
    "29 February": ("2024-02-29 2025-02-28", "02-28 02-29"),
    "eleven years apart": ("2010-05-14 2021-05-14", ""),
}


@pytest.mark.parametrize(("days", "expected"), CASES.values(), ids=CASES)
def test_days_that_come_round(days: str, expected: str):
    bought = [("wreath", date.fromisoformat(day)) for day in days.split()]
    assert season_days(bought, TWO_WEEKS) == set(expected.split())


def test_other_products_are_other_seasons():
    assert season_days([("a", date(2024, 5, 14)), ("b", date(2025, 5, 14))], TWO_WEEKS) == set()


def test_a_sale_each_day_for_years_is_no_burden():
    days = [("", date(2015, 1, 1) + timedelta(at)) for at in range(4000)]
    assert len(season_days(days, TWO_WEEKS)) == 366
