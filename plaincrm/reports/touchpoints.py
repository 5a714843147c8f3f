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
_FELT = "e.mood is not null or e.resolved is not null"
_ASKED = "('nps', 'ces', 'csat', 'got')"
_MEASURES = "measures m cross join entries e on e.file = m.file and e.line = m.entry"
_LAST = f"""
    select kind, name, sum(met) as talks, max(measured) as last from (
        select 'channel' as kind, e.channel as name, sum(e.date >= ?1) as met,
            max(case when {_FELT} then e.date end) as measured
        from entries e where +e.date <= ?2 and {REACHED}%(chosen)s group by 2
        union all
        select 'channel', e.channel, 0, max(e.date) from {_MEASURES}
        where m.name in {_ASKED} and e.date <= ?2 and {REACHED}%(chosen)s group by 2
        union all
        select 'step', m.text, sum(e.date >= ?1), max(case when {_FELT} or exists (
                select 1 from measures a where a.file = m.file and a.entry = m.entry and a.name in {_ASKED}
            ) then e.date end)
        from {_MEASURES} where m.name = 'step' and e.date <= ?2 and {REACHED}%(chosen)s group by 2
    )
    where name is not null group by kind, name order by kind, talks desc, name
    """


def unmeasured(index: Index, period: Period, where: Condition, every: Duration) -> tuple[Touchpoint, ...]:
    """The touchpoints in use in a period that were not measured for so long at its end."""
    rows = index.rows(
        _LAST % {"chosen": where.on("e.file")},
        (period.start.isoformat(), period.end.isoformat(), *where.parameters * 3),
    )
    since = every.before(period.end).isoformat()
    return tuple(
        Touchpoint(kind, name, talks, date.fromisoformat(last) if last else None)
        for kind, name, talks, last in rows
        if talks and (last is None or last < since)
    )
