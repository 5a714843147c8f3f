"""The overview: all reports of a period together, and what the coming weeks ask for."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Period, add_days, preceding
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.reports.agenda import agenda
from plaincrm.reports.deals import DealsReport, deals
from plaincrm.reports.experience import ExperienceReport, experience
from plaincrm.reports.growth import GrowthReport, growth
from plaincrm.reports.promises import PromisesReport, promises
from plaincrm.reports.response import ResponseReport, response
from plaincrm.reports.retention import RetentionReport, retention
from plaincrm.reports.season import SeasonReport, season
from plaincrm.reports.stages import StageHistory
from plaincrm.reports.targets import TargetsReport, targets
from plaincrm.reports.tiers import TiersReport, tiers
from plaincrm.reports.value import ValueReport, value
from plaincrm.reports.value_groups import ValueGroups, value_groups

WEEKS = 8  # of the agenda that are looked at ahead
_YEARS = 4  # before the period's last one, for the season


class Week(NamedTuple):
    """How many things fall due in a week, by its Monday; None stands for the customers with something overdue."""

    monday: date | None
    things: int


class Overview(NamedTuple):
    """The reports of a period for all customers, or for those of a query.

    `retention` is None where there is no period before to compare with. `targets` are those of the whole vault.
    """

    name: str
    start: date
    end: date
    today: date
    value: ValueReport
    months: ValueGroups
    season: SeasonReport
    retention: RetentionReport | None
    tiers: TiersReport
    growth: GrowthReport
    deals: DealsReport
    experience: ExperienceReport
    promises: PromisesReport
    response: ResponseReport
    targets: TargetsReport
    load: tuple[Week, ...]
    unread: dict[str, str]


def overview(
    index: Index,
    today: date,
    period: Period,
    where: Condition = EVERY,
    limit: int = 0,
    history: StageHistory | None = None,
) -> Overview:
    """All reports of a period; with a `limit` each tells so many customers one by one."""
    before = preceding(period)
    years = Period(date(max(1, period.end.year - _YEARS), 1, 1), period.end)
    return Overview(
        index.vault.config.name or index.vault.root.name,
        period.start,
        period.end,
        today,
        value(index, today, period, where, limit),
        value_groups(index, today, period, "month", where),
        season(index, today, years, where),
        retention(index, today, period, before, where, limit=limit) if before else None,
        tiers(index, period, where, limit),
        growth(index, today, period, where, history),
        deals(index, today, period, where, limit),
        experience(index, today, period, where),
        promises(index, today, period, where),
        response(index, today, period, where),
        targets(index, today, limit),
        tuple(_load(index, today, where)),
        unread(index),
    )


def _load(index: Index, today: date, where: Condition) -> list[Week]:
    """What the agenda knows of the coming weeks, each thing in the week of its day; what has none is not counted."""
    first = add_days(today, -today.weekday())
    items = agenda(index, today, days=(add_days(first, WEEKS * 7 - 1) - today).days, where=where).items
    due = [day for item in items for day in (item.due, *(other.due for other in item.beside))]
    days = [day for day in due if day and day >= today]
    counts = Counter(add_days(day, -day.weekday()) for day in days)
    weeks = [Week(monday, counts[monday]) for monday in (add_days(first, 7 * at) for at in range(WEEKS))]
    return [Week(None, sum(item.overdue_days > 0 for item in items)), *weeks]
