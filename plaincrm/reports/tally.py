"""The tally of what customers said of us: answers, moods, expectations and complaints of a period, by what they met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from plaincrm.dates import Period
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.language import vocabulary
from plaincrm.reports.groups import groups, in_order
from plaincrm.reports.one_spelling import one_spelling

By = Literal["step", "channel", "product", "owner", "tier", "segment", "quarter"]

# How many there are of each value: of `nps` by answer, of `mood` by `+ 0 -`, of `got` by `poor fair excellent`, …
Tally = Mapping[str, Mapping[str, int]]

_BEFORE_A_SALE = "('need', 'comparison', 'decision', 'order')"
_PRODUCT, _CALLED = one_spelling("e.of")
_KEYS = {
    "step": "e.step",
    "channel": "e.channel",
    "quarter": "substr(e.date, 1, 4) || '-Q' || ((substr(e.date, 6, 2) + 2) / 3)",
    "product": f"{_CALLED} over (partition by {_PRODUCT})",
}


def _first(name: str) -> str:
    """SQL for the first of the values that an entry has of a field: places of nine digits sort as numbers do."""
    return f"substr(min(case m.name when '{name}' then printf('%%09d', m.position) || m.text end), 10)"


_FELT = f"""
    with noted as materialized (
        select m.file, m.entry as line, m.position, m.name, m.text from measures m
        where m.date between ? and ?%s
        and m.name in ('nps', 'ces', 'csat', 'expect', 'got', 'complaint', 'step', 'product')
    ),
    felt as materialized (
        select e.file, e.line, e.date, e.channel, e.mood, e.resolved, n.step, n.product,
            cast(n.expect as real) as expect, cast(n.got as real) as got
        from entries e left join (
            select m.file, m.line, {_first("step")} as step, {_first("product")} as product,
                {_first("expect")} as expect, {_first("got")} as got, max(m.name not in ('step', 'product')) as told
            from noted m group by m.file, m.line
        ) n using (file, line)
        where +e.date between ? and ?%s
        and (n.told or e.mood is not null or e.resolved is not null)
    ),
    """
# What each customer had bought last by the day of an entry: the latest of the days before it, with its product.
_BOUGHT = """
    bought as materialized (
        select file, line, substr(last, 11) as product from (
            select file, line, max(case when line is null then date || product end)
                over (partition by file order by date) as last
            from (
                select file, line, date, '' as product from felt
                union all select s.file, null, s.date, s.product from sales s
                where s.revenue > 0 and s.product <> '' and s.file in (select file from felt)
            )
        ) where line is not null
    ),
    """
# Its own product; else what was bought last, as far as the step does not come before a purchase.
_SOLD = f"""(
    select e.*, case when e.step in {_BEFORE_A_SALE} then e.product else coalesce(e.product, b.product) end as of
    from felt e join bought b using (file, line)
    )"""
_COUNTED = """
    keyed as materialized (%s)
    select view, key, 'mood', mood, count(*) from keyed where mood is not null group by view, key, mood
    union all
    select view, key, 'got',
        case when got < expect then 'poor' when got = expect then 'fair' else 'excellent' end as gap, count(*)
        from keyed where got is not null and expect is not null group by view, key, gap
    union all
    select view, key, 'resolved', case resolved when 1 then 'yes' else 'no' end, count(*) from keyed
        where resolved is not null group by view, key, resolved
    union all
    select view, key, n.name, iif(n.name = 'complaint', '', n.text) as said, count(*)
        from noted n join keyed using (file, line)
        where n.name in ('nps', 'ces', 'csat', 'complaint') group by view, key, n.name, said
    """


def tally(
    index: Index, today: date, period: Period, where: Condition, views: Iterable[By]
) -> dict[By, dict[str | None, Tally]]:
    """What was said in the entries of a period, by one or more views, in one pass.

    Groups come in their order; the key None is of those in no group.
    """
    span = (period.start.isoformat(), period.end.isoformat())
    parameters: list[object] = [*span, *where.parameters] * 2
    keyed: list[str] = []
    listed = tuple(dict.fromkeys(views))
    for view in listed:
        key, join, entries = _KEYS.get(view, "g.name"), "", _SOLD if view == "product" else "felt"
        if view in ("owner", "tier", "segment"):
            found = groups(index, view, today)
            join = f"join ({found.sql}) g using (file)"
            parameters += found.parameters
        said = "e.file, e.line, e.mood, e.resolved, e.expect, e.got"
        keyed.append(f"select {said}, '{view}' as view, {key} as key from {entries} e {join}")
    bought = _BOUGHT if "product" in listed else ""
    query = _FELT % (where.on("m.file"), where.on("e.file")) + bought + _COUNTED % " union all ".join(keyed)
    counts: dict[By, dict[str | None, dict[str, dict[str, int]]]] = {view: {} for view in listed}
    for view, key, name, value, count in index.rows(query, parameters):
        counts[view].setdefault(key, {}).setdefault(name, {})[value] = count
    return {view: {key: of[key] for key in _ordered(index, view, set(of))} for view, of in counts.items()}


def _ordered(index: Index, by: By, names: set[str | None]) -> list[str | None]:
    """Steps as the journey has them, groups of customers in their own order, all else by name; none comes last."""
    if by in ("owner", "tier", "segment"):
        return in_order(index, by, names)
    rank = {step: at for at, step in enumerate(vocabulary("en")["steps"])} if by == "step" else {}
    return sorted(names, key=lambda name: (name is None, rank.get(name or "", len(rank)), name or ""))


def summed(tallies: Iterable[Tally]) -> Tally:
    """Several tallies in one."""
    sums: dict[str, dict[str, int]] = {}
    for one in tallies:
        for name, counts in one.items():
            of = sums.setdefault(name, {})
            for value, count in counts.items():
                of[value] = of.get(value, 0) + count
    return sums
