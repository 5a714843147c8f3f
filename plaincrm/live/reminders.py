"""Reminders: promises and appointments of the agenda that come due just now, each once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple

from plaincrm.reports.agenda import Agenda
from plaincrm.reports.agenda_lines import AgendaItem, Beside

KINDS = ("promise", "appointment")
MORNING = time(8)  # when one is reminded of what has a day and no hour
AHEAD = timedelta(minutes=30)  # so long before an appointment


class Reminder(NamedTuple):
    """What to remind of: a title and a sentence. Equal ones are the same."""

    title: str
    text: str


def reminders(report: Agenda, now: datetime) -> Iterator[Reminder]:
    """What is due by now, on the vault's clocks; appointments until they begin."""
    for item in report.items:
        reasons: list[AgendaItem | Beside] = [item, *item.beside]
        for one in reasons:
            if one.kind in KINDS and _is_due(one, now):
                at = f" at {one.time}" if one.time else ""
                late = f" (due {one.due})" if one.kind == "promise" and one.due and one.due < now.date() else ""
                yield Reminder(item.name, f"{one.kind}{at}: {one.what}{late}")


def _is_due(one: AgendaItem | Beside, now: datetime) -> bool:
    if one.due is None or one.due > now.date():
        return False
    if one.kind == "promise":
        return now.time() >= MORNING
    clock = time.fromisoformat(one.time) if one.time else None
    if clock is None:
        return one.due == now.date() and now.time() >= MORNING
    begins = datetime.combine(one.due, clock)
    return begins - AHEAD <= now < begins
