"""Buyers: what each customer's purchases add up to as of a day, for the customers of one question."""

from __future__ import annotations

from datetime import date

from plaincrm.index.buyers import purchases
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index

_OF = "file, first, last, days, cools, years, quarters"

# The index counts what is planned too: whoever bought later than today is looked at anew.
_LATER = """
    select s.file, group_concat(s.date) from buyers b cross join sales s using (file)
    where b.last > ? and s.purchase = 1 and s.date <= ? group by s.file
    """


def prepare_buyers(index: Index, today: date, where: Condition = EVERY) -> None:
    """Make `temp.bought`: the rows of the index's `buyers` as they were if nothing had been bought after today.

    It has those customers of the query who had bought by then.
    """
    for kind, name in (("view", "bought"), ("table", "chosen"), ("table", "later")):
        index.rows(f"drop {kind} if exists temp.{name}")
    day = today.isoformat()
    rows = [f"select {_OF} from buyers where last <= '{day}'"]
    if later := index.rows(_LATER, (day, day)):
        index.rows(f"create temp table later ({_OF}, primary key (file)) without rowid")
        index.db.executemany(
            "insert into temp.later values (?, ?, ?, ?, ?, ?, ?)",
            ((file, *purchases(days.split(","))) for file, days in later),
        )
        rows.append(f"select {_OF} from temp.later where true")
    if where is not EVERY:
        index.rows(
            "create temp table chosen as select c.file from customers c where " + where.sql + " order by 1",
            where.parameters,
        )
        rows = [f"{row} and file in (select file from temp.chosen)" for row in rows]
    index.rows(f"create temp view bought as {' union all '.join(rows)}")


def day_of(text: str | None) -> date | None:
    """A day of the index."""
    return date.fromisoformat(text) if text else None
