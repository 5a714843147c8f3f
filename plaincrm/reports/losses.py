"""Losses: customers who bought before and not now, why they left, and how long nobody had spoken with them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plaincrm.dates import Period
from plaincrm.index.index import Index
from plaincrm.index.talks import NEWEST, REACHED
from plaincrm.money import from_units
from plaincrm.reports.amounts import amounts
from plaincrm.reports.buyers import day_of


class Loss(NamedTuple):
    """A customer who was lost in a period.

    `lost_on` is the day that the note tells, None where they fell silent; `counted` whether they bought in the period
    before and not in this one, so that the bridge counts them, and `revenue` what they brought in the one before.
    `last_contact` is the last day before the loss on which somebody was reached, `silent_days` how many days that was
    before it: before `lost_on`, else before the end of the period or today.
    """

    customer: str
    name: str
    owner: str | None
    reason: str | None
    lost_on: date | None
    revenue: Decimal
    last_purchase: date | None
    last_contact: date | None
    last_channel: str | None
    silent_days: int | None
    counted: bool
    file: str
    line: int


class Reason(NamedTuple):
    """Why customers were lost: how many, and their revenue in the period before. A `reason` of None is not told."""

    reason: str | None
    customers: int
    revenue: Decimal


class Losses(NamedTuple):
    """Who was lost, by revenue, as many as were asked for; `reasons` count all."""

    customers: tuple[Loss, ...]
    reasons: tuple[Reason, ...]


_NOTED = "create temp table noted (file integer primary key, lost_on, line, reason)"
_FIELDS = "from fields d indexed by fields_lost where d.field in ('lost_on', 'lost_reason') and d.position = 0"
_DAYS = f"insert into temp.noted select d.file, d.value, d.line, null {_FIELDS} and d.field = 'lost_on'"
_REASONS = (
    f"insert into temp.noted select d.file, null, null, d.value {_FIELDS} and d.field = 'lost_reason'"
    " on conflict (file) do update set reason = excluded.reason"
)

# A loss that is told counts from the beginning of the period before: an earlier one has been lived down by a purchase.
_OF_NOTE = """
    case when n.lost_on between ?1 and ?2 then n.lost_on end as day,
    case when n.lost_on between ?1 and ?2 then n.line end as line,
    case when n.lost_on is null or n.lost_on between ?1 and ?2 then n.reason end as reason
    """
_LOST = f"""
    create temp table lost as
    select m.file, m.revenue_before as revenue, 1 as counted, {_OF_NOTE}
    from temp.moves m left join temp.noted n using (file) where m.move = 'lost' and m.first <= ?4
    union all
    select b.file, coalesce(m.revenue_before, 0), 0, {_OF_NOTE}
    from temp.noted n cross join temp.bought b using (file) left join temp.moves m using (file)
    where n.lost_on between ?3 and ?2 and m.move is not 'lost'
    """

_TOLD = f"""
    with chosen as materialized (
        select l.*, c.customer, c.name, c.owner, f.path, (select last from temp.bought b where b.file = l.file) as last
        from temp.lost l join customers c using (file) join files f using (file)
        where l.revenue >= (select min(revenue) from (select revenue from temp.lost order by revenue desc limit ?2))
        order by l.revenue desc, c.customer, f.path limit ?2
    ), placed as materialized (
        select l.*,
            (select e.line from entries e where e.file = l.file and {REACHED}
                and (e.date < l.day or l.day is null and e.date <= ?1) order by {NEWEST} limit 1) as spoken,
            (select max(s.line) from sales s where s.file = l.file and s.date = l.last and s.revenue > 0
                and {{counted}}) as bought
        from chosen l
    )
    select l.customer, l.name, l.owner, l.reason, l.day, l.revenue, l.last, e.date, e.channel,
        cast(julianday(coalesce(l.day, ?1)) - julianday(e.date) as integer), l.counted, l.path,
        coalesce(l.line, l.bought)
    from placed l left join entries e on e.file = l.file and e.line = l.spoken
    order by l.revenue desc, l.customer, l.path
    """


def prepare_losses(index: Index) -> None:
    """Make `temp.noted`: what notes say of a loss, the day with its line and the reason."""
    index.rows("drop table if exists temp.noted")
    for sql in (_NOTED, _DAYS, _REASONS):
        index.rows(sql)


def losses(index: Index, today: date, period: Period, before: Period, limit: int = 0) -> Losses:
    """Those of `bought` who were lost in the period: by their note, or because they no longer bought."""
    end = min(period.end, today).isoformat()
    index.rows("drop table if exists temp.lost")
    index.rows(_LOST, (before.start.isoformat(), end, period.start.isoformat(), today.isoformat()))
    reasons = index.rows(
        "select reason, count(*), sum(revenue) from temp.lost group by reason"
        " order by reason is null, count(*) desc, reason"
    )
    return Losses(
        tuple(_loss(*row) for row in index.rows(_TOLD.format(counted=amounts(index).counted), (end, limit or -1))),
        tuple(Reason(reason, customers, from_units(revenue)) for reason, customers, revenue in reasons),
    )


def _loss(  # noqa: PLR0913, PLR0917 (the columns of the query)
    customer: str,
    name: str,
    owner: str | None,
    reason: str | None,
    lost_on: str | None,
    revenue: int,
    last_purchase: str | None,
    last_contact: str | None,
    last_channel: str | None,
    silent_days: int | None,
    counted: int,
    file: str,
    line: int,
) -> Loss:
    return Loss(
        customer,
        name,
        owner,
        reason,
        day_of(lost_on),
        from_units(revenue),
        day_of(last_purchase),
        day_of(last_contact),
        last_channel,
        silent_days,
        bool(counted),
        file,
        line,
    )
