"""Who bought before and who now: each customer's sales of two periods side by side, as a table of one question."""

from __future__ import annotations

from datetime import date
from typing import Literal

from plaincrm.dates import Period
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.reports.amounts import amounts

Move = Literal["won", "returned", "grown", "shrunk", "same", "lost"]

# A customer who bought in neither period has refunds only: they take from the revenue, but move nobody.
_MOVE = """
    case when bought_before and bought_now or not bought_before and not bought_now then
           case when revenue_now > revenue_before then 'grown' when revenue_now < revenue_before then 'shrunk'
                else 'same' end
         when bought_before then 'lost' when bought_earlier then 'returned' else 'won' end
    """

_BUYERS = """
    create temp table buyers as select *, case when inside then {move} end as move from (
        select s.file,
            max(s.date between ?1 and ?2 or s.date between ?3 and ?4) as inside,
            coalesce(max(s.revenue > 0 and s.date between ?1 and ?2), 0) as bought_before,
            coalesce(max(s.revenue > 0 and s.date between ?3 and ?4), 0) as bought_now,
            coalesce(max(s.revenue > 0 and s.date < ?3 and s.date not between ?1 and ?2), 0) as bought_earlier,
            min(case when s.revenue > 0 and s.date between ?3 and ?4 then s.line end)
                < max(case when s.revenue > 0 and s.date between ?3 and ?4 then s.line end) as repeated,
            sum(case when s.date between ?1 and ?2 then {revenue} else 0 end) as revenue_before,
            sum(case when s.date between ?3 and ?4 then {revenue} else 0 end) as revenue_now,
            sum(case when s.date between ?1 and ?2 then coalesce({margin}, 0) else 0 end) as margin_before,
            sum(case when s.date between ?3 and ?4 then coalesce({margin}, 0) else 0 end) as margin_now,
            sum(case when s.date between ?1 and ?2 and s.margin is not null then {revenue} else 0 end) as known_before,
            sum(case when s.date between ?3 and ?4 and s.margin is not null then {revenue} else 0 end) as known_now,
            min(case when s.revenue > 0 and s.date <= ?5 then s.date end) as first,
            max(case when s.revenue > 0 and s.date <= ?5 then s.date end) as last,
            count(distinct case when s.revenue > 0 and s.date <= ?5 then s.date end) as days
        from sales s where {counted}{chosen} group by s.file)
    """


def prepare_buyers(index: Index, today: date, period: Period, before: Period, where: Condition = EVERY) -> None:
    """Make the table `buyers`: a row for each customer with sales in a currency that has a rate.

    `move` says what became of the customer from the one period to the other, null where neither has a sale of theirs;
    `inside` is 1 where one has. A purchase is a sale with revenue above zero. `first`, `last` and `days`, on how many
    days they bought, count purchases of all time up to today; the sums count whatever is dated in the periods.
    """
    of = amounts(index)
    chosen = "" if where is EVERY else f" and s.file in (select c.file from customers c where {where.sql})"
    index.rows("drop table if exists temp.buyers")
    index.rows(
        _BUYERS.format(move=_MOVE, revenue=of.revenue, margin=of.margin, counted=of.counted, chosen=chosen),
        (*(day.isoformat() for day in (*before, *period, today)), *where.parameters),
    )
    index.rows("create unique index temp.buyers_by_file on buyers (file)")


def day_of(text: str | None) -> date | None:
    """A day of the index."""
    return date.fromisoformat(text) if text else None
