"""The growth: how the base of customers develops month by month, where new ones come from, and how they become such."""

from __future__ import annotations

import json
import operator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Period, month_end, months_of
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.language import canonical, unaccented
from plaincrm.money import from_units
from plaincrm.records.names import link_key
from plaincrm.reports.amounts import Apart, amounts, foreign
from plaincrm.reports.journey import Step, journey
from plaincrm.reports.stages import Stage, StageHistory, stages


class Month(NamedTuple):
    """What happened in one calendar month, and the base at its end, or at the end of today.

    `new` bought for the first time, `returned` after they had been lost, `lost` were so by their note or by silence.
    The base is `active`, who bought lately, and `cooling`, who have not, but are not lost yet: it is the base of the
    month before with `new` and `returned` and without `lost`.
    """

    month: str
    new: int
    returned: int
    lost: int
    active: int
    cooling: int

    @property
    def base(self) -> int:
        """All customers at the end of the month."""
        return self.active + self.cooling


class Source(NamedTuple):
    """Where new customers came from, and what they brought in the period; None where it is not told."""

    source: str | None
    customers: int
    revenue: Decimal
    margin: Decimal
    revenue_with_margin: Decimal


class Referrer(NamedTuple):
    """A customer who brought new ones, and what these brought in the period. `name` is None where no note has it."""

    customer: str
    name: str | None
    file: str
    customers: int
    revenue: Decimal
    margin: Decimal
    revenue_with_margin: Decimal


class GrowthReport(NamedTuple):
    """The months that the period touches up to today, the stages now, and the new customers of the period.

    `active` and `lost` are the lengths of the settings after which a silence is told apart. `history_since` is the
    first day of the history from which it is known who left which stage, None where there is none.
    """

    start: date
    end: date
    today: date
    currency: str
    active: str
    lost: str
    months: tuple[Month, ...]
    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]
    sources: tuple[Source, ...]
    referrers: tuple[Referrer, ...]
    converted: tuple[str, ...]
    apart: tuple[Apart, ...]
    unread: dict[str, str]
    history_since: date | None = None


def growth(
    index: Index, today: date, period: Period, where: Condition = EVERY, history: StageHistory | None = None
) -> GrowthReport:
    """How the base of customers developed; purchases count up to today."""
    config = index.vault.config
    prepare_spells(index, today, where)
    shown = Period(period.start, min(period.end, today))
    converted, apart = foreign(index, shown, where) if shown.start <= shown.end else ((), ())
    return GrowthReport(
        *period,
        today,
        config.currency,
        str(config.growth_active),
        str(config.growth_lost),
        _months(index, shown, today),
        stages(index, shown, where, history),
        journey(index, today, shown, where),
        _sources(index, shown),
        _referrers(index, shown),
        converted,
        apart,
        unread(index),
        history.since if history else None,
    )


# Each day with a purchase opens a spell, which lasts until the next one: active at first, cooling later, lost at last.
# `ends` is the day on which the spell is lost unless they have bought again by then, told by the note or by silence.
_SPELLS = """
    create temp table spells as
    with days as materialized (
        select date as day, after(date, ?1) as cools, after(date, ?2) as fades from (
            select distinct s.date from sales s where s.date <= ?3)
    ), bought as (
        select distinct s.file, s.date as day from sales s
        where s.revenue > 0 and s.date <= ?3 and {counted}{chosen}
    ), spells as (
        select b.file, b.day, lead(b.day) over (partition by b.file order by b.day) as next, d.cools,
            min(d.fades, coalesce((select f.value from fields f where f.file = b.file and f.field = 'lost_on'
                and f.position = 0 and f.value >= b.day), d.fades)) as ends
        from bought b join days d using (day)
    )
    select file, day, next, min(cools, ends, coalesce(next, '9999-12-31')) as rests,
        min(ends, coalesce(next, '9999-12-31')) as over, next is null or next > ends as is_lost,
        lag(next > ends) over (partition by file order by day) as came_back,
        row_number() over (partition by file order by day) = 1 as is_first
    from spells
    """


def prepare_spells(index: Index, today: date, where: Condition = EVERY) -> None:
    """Make the table `spells`: what each day with a purchase up to today leads to.

    `rests` is the day from which the customer is no longer active by it, `over` that from which not cooling either;
    `is_lost` is 1 where they are lost then, `came_back` where they had been lost before this purchase.
    """
    config = index.vault.config
    chosen = "" if where is EVERY else f" and s.file in (select c.file from customers c where {where.sql})"
    index.rows("drop table if exists temp.spells")
    index.rows(
        _SPELLS.format(counted=amounts(index).counted, chosen=chosen),
        (str(config.growth_active), str(config.growth_lost), today.isoformat(), *where.parameters),
    )


_EVENTS = """
    select month, sum(new), sum(returned), sum(lost), sum(active), sum(cooling) from (
        select substr(day, 1, 7) as month, is_first as new, coalesce(came_back, 0) as returned, 0 as lost, 1 as active,
            0 as cooling from temp.spells
        union all select substr(rests, 1, 7), 0, 0, 0, -1, rests < over from temp.spells where rests <= ?1
        union all select substr(over, 1, 7), 0, 0, is_lost, 0, -(rests < over) from temp.spells where over <= ?1
    ) group by month order by month
    """


def _months(index: Index, shown: Period, today: date) -> tuple[Month, ...]:
    """The months of a period from the first purchase of all; the base is all that came and went until then."""
    events = {month: counts for month, *counts in index.rows(_EVENTS, (today.isoformat(),))}
    begun = Period(max(shown.start, date.fromisoformat(f"{min(events, default='9999-12')}-01")), shown.end)
    months = [month.start.isoformat()[:7] for month in months_of(begun)]
    active = sum(counts[3] for month, counts in events.items() if months and month < months[0])
    cooling = sum(counts[4] for month, counts in events.items() if months and month < months[0])
    found = []
    for month in months:
        new, returned, lost, more, resting = events.get(month, (0, 0, 0, 0, 0))
        active, cooling = active + more, cooling + resting
        found.append(Month(month, new, returned, lost, active, cooling))
    return tuple(found)


# The new customers of a period, and what each brought in it.
_NEW = """
    with new as materialized (
        select b.file, sum({revenue}) as revenue, sum(coalesce({margin}, 0)) as margin,
            sum(case when s.margin is not null then {revenue} else 0 end) as known
        from temp.spells b cross join sales s on s.file = b.file
        where b.is_first = 1 and b.day between ?1 and ?2 and s.date between ?1 and ?2 and {counted}
        group by b.file
    )
    """
_FIELD = "(select d.value from fields d where d.file = n.file and d.field = '{}' and d.position = 0)"


def _new(index: Index) -> str:
    of = amounts(index)
    return _NEW.format(revenue=of.revenue, margin=of.margin, counted=of.counted)


def _sources(index: Index, shown: Period) -> tuple[Source, ...]:
    """By `source`, in any spelling of the vocabulary; whom somebody referred came by referral where nothing is told.

    A source of the vocabulary is called by its word there, another as it is written most often.
    """
    source = (
        f"coalesce({_FIELD.format('source')}, case when {_FIELD.format('referred_by')} is not null then 'referral' end)"
    )
    rows = index.rows(
        f"{_new(index)} select {source} as source, count(*), sum(revenue), sum(margin), sum(known)"
        " from new n group by source order by source is null, count(*) desc, sum(revenue) desc, source",
        (shown.start.isoformat(), shown.end.isoformat()),
    )
    found: dict[str | None, Source] = {}
    for name, customers, *sums in rows:
        known = canonical("sources", name) if name else None
        key = known or (name and unaccented(name))
        had = found.get(key, Source(known or name, 0, Decimal(0), Decimal(0), Decimal(0)))
        added = (had.customers + customers, *map(operator.add, had[2:], map(from_units, sums)))
        found[key] = Source(had.source, *added)
    return tuple(
        sorted(found.values(), key=lambda one: (one.source is None, -one.customers, -one.revenue, one.source or ""))
    )


def _referrers(index: Index, shown: Period) -> tuple[Referrer, ...]:
    """The customers that `referred_by` leads to; a link that leads nowhere is told as it is written."""
    rows = index.rows(
        f"{_new(index)} select {_FIELD.format('referred_by')} as target, count(*), sum(revenue), sum(margin),"
        " sum(known) from new n group by target having target is not null",
        (shown.start.isoformat(), shown.end.isoformat()),
    )
    known = {
        key: named
        for key, *named in index.rows(
            "select c.key, c.customer, c.name, f.path from customers c join files f using (file)"
            " where c.key in (select value from json_each(?)) order by f.path desc",
            (json.dumps([link_key(row[0]) for row in rows]),),
        )
    }
    sums: dict[tuple[str, str | None, str], list[int]] = {}
    for target, *counts in rows:
        customer, name, file = known.get(link_key(target), (target, None, ""))
        had = sums.setdefault((customer, name, file), [0, 0, 0, 0])
        sums[customer, name, file] = [one + other for one, other in zip(had, counts, strict=True)]
    found = [Referrer(*named, counts[0], *map(from_units, counts[1:])) for named, counts in sums.items()]
    return tuple(sorted(found, key=lambda row: (-row.customers, -row.revenue, row.customer, row.file)))


def month_of_today(report: GrowthReport) -> bool:
    """Whether the last month shown is not over."""
    last = report.months[-1].month if report.months else ""
    return last == str(report.today)[:7] and report.today < month_end(report.today)
