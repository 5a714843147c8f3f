"""Intervals: against published figures, and against a reckoning of their own."""

from __future__ import annotations

from decimal import Decimal
from math import gamma, pi, sqrt
from statistics import fmean, stdev

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plaincrm.reports.intervals import Estimate, mean, net_promoters, student, wilson

# Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3: the score interval without correction.
NEWCOMBE = [
    (81, 263, "0.2553", "0.3662"),
    (15, 148, "0.0624", "0.1605"),
    (0, 20, "0", "0.1611"),
    (1, 29, "0.0061", "0.1718"),
]


@pytest.mark.parametrize(("part", "whole", "low", "high"), NEWCOMBE)
def test_shares_as_newcombe_has_them(part: int, whole: int, low: str, high: str) -> None:
    found = wilson(part, whole)
    assert found is not None
    assert found.value == round(Decimal(part) / whole, 6)
    assert (found.low, found.high) == (
        pytest.approx(Decimal(low), abs=Decimal("5e-5")),
        pytest.approx(Decimal(high), abs=Decimal("5e-5")),
    )


# The hours of sleep that ten people gained (Student, Biometrika 6, 1908), and R's t.test of them.
SLEEP = ["0.7", "-1.6", "-0.2", "-1.2", "-0.1", "3.4", "3.7", "0.8", "0.0", "2.0"]


def test_the_mean_of_students_own_figures() -> None:
    found = mean(dict.fromkeys(map(Decimal, SLEEP), 1), (-10, 10))
    assert found == (Decimal("0.75"), Decimal("-0.529780"), Decimal("2.029780"))


def beyond(t: float, freedom: int, steps: int = 4000) -> float:
    """How much of Student's distribution lies beyond t, by Simpson's rule."""
    scale = gamma((freedom + 1) / 2) / (sqrt(freedom * pi) * gamma(freedom / 2))
    height = [(1 + (t * at / steps) ** 2 / freedom) ** (-(freedom + 1) / 2) for at in range(steps + 1)]
    within = (height[0] + height[-1] + 4 * sum(height[1:-1:2]) + 2 * sum(height[2:-1:2])) * t / steps / 3
    return 0.5 - scale * within


@pytest.mark.parametrize("freedom", [*range(1, 34), 60, 120, 300])
def test_the_points_of_students_distribution(freedom: int) -> None:
    assert beyond(float(student(freedom)), freedom) == pytest.approx(0.025, abs=2e-7)


def test_net_promoters_by_hand() -> None:
    # Of 19 + 3: (16.75 - 1.75) / 22 = 0.681818; variance 18.5 / 22 - 0.681818² = 0.376033;
    # 1.959964 * sqrt(0.376033 / 22) = 0.256242, so 42.5577 to 93.8060.
    assert net_promoters(16, 2, 1) == (Decimal("78.947368"), Decimal("42.557651"), Decimal("93.805986"))
    assert net_promoters(0, 0, 0) is None
    assert wilson(0, 0) is None
    assert mean({}, (1, 5)) is None
    assert mean({Decimal(4): 1}, (1, 5)) == (4, None, None)
    assert mean({Decimal(5): 9}, (1, 5)) == (5, 5, 5)


def as_scores(promoters: int, passives: int, detractors: int) -> tuple[float, float]:
    """The same bounds from the mean and variance of weighted scores."""
    weights = {1: promoters + 0.75, 0: passives + 1.5, -1: detractors + 0.75}
    n = sum(weights.values())
    middle = sum(score * weight for score, weight in weights.items()) / n
    variance = sum(weight * (score - middle) ** 2 for score, weight in weights.items()) / n
    reach = 1.959964 * sqrt(variance / n)
    found = (promoters - detractors) / (promoters + passives + detractors)  # which a single answer leaves outside
    return 100 * max(-1, min(found, middle - reach)), 100 * min(1, max(found, middle + reach))


COUNTS = st.integers(0, 60)


@given(COUNTS, COUNTS, COUNTS)
@example(0, 0, 1)
def test_net_promoters(promoters: int, passives: int, detractors: int) -> None:
    found, other = net_promoters(promoters, passives, detractors), net_promoters(detractors, passives, promoters)
    if found and other:
        assert ordered(found)
        assert (float(found.low or 0), float(found.high or 0)) == pytest.approx(
            as_scores(promoters, passives, detractors), abs=1e-4
        )
        assert other == (-found.value, -(found.high or 0), -(found.low or 0))


@given(st.integers(1, 500), st.data())
def test_shares_are_within_their_bounds(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    found, other = wilson(part, whole), wilson(whole - part, whole)
    assert found
    assert other
    assert ordered(found)
    assert 0 <= (found.low or 0) < (found.high or 0) <= 1
    assert (other.low, other.high) == (1 - (found.high or 0), 1 - (found.low or 0))


@given(st.dictionaries(st.integers(1, 7).map(Decimal), st.integers(1, 9), min_size=1))
def test_means(counts: dict[Decimal, int]) -> None:
    answers = [float(answer) for answer, count in counts.items() for _time in range(count)]
    found = mean(counts, (1, 7))
    assert found
    assert float(found.value) == pytest.approx(fmean(answers), abs=1e-6)
    if len(answers) > 1:
        reach = float(student(len(answers) - 1)) * stdev(answers) / sqrt(len(answers))
        assert float(found.low or 0) == pytest.approx(max(1, fmean(answers) - reach), abs=1e-5)
        assert ordered(found)


def ordered(found: Estimate) -> bool:
    return found.low is not None and found.high is not None and found.low <= found.value <= found.high
