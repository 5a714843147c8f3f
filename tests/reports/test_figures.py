from decimal import Decimal

import pytest

from plaincrm.reports.figures import median, nearest_rank, share

MEDIANS = [([], None), ([3], 3), ([5, 1], 3), ([5, 2], Decimal("3.5")), ([9, 1, 4], 4)]


@pytest.mark.parametrize(("values", "middle"), MEDIANS)
def test_the_median(values: list[int], middle: Decimal | None) -> None:
    assert median(values) == middle


# The nearest-rank definition: the value at place ceil(n * p / 100) of those in order.
RANKS = [
    ([], 90, None),
    ([7], 90, 7),
    ([1, 2], 90, 2),
    ([4, 3, 2, 1], 50, 2),
    ([15, 20, 35, 40, 50], 30, 20),
    ([15, 20, 35, 40, 50], 40, 20),
    ([15, 20, 35, 40, 50], 50, 35),
    ([15, 20, 35, 40, 50], 100, 50),
    (list(range(1, 11)), 90, 9),
    (list(range(1, 12)), 90, 10),
    ([1, 2, 3], 0, 1),
]


@pytest.mark.parametrize(("values", "percent", "value"), RANKS)
def test_percentiles(values: list[int], percent: int, value: int | None) -> None:
    assert nearest_rank(values, percent) == value


def test_shares() -> None:
    assert (share(1, 3), share(0, 4), share(0, 0)) == (Decimal("0.333333"), 0, None)
