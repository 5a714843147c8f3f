"""The complaints: how many there are, for how many customers, how soon they were answered, and which are open."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from plaincrm.dates import Period
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.index.talks import REACHED
from plaincrm.reports.figures import median


class Complaint(NamedTuple):
    """A complaint and what became of it.

    `days` are those until it was answered, 0 on the same day; `counted` says whether it was made in the period.
    """

    customer: str
    name: str
    owner: str | None
    made: date
    text: str
    state: Literal["answered", "open"]
    answered: date | None
    days: int | None
    counted: bool
    file: str
    line: int
    answer_line: int | None


class Rate(NamedTuple):
    """Complaints of a month (`2026-11`; None: of the whole period) and how many there are to 100 active customers.

    Active is who was reached or bought something in that time. `per_100` is None where they are too few.
    """

    month: str | None
    complaints: int
    active: int
    per_100: Decimal | None


class Complaints(NamedTuple):
    """The complaints of a period and all that are open, the newest first, with their sums.

    Days are those until the answer, of the complaints of the period that have one.
    """

    months: tuple[Rate, ...]
    total: Rate
    answered: int
    open: int
    median_days: Decimal | None
    longest_days: int | None
    complaints: tuple[Complaint, ...]


def complaints(index: Index, today: date, period: Period, where: Condition, min_n: int) -> Complaints:
    """The complaints that customers made up to today."""
    listed = tuple(one for one in _complaints(index, today, period, where) if one.counted or one.state == "open")
    counted = [one for one in listed if one.counted]
    days = [one.days for one in counted if one.days is not None]
    *months, total = _rates(index, period, where, counted, min_n)
    return Complaints(
        tuple(months),
        total,
        len(days),
        sum(one.state == "open" for one in counted),
        median(days),
        max(days, default=None),
        listed,
    )


_MADE = """
    select m.file, c.customer, c.name, c.owner, m.date, m.text, f.path, m.line, e.line, e.resolved,
        e.date || ' ' || coalesce(e.time, '00:00')
    from measures m join customers c using (file) join files f using (file)
    join entries e on e.file = m.file and e.line = m.entry
    where m.name = 'complaint' and m.date <= ? and (%s)
    order by m.date desc, f.path, m.line, m.position
    """
# What answers is what the agenda takes for an answer (index/feedback.py).
_ANSWERS = f"""
    select e.file, e.date || ' ' || coalesce(e.time, '99:99') as moment, e.date, e.line from entries e
    where e.file in (select value from json_each(?1)) and e.date <= ?2 and (
        e.resolved = 1 or e.resolved is null and (
            {REACHED} and e.direction is not 'in' or (e.file, e.line) in (
                select m.file, m.entry from measures m
                where m.name = 'answers' and m.file in (select value from json_each(?1))
            )
        )
    )
    order by e.file, moment, e.line
    """


def _complaints(index: Index, today: date, period: Period, where: Condition) -> Iterator[Complaint]:
    made = index.rows(_MADE % where.sql, (today.isoformat(), *where.parameters))
    files = json.dumps(sorted({row[0] for row in made}))
    answers: dict[int, list[tuple[str, str, int]]] = {}
    for file, moment, day, line in index.rows(_ANSWERS, (files, today.isoformat())):
        answers.setdefault(file, []).append((moment, day, line))
    for file, customer, name, owner, day, text, path, line, entry, resolved, moment in made:
        made_on = date.fromisoformat(day)
        answer = (day, entry) if resolved == 1 else _first(answers.get(file, []), moment, entry)
        answered = date.fromisoformat(answer[0]) if answer else None
        yield Complaint(
            customer,
            name,
            owner,
            made_on,
            text,
            "answered" if answer else "open",
            answered,
            (answered - made_on).days if answered else None,
            period.covers(made_on),
            path,
            line,
            answer[1] if answer else None,
        )


def _first(answers: list[tuple[str, str, int]], moment: str, entry: int) -> tuple[str, int] | None:
    """The day and line of the first answer from a moment on that is not the complaint's own entry."""
    at = bisect_left(answers, moment, key=lambda answer: answer[0])
    return next(((day, line) for _moment, day, line in answers[at : at + 2] if line != entry), None)


_ACTIVE = f"""
    with active as materialized (
        select substr(e.date, 1, 7) as month, e.file from entries e
        where e.date between ? and ? and {REACHED} and e.file in (select c.file from customers c where %s)
        union
        select substr(s.date, 1, 7), s.file from sales s
        where s.date between ? and ? and s.revenue > 0 and s.file in (select c.file from customers c where %s)
    )
    select month, count(*) from active group by month union all select null, count(distinct file) from active
    """


def _rates(index: Index, period: Period, where: Condition, made: list[Complaint], min_n: int) -> Iterator[Rate]:
    """The rate of each month in which somebody was active or complained, then that of the whole period."""
    span = [period.start.isoformat(), period.end.isoformat(), *where.parameters]
    active: dict[str | None, int] = dict(index.rows(_ACTIVE % (where.sql, where.sql), span * 2))
    counts = Counter[str | None](one.made.isoformat()[:7] for one in made)
    counts[None] = len(made)
    months: list[str | None] = [*sorted(month for month in active.keys() | counts.keys() if month), None]
    for month in months:
        of, n = counts[month], active.get(month, 0)
        yield Rate(month, of, n, round(Decimal(100 * of) / n, 1) if n >= max(min_n, 1) else None)
