"""The touchpoints at which nobody has asked lately how it was: channels and steps of the journey that are in use."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from plaincrm.dates import Duration, Period
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.index.talks import REACHED


class Touchpoint(NamedTuple):
    """A channel or a step, the talks that there were of it in the period, and when one was last measured."""

    kind: Literal["channel", "step"]
    name: str
    talks: int
    measured: date | None


# An entry measures its channel and its step where it says how the customer felt or what they answered.
_LAST = f"""
    with said as materialized (
        select m.file, m.entry as line, m.name, m.text from measures m
        where m.date <= ? and m.name in ('nps', 'ces', 'csat', 'got', 'step')
        and m.file in (select c.file from customers c where %s)
    ),
    asked as materialized (select distinct file, line from said where name <> 'step'),
    met as materialized (
        select e.file, e.line, e.date, e.channel,
            e.mood is not null or e.resolved is not null or asked.line is not null as measured
        from entries e left join asked using (file, line)
        where e.date <= ? and {REACHED} and e.file in (select c.file from customers c where %s)
    )
    select kind, name, sum(date >= ?) as talks, max(case when measured then date end) as last from (
        select 'channel' as kind, channel as name, date, measured from met where channel is not null
        union all
        select 'step', s.text, met.date, met.measured from said s join met using (file, line) where s.name = 'step'
    )
    group by kind, name having talks and (last is null or last < ?) order by kind, talks desc, name
    """


def unmeasured(index: Index, period: Period, where: Condition, every: Duration) -> tuple[Touchpoint, ...]:
    """The touchpoints in use in a period that were not measured for so long at its end."""
    end = period.end.isoformat()
    chosen = (end, *where.parameters)
    rows = index.rows(
        _LAST % (where.sql, where.sql),
        (*chosen, *chosen, period.start.isoformat(), every.before(period.end).isoformat()),
    )
    return tuple(
        Touchpoint(kind, name, talks, date.fromisoformat(last) if last else None) for kind, name, talks, last in rows
    )
