"""The response report: how soon messages and missed calls were answered, in working time, against what is promised."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Literal, NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Period
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.holidays import recall_holidays
from plaincrm.index.index import Index
from plaincrm.index.talks import ANSWERS, ASKS
from plaincrm.reports.figures import median, nearest_rank, share
from plaincrm.vault.config import Config
from plaincrm.worktime import Target, WorkingTime, public_holidays

By = Literal["tier", "channel", "owner", "month"]
State = Literal["met", "missed", "open"]
NINETY = 90


class Message(NamedTuple):
    """A message of theirs or a call that we missed, and what became of it. Moments are those of the vault's clocks.

    `state` is open while there is no answer and the target is not over; `minutes` is the working time until the
    answer. `exact` says whether both times of day are known: else the message counts as late on its day as it can
    have come, and the answer as early as it can have been given.
    """

    customer: str
    name: str
    owner: str | None
    tier: str | None
    channel: str
    direction: str
    what: str
    came: date
    came_at: time | None
    target: Target
    due: datetime
    answered: date | None
    answered_at: time | None
    minutes: int | None
    state: State
    exact: bool
    file: str
    line: int
    answer_line: int | None

    @property
    def month(self) -> str:
        """The month in which it came."""
        return self.came.isoformat()[:7]


class Figures(NamedTuple):
    """The sums of some messages. `n` are those met and missed; open ones are counted apart.

    The times are of the `answered` among them, early and late: the median, and the time within which ninety per cent
    were answered (nearest rank).
    """

    name: str | None
    n: int
    met: int
    missed: int
    open: int
    share_met: Decimal | None
    answered: int
    median_minutes: Decimal | None
    p90_minutes: int | None


class ResponseReport(NamedTuple):
    """Messages of a period, the newest first, with their sums in all and by one of their traits.

    `holidays` is the country whose public holidays count, empty where none do; `knows_holidays` says whether they are
    known at all.
    """

    start: date
    end: date
    by: By
    timezone: str
    holidays: str
    knows_holidays: bool
    groups: tuple[Figures, ...]
    totals: Figures
    messages: tuple[Message, ...]
    unread: dict[str, str]


class _Answer(NamedTuple):
    """An answer or a talk; `key` orders it among what was asked."""

    key: str
    day: date
    clock: time | None
    line: int


def response(index: Index, today: date, period: Period, where: Condition = EVERY, by: By = "tier") -> ResponseReport:
    """How soon messages that came in the period were answered; those without an answer are judged at today's end."""
    config = index.vault.config
    hours = config.working_time
    recall_holidays(index)
    messages = tuple(_messages(index, today, period, where))
    holidays = public_holidays(hours.country, hours.subdivision, period.end.year)
    return ResponseReport(
        period.start,
        period.end,
        by,
        config.timezone,
        "-".join(filter(None, (hours.country, hours.subdivision))),
        holidays is not None,
        tuple(_groups(messages, by, config)),
        _figures(None, messages),
        messages,
        unread(index),
    )


_ASKED = f"""
    select c.file, f.path, e.line, c.customer, c.name, c.owner, c.tier, e.date, e.time, e.channel, e.direction,
        e.summary, (select value from fields d where d.file = c.file and d.field = 'respond_within' and d.position = 0)
    from entries e join customers c using (file) join files f using (file)
    where e.date between ? and ? and e.contact = 1 and e.precision = 'day' and {ASKS} and (%s)
    order by e.date desc, coalesce(e.time, '00:00') desc, f.path, e.line
    """
_ANSWERED = f"""
    select e.file, e.date || ' ' || coalesce(e.time, '99:99') as moment, e.date, e.time, e.line from entries e
    where e.file in (select value from json_each(?)) and e.date <= ? and e.contact = 1 and {ANSWERS}
    order by moment, e.line
    """


def _messages(index: Index, today: date, period: Period, where: Condition) -> Iterable[Message]:
    """What was asked in the period, as far as it is past; of a month or year alone no time can be told."""
    config = index.vault.config
    end = min(period.end, today)
    asked = index.rows(_ASKED % where.sql, (period.start.isoformat(), end.isoformat(), *where.parameters))
    answers = _answers(index, sorted({row[0] for row in asked}), today)
    for file, path, line, customer, name, owner, tier, day, clock, channel, direction, what, respond_within in asked:
        came, came_at = date.fromisoformat(day), time.fromisoformat(clock) if clock else None
        target = config.target(respond_within, tier)
        answer = _first(answers.get(file, []), f"{day} {clock or '00:00'}")
        due = config.working_time.due(target, came, came_at)
        minutes, state = _judged(config.working_time, came, came_at, due, answer, today)
        yield Message(
            customer=customer,
            name=name,
            owner=owner,
            tier=tier,
            channel=channel,
            direction=direction,
            what=what,
            came=came,
            came_at=came_at,
            target=target,
            due=due.replace(tzinfo=None),
            answered=answer.day if answer else None,
            answered_at=answer.clock if answer else None,
            minutes=minutes,
            state=state,
            exact=came_at is not None and (answer is None or answer.clock is not None),
            file=path,
            line=line,
            answer_line=answer.line if answer else None,
        )


def _answers(index: Index, files: list[int], today: date) -> Mapping[int, list[_Answer]]:
    """The answers and talks of some customers up to today, in order."""
    found: dict[int, list[_Answer]] = {}
    for file, key, day, clock, line in index.rows(_ANSWERED, (json.dumps(files), today.isoformat())):
        answer = _Answer(key, date.fromisoformat(day), time.fromisoformat(clock) if clock else None, line)
        found.setdefault(file, []).append(answer)
    return found


def _first(answers: list[_Answer], moment: str) -> _Answer | None:
    """The first answer from a moment on, as the agenda sees it (index/talks.py)."""
    at = bisect_left(answers, moment, key=lambda answer: answer.key)
    return answers[at] if at < len(answers) else None


def _judged(
    hours: WorkingTime, came: date, came_at: time | None, due: datetime, answer: _Answer | None, today: date
) -> tuple[int | None, State]:
    """The working minutes until the answer, and whether it came in time."""
    if answer is None:
        return None, "missed" if due.astimezone(UTC) < hours.end(today).astimezone(UTC) else "open"
    asked = hours.moment(came, came_at)
    given = hours.begin(answer.day) if answer.clock is None else hours.moment(answer.day, answer.clock)
    minutes = int(hours.elapsed(asked, given).total_seconds()) // 60
    return minutes, "met" if given.astimezone(UTC) <= due.astimezone(UTC) else "missed"


def _groups(messages: Iterable[Message], by: By, config: Config) -> Iterable[Figures]:
    """The sums of each group: tiers from the most to the least, all else by name; those without one come last."""
    groups: dict[str | None, list[Message]] = {}
    for message in messages:
        groups.setdefault(getattr(message, by), []).append(message)
    rank = {tier: -at for at, tier in enumerate(config.tiers)} if by == "tier" else {}
    for name in sorted(groups, key=lambda name: (name is None, rank.get(name or "", 1), name or "")):
        yield _figures(name, groups[name])


def _figures(name: str | None, messages: Iterable[Message]) -> Figures:
    listed = list(messages)
    states = [message.state for message in listed]
    met, missed = states.count("met"), states.count("missed")
    times = [message.minutes for message in listed if message.minutes is not None]
    return Figures(
        name,
        met + missed,
        met,
        missed,
        states.count("open"),
        share(met, met + missed),
        len(times),
        median(times),
        nearest_rank(times, NINETY),
    )
