"""Who bought before and who now: each customer's sales of two periods side by side, as a table of one question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Literal

from plaincrm.dates import Period
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.reports.amounts import amounts

Move = Literal["won", "returned", "grown", "shrunk", "same", "lost"]

# One pass over the sales, each sum with its own filter: what is not counted is not even worked out. A customer who
# bought in neither period has refunds only: they take from the revenue, but move nobody.
_BUYERS = """
    create temp table buyers as
    select file,
        case when revenue_before is null and revenue_now is null then null
            when coalesce(before, 0) = (first_line is not null) then
                case when coalesce(revenue_now, 0) > coalesce(revenue_before, 0) then 'grown'
                    when coalesce(revenue_now, 0) < coalesce(revenue_before, 0) then 'shrunk' else 'same' end
            when before then 'lost' when earliest < ?3 then 'returned' else 'won' end as move,
        coalesce(before, 0) as bought_before, first_line is not null as bought_now, first_line < last_line as repeated,
        coalesce(revenue_before, 0) as revenue_before, coalesce(revenue_now, 0) as revenue_now,
        coalesce(margin_before, 0) as margin_before, coalesce(margin_now, 0) as margin_now,
        coalesce(revenue_before, 0) - coalesce(unknown_before, 0) as known_before,
        coalesce(revenue_now, 0) - coalesce(unknown_now, 0) as known_now,
        case when earliest <= ?5 then earliest end as first, last, purchases, lost_on, lost_line, lost_reason,
        purchases > 0 and (lost_on is null or lost_on not between last and ?5) and file not in (
            select c.file from customers c where c.stage in (select value from json_each(?6))) as stays{marks}
    from (
        select s.file,
            min(s.date) filter (where s.revenue > 0) as earliest,
            max(s.date) filter (where s.revenue > 0 and s.date <= ?5) as last,
            count(*) filter (where s.revenue > 0 and s.date <= ?5) as purchases,
            max(s.revenue > 0) filter (where s.date between ?1 and ?2) as before,
            min(s.line) filter (where s.revenue > 0 and s.date between ?3 and ?4) as first_line,
            max(s.line) filter (where s.revenue > 0 and s.date between ?3 and ?4) as last_line,
            sum({revenue}) filter (where s.date between ?1 and ?2) as revenue_before,
            sum({revenue}) filter (where s.date between ?3 and ?4) as revenue_now,
            sum({margin}) filter (where s.date between ?1 and ?2) as margin_before,
            sum({margin}) filter (where s.date between ?3 and ?4) as margin_now,
            sum({revenue}) filter (where s.margin is null and s.date between ?1 and ?2) as unknown_before,
            sum({revenue}) filter (where s.margin is null and s.date between ?3 and ?4) as unknown_now{marked}
        from sales s where {counted}{chosen} group by s.file
    ) left join (
        select d.file, max(d.value) filter (where d.field = 'lost_on') as lost_on,
            max(d.line) filter (where d.field = 'lost_on') as lost_line,
            max(d.value) filter (where d.field = 'lost_reason') as lost_reason
        from fields d indexed by fields_lost
        where d.field in ('lost_on', 'lost_reason') and d.position = 0 group by d.file
    ) using (file)
    """


def prepare_buyers(
    index: Index,
    today: date,
    period: Period,
    before: Period,
    where: Condition = EVERY,
    marks: Mapping[str, str] | None = None,
) -> None:
    """Make the table `buyers`: a row for each customer with sales in a currency that has a rate, by its file.

    `move` says what became of the customer from the one period to the other, null where neither has a sale of theirs.
    A purchase is a sale with revenue above zero. `first` and `last`, their days, and `purchases`, their number, count
    those of all time up to today; the sums count whatever is dated in the periods. `lost_on` and `lost_reason` are
    what the note says; `stays` is 1 where somebody has bought, is in no closed stage, and was not lost since the last
    purchase.

    `marks` are further columns: SQL by name, of the purchases up to today.
    """
    of = amounts(index)
    chosen = "" if where is EVERY else f" and s.file in (select c.file from customers c where {where.sql})"
    added = {name: f"{sql} filter (where s.revenue > 0 and s.date <= ?5)" for name, sql in (marks or {}).items()}
    index.rows("drop table if exists temp.buyers")
    index.rows(
        _BUYERS.format(
            revenue=of.revenue,
            margin=of.margin,
            counted=of.counted,
            chosen=chosen,
            marks="".join(f", {name}" for name in added),
            marked="".join(f", {sql} as {name}" for name, sql in added.items()),
        ),
        (
            *(day.isoformat() for day in (*before, *period, today)),
            json.dumps(index.vault.config.closed),
            *where.parameters,
        ),
    )


def day_of(text: str | None) -> date | None:
    """A day of the index."""
    return date.fromisoformat(text) if text else None
