"""The rhythm: how long customers usually take from one purchase to the next, and whose silence is longer than ever."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal, NamedTuple

from plaincrm.dates import add_days
from plaincrm.index.buyers import LEAST
from plaincrm.index.index import Index
from plaincrm.money import from_units
from plaincrm.reports.figures import FEW, median, share

State = Literal["in-rhythm", "late", "cooling"]


class Spacing(NamedTuple):
    """The intervals between a customer's purchases, and the silence since the last, in days.

    `n` intervals, the `usual` one being their median; `longer` of them are as long as the silence or longer. `chance`
    is the probability that an interval of an unchanged rhythm is longer than the silence, (longer + 1) / (n + 1).
    `expected` is the next purchase by the median, `earliest` and `latest` by the shortest and the longest interval: it
    falls between them with a probability of `within`, (n - 1) / (n + 1).

    `state` is `cooling` where the silence is longer than every interval, else `late` where it is longer than the
    usual one, else `in-rhythm`.
    """

    n: int
    usual: Decimal
    shortest: int
    longest: int
    last: date
    silence: int
    longer: int
    chance: Decimal
    expected: date
    earliest: date
    latest: date
    within: Decimal
    state: State


class Rhythm(NamedTuple):
    """The rhythm of one customer; `revenue` is that of the period and the one before together."""

    customer: str
    name: str
    owner: str | None
    revenue: Decimal
    spacing: Spacing
    file: str
    line: int


class Rhythms(NamedTuple):
    """Rhythms of customers who are not lost, those who are cooling first, by revenue.

    `known` counts those who have a rhythm, `cooling` those of them who are silent for longer than ever, `too_few`
    those who have bought too few times to tell.
    """

    customers: tuple[Rhythm, ...]
    known: int
    cooling: int
    too_few: int


def spacing(bought: Sequence[date], today: date) -> Spacing | None:
    """What the days of purchases up to today, ascending and each once, say of a rhythm; None where they are too few."""
    if len(bought) < LEAST:
        return None
    intervals = [(later - earlier).days for earlier, later in pairwise(bought)]
    n, last, silence = len(intervals), bought[-1], (today - bought[-1]).days
    usual = median(intervals) or Decimal(0)
    longer = sum(silence <= interval for interval in intervals)
    return Spacing(
        n,
        usual,
        min(intervals),
        max(intervals),
        last,
        silence,
        longer,
        share(longer + 1, n + 1) or Decimal(0),
        add_days(last, round(usual)),
        add_days(last, min(intervals)),
        add_days(last, max(intervals)),
        share(n - 1, n + 1) or Decimal(0),
        "cooling" if not longer else "late" if silence > usual else "in-rhythm",
    )


def in_words(found: Spacing) -> str:
    """What a rhythm says of the silence; a star where the intervals are few."""
    times = f"{found.n} intervals{'*' if found.n < FEW else ''}, {found.shortest} to {found.longest}"
    days = f"{found.silence} day{'s' if found.silence != 1 else ''} since the last purchase"
    if found.state == "cooling":
        verdict = f"longer than all of them. In an unchanged rhythm that happens 1 time in {found.n + 1}"
    elif found.state == "late":
        verdict = f"longer than usual, but {found.longer} of them as long or longer"
    else:
        verdict = "not longer than usual"
    return f"Usually buys every {round(found.usual)} days ({times}); {days}: {verdict}."


def next_in_words(found: Spacing) -> str:
    """When the next purchase is to be expected by a rhythm."""
    verb = "was" if (found.expected - found.last).days < found.silence else "is"
    return (
        f"By this rhythm the next purchase {verb} to be expected on {found.expected}, between {found.earliest} and"
        f" {found.latest}."
    )


# Whoever is in a closed stage or was lost since the last purchase does not stay.
_CLOSED = "insert into temp.gone select c.file from customers c where c.stage in (select value from json_each(?))"
_LOST = """
    insert or ignore into temp.gone
    select n.file from temp.noted n cross join temp.bought b using (file) where n.lost_on between b.last and ?
    """
_STAYS = "b.file not in (select file from temp.gone)"

# All but those who are gone: the few are looked up, not the many.
_COUNTS = f"""
    select sum(buyers), sum(known), (select count(*) from temp.cooling) from (
        select count(*) as buyers, count(*) filter (where days >= {LEAST}) as known from temp.bought
        union all select -count(*), -count(*) filter (where days >= {LEAST})
        from temp.gone cross join temp.bought using (file)
    )
    """

_COOLING = f"""
    create temp table cooling as
    select b.file, coalesce(m.revenue_before + m.revenue_now, 0) as revenue, b.last
    from temp.bought b left join temp.moves m using (file) where b.cools < ? and {_STAYS}
    """

_KNOWN = f"""
    select b.file, coalesce(m.revenue_before + m.revenue_now, 0) as revenue, b.last, b.cools < ?2 as cools
    from temp.bought b left join temp.moves m using (file) where b.days >= {LEAST} and {_STAYS}
    """

_MOST = """
    select k.file, k.revenue, k.last, 1 as cools
    from temp.cooling k join customers c using (file) join files f using (file)
    where k.revenue >= (select min(revenue) from (select revenue from temp.cooling order by revenue desc limit ?2))
    order by k.revenue desc, c.customer, f.path limit ?2
    """

_TOLD = """
    with chosen as materialized ({chosen})
    select c.customer, c.name, c.owner, k.revenue, f.path, group_concat(s.date),
        max(s.line) filter (where s.date = k.last)
    from chosen k join customers c using (file) join files f using (file) join sales s using (file)
    where s.purchase = 1 and s.date <= ?1
    group by k.file order by k.cools desc, k.revenue desc, c.customer, f.path
    """


def rhythms(index: Index, today: date, limit: int = 0) -> Rhythms:
    """The rhythms of the customers of `bought` who stay: of all, or with a `limit` of so many who are cooling."""
    day = today.isoformat()
    for table in ("gone", "cooling"):
        index.rows(f"drop table if exists temp.{table}")
    index.rows("create temp table gone (file integer primary key)")
    index.rows(_CLOSED, (json.dumps(index.vault.config.closed),))
    index.rows(_LOST, (day,))
    index.rows(_COOLING, (day,))
    [(staying, known, cooling)] = index.rows(_COUNTS)
    rows = index.rows(_TOLD.format(chosen=_MOST if limit else _KNOWN), (day, limit or day))
    return Rhythms(tuple(_rhythm(*row, today=today) for row in rows), known, cooling, staying - known)


def _rhythm(  # noqa: PLR0913 (the columns of the query)
    customer: str, name: str, owner: str | None, revenue: int, file: str, days: str, line: int, *, today: date
) -> Rhythm:
    found = spacing([date.fromisoformat(day) for day in sorted(set(days.split(",")))], today)
    assert found is not None  # the query asks for those who bought on so many days
    return Rhythm(customer, name, owner, from_units(revenue), found, file, line)
