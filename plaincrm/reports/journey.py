"""The journey: how many of those who came in a period became prospects and customers, and how long that took them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from plaincrm.dates import Period
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.reports.amounts import amounts
from plaincrm.reports.figures import share

StepName = Literal["contact", "need", "comparison", "decision", "order", "purchase"]
STEPS: tuple[StepName, ...] = ("contact", "need", "comparison", "decision", "order", "purchase")


class Step(NamedTuple):
    """One step on the way from the first contact to the first purchase.

    `stage` is what one is from this step on. `reached` counts those who came in the period and got so far by today, as
    this step or a later one shows; `share` is of all who came. `noted` are those whose note has the day of this step,
    up to the first purchase, and `days` is their median number of days since the first contact, None of nobody.
    """

    step: StepName
    stage: Literal["lead", "prospect", "customer"]
    reached: int
    share: Decimal | None
    noted: int
    days: Decimal | None


# Who came in the period, and the first day of each of their steps, which are numbered from 0.
_JOURNEY = """
    with names as (
        select key as step, value as name from json_each(?4)
    ), came as materialized (
        select file, min(coalesce(since, begun), coalesce(begun, since)) as day from (
            select c.file, c.since,
                (select min(e.date) from entries e where e.file = c.file and e.date <= ?1) as begun
            from customers c)
    ), chosen as materialized (
        select k.file, k.day, (select min(s.date) from sales s
            where s.file = k.file and s.revenue > 0 and s.date <= ?1 and {counted}) as bought
        from came k
        where k.day between ?2 and ?3 and k.file in (select c.file from customers c where {where})
    ), marks as materialized (
        select file, 0 as step, day, day as began from chosen
        union all select k.file, n.step, min(m.date), k.day
            from chosen k join measures m on m.file = k.file join names n on n.name = m.text
            where m.name = 'step' and m.date <= coalesce(k.bought, ?1) group by k.file, n.step
        union all select k.file, n.step, k.bought, k.day
            from chosen k join names n on n.name = 'purchase' where k.bought is not null
    ), ranked as materialized (
        select step, days, row_number() over (partition by step order by days) as rank,
            count(*) over (partition by step) as n
        from (select step, julianday(day) - julianday(began) as days from marks)
    ), furthest as materialized (
        select max(step) as step from marks group by file
    )
    select n.step, (select count(*) from furthest f where f.step >= n.step),
        (select count(*) from marks m where m.step = n.step),
        (select cast(2 * avg(r.days) as integer) from ranked r
            where r.step = n.step and r.rank in ((r.n + 1) / 2, (r.n + 2) / 2))
    from names n order by n.step
    """


def journey(index: Index, today: date, period: Period, where: Condition) -> tuple[Step, ...]:
    """The steps of those whose first contact fell in the period: the first entry, or `since` where that is earlier."""
    sql = _JOURNEY.format(where=where.sql, counted=amounts(index).counted)
    days = (today.isoformat(), period.start.isoformat(), period.end.isoformat())
    rows = index.rows(sql, (*days, json.dumps(STEPS), *where.parameters))
    came = rows[0][1]
    return tuple(
        Step(
            STEPS[step],
            "lead" if not step else "customer" if step == len(STEPS) - 1 else "prospect",
            reached,
            share(reached, came),
            noted,
            None if twice is None else Decimal(twice) / 2,
        )
        for step, reached, noted, twice in rows
    )
