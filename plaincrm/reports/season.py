"""The season: what was sold in each month of the years, and how much of a usual month each month of the year is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

from plaincrm.checks.unread import unread
from plaincrm.dates import Period, add_months, months_of
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.money import from_units
from plaincrm.reports.amounts import YEARLY, Amounts, Apart, amounts, foreign
from plaincrm.reports.evidence import Explanation, Figure, evidence

Of = Literal["revenue", "margin", "purchases"]
OF: tuple[Of, ...] = get_args(Of)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NEEDED = 24  # whole months: with fewer some month of the year has no ratio
_HALF = 6  # months to either side of a centred average of twelve


class Year(NamedTuple):
    """The months of one year, January first: an amount, or a number of purchases.

    None is a month before the first sale, after today or outside of the period; a first sale that is dated by its year
    alone leaves that year to None. `no_month` is of all that are dated so: it is in the `total` and in no month. `over`
    says whether the year's last day has passed.
    """

    year: int
    over: bool
    months: tuple[Decimal | None, ...]
    no_month: Decimal
    total: Decimal


class Ratio(NamedTuple):
    """One month (`2026-05`) against the mean of the year around it: `ratio` is `value` by `moving_average`."""

    month: str
    value: Decimal
    moving_average: Decimal
    ratio: Decimal


class SeasonIndex(NamedTuple):
    """A month of the year, 1 to 12: how much it is of a usual month, which is 1, and the ratios that is the mean of."""

    month: int
    value: Decimal
    ratios: tuple[Ratio, ...]


class Known(NamedTuple):
    """The margin of how much of the revenue is known."""

    revenue: Decimal
    revenue_with_margin: Decimal


class SeasonReport(NamedTuple):
    """Sales by month and year, up to today, in `currency` (numbers, where `of` is purchases).

    `indexes` has the twelve months, or none: with fewer than two years of whole months (`whole_months`, from
    `first_whole` to `last_whole`), or where the sales around some month come to nothing.
    """

    start: date
    end: date
    today: date
    of: Of
    currency: str
    years: tuple[Year, ...]
    total: Decimal
    indexes: tuple[SeasonIndex, ...]
    whole_months: int
    first_whole: str | None
    last_whole: str | None
    known: Known
    converted: tuple[str, ...]
    apart: tuple[Apart, ...]
    unread: dict[str, str]


def season(index: Index, today: date, period: Period, where: Condition = EVERY, of: Of = "revenue") -> SeasonReport:
    """The sales of a period by month and year. What is dated later than today is a plan and counts nowhere."""
    period = Period(period.start, min(period.end, today))
    counted = amounts(index)
    found, known = _by_month(index, counted, period, where, of)
    begun = _begun(index, counted, period, where)
    months = [*months_of(Period(begun, period.end))] if begun else []
    whole = _whole_months(months, period)
    converted, apart = foreign(index, period, where)
    return SeasonReport(
        period.start,
        max(period.start, period.end),
        today,
        of,
        index.vault.config.currency,
        tuple(_years(found, months, today)),
        sum(found.values(), Decimal(0)),
        _indexes(whole, found) if len(whole) >= NEEDED else (),
        len(whole),
        whole[0] if whole else None,
        whole[-1] if whole else None,
        known,
        converted,
        apart,
        unread(index),
    )


def explain_season(index: Index, today: date, period: Period, named: Named, of: Of = "revenue") -> Explanation:
    """The season of one customer: each month of the year, and the sales it is made of."""
    report = season(index, today, period, Condition("c.file = ?", (named.file,)), of)
    counted = amounts(index)
    rows = index.rows(
        f"select s.file, s.line, s.date, {counted.revenue}, {counted.margin} from sales s"
        f" where s.file = ? and s.date between ? and ? and {counted.counted} order by s.line, s.position",
        (named.file, report.start.isoformat(), report.end.isoformat()),
    )
    return Explanation(
        "season",
        named.customer,
        named.name,
        named.path,
        f"{of} by month, {report.start} to {report.end}, {report.currency}",
        tuple(_figures(report)),
        evidence(index, ((file, line, _counts(of, day, *units)) for file, line, day, *units in rows)),
    )


def _by_month(
    index: Index, counted: Amounts, period: Period, where: Condition, of: Of
) -> tuple[dict[str, Decimal], Known]:
    """The sums of months (`2026-05`), and of years for entries dated by their year alone (`2026`), in one scan.

    Several sales of one entry are one purchase.
    """
    rows = index.rows(
        "select month, sum(revenue), sum(margin), sum(known), sum(bought) from ("
        f"select substr(s.date, 1, case when {YEARLY} then 4 else 7 end) as month,"
        f" sum({counted.revenue}) as revenue, coalesce(sum({counted.margin}), 0) as margin,"
        f" coalesce(sum(case when s.margin is not null then {counted.revenue} end), 0) as known,"
        " max(s.revenue > 0) as bought"
        f" from sales s where s.date between ? and ? and {counted.counted}{where.on('s.file')}"
        " group by s.date, s.file, s.line) group by month order by month",
        (period.start.isoformat(), period.end.isoformat(), *where.parameters),
    )
    at = 1 + ("revenue", "margin", "", "purchases").index(of)
    return (
        {row[0]: Decimal(row[at]) if of == "purchases" else from_units(row[at]) for row in rows},
        Known(from_units(sum(row[1] for row in rows)), from_units(sum(row[3] for row in rows))),
    )


def _begun(index: Index, counted: Amounts, period: Period, where: Condition) -> date | None:
    """The day from which on a month without a sale is nothing: that of the first sale, which may lie before the period.

    One dated by its year alone was in some month of it, so that nothing is known before the next year.
    """
    if period.start > period.end:
        return None
    found: list[date] = []
    for which in ("", f" and not ({YEARLY})"):
        [(day,)] = index.rows(
            f"select min(s.date) from sales s where s.date <= ? and {counted.counted}{where.on('s.file')}{which}",
            (period.end.isoformat(), *where.parameters),
        )
        if day:
            found.append(date.fromisoformat(day))
    if not found:
        return None
    begun = max(min([add_months(date(found[0].year, 1, 1), 12), *found[1:]]), period.start)
    return begun if begun <= period.end else None


def _years(found: Mapping[str, Decimal], months: Iterable[Period], today: date) -> list[Year]:
    years: dict[int, list[Decimal | None]] = {int(key[:4]): [None] * 12 for key in found}
    for month in months:
        key = month.start.isoformat()[:7]
        years.setdefault(month.start.year, [None] * 12)[month.start.month - 1] = found.get(key, Decimal(0))
    return [
        Year(
            year,
            date(year, 12, 31) < today,
            tuple(months),
            found.get(f"{year:04}", Decimal(0)),
            sum((value for value in months if value is not None), found.get(f"{year:04}", Decimal(0))),
        )
        for year, months in sorted(years.items())
    ]


def _whole_months(months: Iterable[Period], period: Period) -> list[str]:
    """Those that are over, and none that the period holds in part only."""
    return [month.start.isoformat()[:7] for month in months if period.start <= month.start and month.end <= period.end]


def _indexes(months: list[str], found: Mapping[str, Decimal]) -> tuple[SeasonIndex, ...]:
    """The index of each month of the year by the ratio-to-moving-average method; none where it cannot be reckoned.

    Classical multiplicative decomposition: each month by the centred average of twelve months around it; the mean of
    these ratios for each month of the year; all made to add up to twelve (Hyndman and Athanasopoulos, Forecasting:
    Principles and Practice, 3rd ed., 2021, sections 3.3 and 3.4).
    """
    values = [found.get(month, Decimal(0)) for month in months]
    ratios: dict[int, list[Ratio]] = {}
    for at in range(_HALF, len(values) - _HALF):
        around = values[at - _HALF : at + _HALF + 1]
        average = (sum(around[1:-1], Decimal(0)) + (around[0] + around[-1]) / 2) / 12
        if average > 0:
            one = Ratio(months[at], values[at], average, values[at] / average)
            ratios.setdefault(int(months[at][5:]), []).append(one)
    means = {month: sum((one.ratio for one in of), Decimal(0)) / len(of) for month, of in ratios.items()}
    whole = sum(means.values(), Decimal(0))
    if len(means) < 12 or whole <= 0:
        return ()
    return tuple(
        SeasonIndex(month, round(means[month] * 12 / whole, 6), tuple(map(_rounded, ratios[month])))
        for month in range(1, 13)
    )


def _rounded(one: Ratio) -> Ratio:
    return one._replace(moving_average=round(one.moving_average, 6), ratio=round(one.ratio, 6))


def _figures(report: SeasonReport) -> list[Figure]:
    """Each month of the year in which there was something, from what years, and its index."""
    figures = []
    for at in range(12):
        of = [(year.year, value) for year in report.years if (value := year.months[at])]
        if of:
            how = ", ".join(f"{year} {_shown(report.of, value)}" for year, value in of)
            figures.append(Figure(MONTHS[at], _shown(report.of, sum(value for _year, value in of)), how))
    for year in report.years:
        if year.no_month:
            figures.append(Figure(f"{year.year}", _shown(report.of, year.no_month), "dated by the year alone"))
    for one in report.indexes:
        ratios = ", ".join(f"{ratio.month} {ratio.ratio:.2f}" for ratio in one.ratios)
        figures.append(
            Figure(f"{MONTHS[one.month - 1]} index", f"{one.value:.2f}", f"ratios to the year around: {ratios}")
        )
    return figures


def _shown(of: Of, value: Decimal | int) -> str:
    return str(value) if of == "purchases" else f"{value:,.2f}"


def _counts(of: Of, day: str, revenue: int, margin: int | None) -> str:
    """What the line of a sale counts as."""
    if of == "purchases":
        return f"{day[:7]} a purchase" if revenue > 0 else "no purchase"
    units = revenue if of == "revenue" else margin
    return f"{day[:7]} {'not known' if units is None else f'{from_units(units):,.2f}'}"
