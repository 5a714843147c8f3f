"""Intervals of 95 % confidence around shares, means and the Net Promoter Score: how much chance may have made."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

Z = Decimal("1.959964")  # the normal distribution's 97.5 % point: 2.5 % lie beyond it on either side
_PLACES = 6
# The same of Student's distribution for 1 to 30 degrees of freedom (Abramowitz and Stegun, table 26.10).
_STUDENT = tuple(
    map(
        Decimal,
        (
            *("12.706205", "4.302653", "3.182446", "2.776445", "2.570582", "2.446912", "2.364624", "2.306004"),
            *("2.262157", "2.228139", "2.200985", "2.178813", "2.160369", "2.144787", "2.131450", "2.119905"),
            *("2.109816", "2.100922", "2.093024", "2.085963", "2.079614", "2.073873", "2.068658", "2.063899"),
            *("2.059539", "2.055529", "2.051831", "2.048407", "2.045230", "2.042272"),
        ),
    )
)


class Estimate(NamedTuple):
    """A figure and the bounds of its 95 % confidence interval, None where nothing can be said of them."""

    value: Decimal
    low: Decimal | None
    high: Decimal | None


def wilson(part: int, whole: int) -> Estimate | None:
    """A share, as a fraction, with the score interval of Wilson (1927); None of nothing.

    Its bounds are those shares from which the one found lies just `Z` standard errors apart. They stay within 0 and 1
    and have a width where all or none are counted, which the common interval (Wald's) has not.
    """
    if not whole:
        return None
    n, p = Decimal(whole), Decimal(part) / whole
    middle = p + Z**2 / (2 * n)
    reach = Z * (p * (1 - p) / n + Z**2 / (4 * n**2)).sqrt()
    scale = 1 + Z**2 / n
    return _bounded(p, (middle - reach) / scale, (middle + reach) / scale, (Decimal(0), Decimal(1)))


def mean(counts: Mapping[Decimal, int], scale: tuple[int, int]) -> Estimate | None:
    """The mean of answers, given as how many there are of each, with Student's t interval; None of nothing.

    The bounds are held within the scale on which was answered. One answer alone has none.
    """
    n = sum(counts.values())
    if not n:
        return None
    middle = sum((answer * count for answer, count in counts.items()), Decimal(0)) / n
    if n == 1:
        return Estimate(round(middle, _PLACES), None, None)
    squares = sum(((answer - middle) ** 2 * count for answer, count in counts.items()), Decimal(0))
    reach = student(n - 1) * (squares / (n - 1) / n).sqrt()
    return _bounded(middle, middle - reach, middle + reach, (Decimal(scale[0]), Decimal(scale[1])))


def net_promoters(promoters: int, passives: int, detractors: int) -> Estimate | None:
    """The share of promoters less that of detractors, in points from -100 to 100; None of nothing.

    The score is the mean of 1 for each promoter, 0 for each passive and -1 for each detractor, and the interval comes
    from the variance of these. It is the adjusted Wald interval, which did best of those that Rocks (The American
    Statistician 70:4, 2016) compared: 3 answers are added first, three quarters of one being a promoter and as much a
    detractor. So it has a width where all answered alike.
    """
    n = promoters + passives + detractors
    if not n:
        return None
    more, less = ((Decimal(count) + Decimal("0.75")) / (n + 3) for count in (promoters, detractors))
    middle = more - less
    reach = Z * ((more + less - middle**2) / (n + 3)).sqrt()
    found = Decimal(100 * (promoters - detractors)) / n
    return _bounded(found, 100 * (middle - reach), 100 * (middle + reach), (Decimal(-100), Decimal(100)))


def student(freedom: int) -> Decimal:
    """The 97.5 % point of Student's t distribution for so many degrees of freedom, 1 or more.

    Beyond 30 it is reckoned from the normal one (Abramowitz and Stegun, 26.7.5), right to five decimals.
    """
    if freedom <= len(_STUDENT):
        return _STUDENT[freedom - 1]
    terms = (
        (Z**3 + Z) / 4,
        (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96,
        (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384,
    )
    return Z + sum((term / Decimal(freedom) ** power for power, term in enumerate(terms, 1)), Decimal(0))


def _bounded(value: Decimal, low: Decimal, high: Decimal, limits: tuple[Decimal, Decimal]) -> Estimate:
    """An estimate to six decimals whose bounds are within limits and hold the value itself."""
    least, most = limits
    return Estimate(
        round(value, _PLACES),
        round(max(least, min(low, value)), _PLACES),
        round(min(most, max(high, value)), _PLACES),
    )
