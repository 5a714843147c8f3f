"""Moves: who bought before and who now, each customer's sales of two periods side by side."""

from __future__ import annotations

from typing import Literal

from plaincrm.dates import Period
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.reports.amounts import amounts

Move = Literal["won", "returned", "grown", "shrunk", "same", "lost"]

_TABLE = """
    create temp table moves (
        file integer primary key, first, move, bought, repeated, revenue_before, revenue_now, margin_before, margin_now
    )
    """

# One pass over the sales in the order of files, so that nothing has to be sorted: an index by date is left aside (`+`).
# A customer without a purchase in either period has refunds only: they take from the revenue, but move nobody.
_MOVES = """
    insert into temp.moves
    select file, b.first,
        case when (purchases_before > 0) = (purchases_now > 0) then
                case when revenue_now > revenue_before then 'grown'
                    when revenue_now < revenue_before then 'shrunk' else 'same' end
            when purchases_before > 0 then 'lost'
            when b.first < ?3 then 'returned' else 'won' end,
        purchases_before + purchases_now > 0, purchases_now > 1, revenue_before, revenue_now, margin_before, margin_now
    from (
        select s.file,
            coalesce(sum(s.purchase) filter (where s.date < ?3), 0) as purchases_before,
            coalesce(sum(s.purchase) filter (where s.date >= ?3), 0) as purchases_now,
            coalesce(sum({revenue}) filter (where s.date < ?3), 0) as revenue_before,
            coalesce(sum({revenue}) filter (where s.date >= ?3), 0) as revenue_now,
            coalesce(sum({margin}) filter (where s.date < ?3), 0) as margin_before,
            coalesce(sum({margin}) filter (where s.date >= ?3), 0) as margin_now
        from sales s
        where (+s.date between ?1 and ?2 or +s.date between ?3 and ?4) and {counted}{chosen} group by s.file
    ) left join buyers b using (file)
    """


def prepare_moves(index: Index, period: Period, before: Period, where: Condition = EVERY) -> None:
    """Make `temp.moves`: a row for each customer of the query with sales in a period, in a currency that has a rate.

    `move` says what became of the customer from the one period to the other, `first` is the day of the first purchase
    of all time. `bought` is 1 for a purchase in either period, `repeated` for more than one now. Amounts are in units
    of the vault's currency.
    """
    of = amounts(index)
    index.rows("drop table if exists temp.moves")
    index.rows(_TABLE)
    index.rows(
        _MOVES.format(revenue=of.revenue, margin=of.margin, counted=of.counted, chosen=where.on("s.file")),
        (*(day.isoformat() for day in (*before, *period)), *where.parameters),
    )
