"""The stages: how many customers stand in each now, and how long those who left one had been in it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plaincrm.dates import Period
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.reports.figures import median
from plaincrm.reports.groups import in_order


class Stay(NamedTuple):
    """A stage that a customer was in and is no more: the note, the first day and the last, and the commits of both."""

    file: str
    stage: str
    begun: date
    ended: date
    brought: str
    left: str

    @property
    def days(self) -> int:
        """How long it lasted."""
        return (self.ended - self.begun).days


class StageHistory(NamedTuple):
    """What git knows of stages since its first day: those that customers have left, as far as their begin is known."""

    since: date
    stays: tuple[Stay, ...]


class Stage(NamedTuple):
    """How many customers stand in a stage now; None is without one.

    `timed` are those who left it in the period and of whom it is known since when they had been in it; `days` is the
    median of how long that was, None of nobody.
    """

    stage: str | None
    customers: int
    timed: int
    days: Decimal | None


def stages(index: Index, period: Period, where: Condition, history: StageHistory | None) -> tuple[Stage, ...]:
    """The stages in which there are customers now, or which some left in the period, as far as the history knows."""
    counts = dict(
        index.rows(f"select c.stage, count(*) from customers c where {where.sql} group by 1", where.parameters)
    )
    left: dict[str | None, list[int]] = {}
    for stay in _left(index, period, where, history.stays if history else ()):
        left.setdefault(stay.stage, []).append(stay.days)
    return tuple(
        Stage(stage, counts.get(stage, 0), len(left.get(stage, ())), median(left.get(stage, ())))
        for stage in in_order(index, "stage", {*counts, *left})
    )


def _left(index: Index, period: Period, where: Condition, stays: tuple[Stay, ...]) -> list[Stay]:
    """The stays that ended in a period, of customers who are asked for."""
    found = [stay for stay in stays if period.start <= stay.ended <= period.end]
    rows = index.rows(
        f"select f.path from customers c join files f using (file) where {where.sql}"
        " and f.path in (select value from json_each(?))",
        (*where.parameters, json.dumps(sorted({stay.file for stay in found}))),
    )
    paths = {path for (path,) in rows}
    return [stay for stay in found if stay.file in paths]
