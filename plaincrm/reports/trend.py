"""The trend of a report: its main figures at the ends of months, quarters, weeks or years, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

from plaincrm.dates import Period, add_days, parse_period, preceding
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.vault.weights import KINDS

Every = Literal["week", "month", "quarter", "year"]
EVERY: tuple[Every, ...] = get_args(Every)
Unit = Literal["money", "number", "share", "points", "minutes"]
Clock = Literal["committed", "hindsight"]


class Figure(NamedTuple):
    """One figure of a report; `value` is None where nothing can be said.

    A `share` is a fraction, `points` are those of a score. `n` is of how many it is, None for counts and sums.
    """

    name: str
    unit: Unit
    value: Decimal | int | None
    n: int | None = None


class Point(NamedTuple):
    """The figures as of the end of a day; `commit` is the one that they come from, empty with hindsight."""

    day: date
    commit: str
    figures: tuple[Figure, ...]


class TrendReport(NamedTuple):
    """The points of a report in the order of time.

    `period` is what each point's figures are of, counted from its day. `skipped` are days before the history begins,
    `unread` the notes that the last point may lack.
    """

    report: str
    every: Every
    clock: Clock
    period: str
    query: str
    currency: str
    points: tuple[Point, ...]
    skipped: tuple[date, ...]
    unread: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ask:
    """What the figures of one point are asked of."""

    index: Index
    today: date
    period: Period
    where: Condition


def figures(report: str, ask: Ask) -> tuple[Figure, ...]:
    """The main figures of a report, which are those that the report itself tells."""
    return tuple(REPORTS[report](ask))


def ends(every: Every, start: date, until: date) -> Iterator[date]:
    """The last day of each week (Sunday), month, quarter or year from a day on; the last one is `until`."""
    day = start
    while day <= until:
        end = min(_end(every, day), until)
        yield end
        day = add_days(end, 1)
        if day == end:  # the calendar ends
            return


def _end(every: Every, day: date) -> date:
    if every == "week":
        return add_days(day, 6 - day.weekday())
    found = parse_period(f"this-{every}", day)
    assert found is not None  # these are forms of periods
    return found.end


def _agenda(ask: Ask) -> Iterator[Figure]:
    from plaincrm.reports.agenda import agenda  # noqa: PLC0415 (each report's own modules: where it is asked for)

    items = agenda(ask.index, ask.today, where=ask.where).items
    kinds = Counter(item.kind for item in items)
    yield _count("lines", len(items))
    yield _count("overdue", sum(item.overdue_days > 0 for item in items))
    yield from (_count(kind, kinds[kind]) for kind in KINDS)


def _value(ask: Ask) -> Iterator[Figure]:
    from plaincrm.reports.value import value  # noqa: PLC0415

    totals = value(ask.index, ask.today, ask.period, ask.where, 1, full=False).totals
    yield Figure("revenue", "money", totals.revenue)
    is_known = totals.revenue_with_margin or totals.margin or not totals.revenue
    yield Figure("margin", "money", totals.margin if is_known else None)
    yield _count("customers", totals.customers)
    yield _count("purchases", totals.purchases)


def _retention(ask: Ask) -> Iterator[Figure]:
    from plaincrm.reports.retention import retention  # noqa: PLC0415

    if preceding(ask.period) is None:
        return
    report = retention(ask.index, ask.today, ask.period, None, ask.where, limit=1)
    steps = Counter({step.move: step.customers for step in report.steps})
    yield Figure("retention", "share", report.rates.retention, report.opening.customers)
    yield Figure("net_revenue", "share", report.rates.net_revenue, report.opening.customers)
    yield Figure("repeat_purchase", "share", report.rates.repeat_purchase, report.closing.customers)
    yield from (_count(move, steps[move]) for move in ("won", "returned", "lost"))


def _tiers(ask: Ask) -> Iterator[Figure]:
    from plaincrm.reports.tiers import tiers  # noqa: PLC0415

    for row in tiers(ask.index, ask.period, ask.where, 1).tiers:
        yield _count("former" if row.former else row.tier or "none", row.customers)


def _deals(ask: Ask) -> Iterator[Figure]:
    from plaincrm.reports.deals import deals  # noqa: PLC0415

    report = deals(ask.index, ask.today, ask.period, ask.where, 1)
    yield _count("open", report.total.deals)
    yield Figure("value", "money", report.total.value)
    yield Figure("forecast", "money", report.total.forecast)
    yield _count("won", report.won.deals)
    yield Figure("share_won", "share", report.won.share, report.won.deals + report.lost.deals)


def _growth(ask: Ask) -> Iterator[Figure]:
    from plaincrm.reports.growth import growth  # noqa: PLC0415

    months = growth(ask.index, ask.today, ask.period, ask.where).months
    yield _count("base", months[-1].base if months else 0)
    yield _count("active", months[-1].active if months else 0)
    yield _count("new", sum(month.new for month in months))
    yield _count("lost", sum(month.lost for month in months))


def _experience(ask: Ask) -> Iterator[Figure]:
    from plaincrm.reports.experience import experience  # noqa: PLC0415

    totals = experience(ask.index, ask.today, ask.period, ask.where).totals
    for score in totals.scores:
        yield Figure(score.question, "points", score.score.value if score.score else None, score.n)
    yield _count("complaints", totals.complaints)


def _promises(ask: Ask) -> Iterator[Figure]:
    from plaincrm.reports.promises import promises  # noqa: PLC0415

    report = promises(ask.index, ask.today, ask.period, ask.where)
    ours = next(row for row in report.totals if row.owes == "us")
    yield _count("open", sum(promise.is_open and promise.owes == "us" for promise in report.promises))
    yield Figure("kept_in_time", "share", ours.share_kept, ours.n)
    yield _count("late", ours.late)
    yield _count("broken", ours.broken)


def _response(ask: Ask) -> Iterator[Figure]:
    from plaincrm.reports.response import response  # noqa: PLC0415

    totals = response(ask.index, ask.today, ask.period, ask.where).totals
    yield Figure("answered_in_time", "share", totals.share_met, totals.n)
    yield Figure("median_time", "minutes", totals.median_minutes, totals.answered)
    yield _count("missed", totals.missed)


def _quality(ask: Ask) -> Iterator[Figure]:
    from plaincrm.reports.quality import quality  # noqa: PLC0415

    totals = quality(ask.index, ask.today, ask.where).totals
    yield Figure("score", "share", totals.score, totals.customers)
    yield Figure("coverage", "share", totals.coverage, totals.customers)
    yield Figure("validity", "share", totals.validity, totals.customers)
    yield Figure("freshness", "share", totals.freshness, totals.customers)


def _targets(ask: Ask) -> Iterator[Figure]:
    from plaincrm.reports.targets import targets  # noqa: PLC0415

    for target in targets(ask.index, ask.today, 1).targets:
        yield Figure(target.target, "money" if target.money else "number", target.actual)


def _list(ask: Ask) -> Iterator[Figure]:
    from plaincrm.reports.listing import listing  # noqa: PLC0415

    report = listing(ask.index, ask.today, ask.where, 1)
    yield _count("customers", report.matched)
    yield _count("of_all", report.total)


def _count(name: str, value: int) -> Figure:
    return Figure(name, "number", value)


REPORTS: Mapping[str, Callable[[Ask], Iterator[Figure]]] = {
    "agenda": _agenda,
    "list": _list,
    "value": _value,
    "retention": _retention,
    "tiers": _tiers,
    "deals": _deals,
    "growth": _growth,
    "response": _response,
    "promises": _promises,
    "experience": _experience,
    "quality": _quality,
    "targets": _targets,
}
TIMELESS = frozenset(("agenda", "list", "quality", "targets"))  # their figures are of a day, not of a period
