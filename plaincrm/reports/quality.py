"""The quality report: how much of the register is filled in, right and fresh, field by field and group by group."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Duration
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.index.talks import SPOKEN
from plaincrm.reports.figures import share
from plaincrm.reports.groups import By, groups, in_order

# Fields that only one kind of customer has; all others are asked of everybody.
OF_COMPANIES = frozenset(("business_id", "vat_id", "contacts", "industry", "size", "parent"))
OF_PEOPLE = frozenset(("birthday", "company", "role"))
# The day on which a customer `c` was last spoken to up to a day, which is a parameter twice.
LAST_TALK = f"case when c.latest <= ? then c.spoken else {SPOKEN} end"
FRESH_FOR = Duration(12, "m")  # where the settings do not say after how long a record is to be verified


class Soundness(NamedTuple):
    """How sound a field is, or in a group all fields together, each as often as its weight says.

    `applies` counts the places that could be filled, `filled` those that are, `valid` those of them in which `check`
    finds no fault, `fresh` those in a record that was lately verified or whose customer was lately spoken to, and
    `usable` those that are valid and fresh. `coverage` is filled of applies, `validity` valid of filled, `freshness`
    fresh of filled, and `score` usable of applies: fractions, None of nothing.
    """

    name: str | None
    weight: int
    customers: int
    applies: int
    filled: int
    valid: int
    fresh: int
    usable: int
    coverage: Decimal | None
    validity: Decimal | None
    freshness: Decimal | None
    score: Decimal | None


class Permission(NamedTuple):
    """For how many customers a channel is allowed or denied, and for how many of them an entry says since when."""

    channel: str
    allowed: int
    denied: int
    dated: int
    share_known: Decimal | None


class QualityReport(NamedTuple):
    """The soundness of the register on a day.

    A record is fresh where somebody verified it or spoke to the customer on `fresh_since` or later. `contacts` are
    companies with no contact person, with one, and with two or more.
    """

    today: date
    by: By
    fresh_since: date
    fields: tuple[Soundness, ...]
    groups: tuple[Soundness, ...]
    totals: Soundness
    contacts: tuple[int, int, int]
    permissions: tuple[Permission, ...]
    unread: dict[str, str]


def quality(index: Index, today: date, where: Condition = EVERY, by: By = "tier") -> QualityReport:
    """How much of the records of the customers that a query names is filled in, right and fresh."""
    config = index.vault.config
    since = (config.verify_after or FRESH_FOR).before(today)
    cells = _CELLS % where.sql
    told = (_wanted(config.quality), since.isoformat(), today.isoformat(), today.isoformat(), since.isoformat())
    parameters = (*told, *where.parameters)
    fields = [_soundness(*row) for row in index.rows(cells + _BY_FIELD, parameters)]
    found = groups(index, by, today)
    rows = index.rows(cells + _BY_GROUP % found.sql, (*parameters, *found.parameters))
    named = {row[0]: _soundness(*row) for row in rows}
    ((customers,),) = index.rows(f"select count(*) from customers c where {where.sql}", where.parameters)
    return QualityReport(
        today,
        by,
        since,
        tuple(fields),
        tuple(named[name] for name in in_order(index, by, set(named))),
        _summed(fields, customers),
        _contacts(index, where),
        tuple(_permissions(index, today, where, customers)),
        unread(index),
    )


def _wanted(weights: Iterable[tuple[str, int]]) -> str:
    """The fields that count as JSON: each with its weight, and the kind of customer that has it."""
    return json.dumps(
        [
            (field, weight, "company" if field in OF_COMPANIES else "person" if field in OF_PEOPLE else "")
            for field, weight in weights
            if weight
        ]
    )


# A row for each customer and field that the customer could have. Mail and phone may be those of a contact person.
_CELLS = f"""
    with wanted as materialized (
        select key as place, json_extract(value, '$[0]') as field, json_extract(value, '$[1]') as weight,
            json_extract(value, '$[2]') as kind
        from json_each(?)
    ),
    chosen as materialized (
        select c.file, c.type, coalesce((
            select max(d.value) from fields d where d.file = c.file and d.field = 'verified'
        ) >= ?, false) or coalesce({LAST_TALK} >= ?, false) as fresh
        from customers c where %s
    ),
    wrong as materialized (select distinct file, json_extract(facts, '$.field') as field from diagnostics),
    written as materialized (
        select k.file, k.fresh, w.place, w.field, w.weight, x.file is not null as wrong, x.file is not null
            or exists (select 1 from fields d where d.file = k.file and d.field = w.field)
            or w.field = 'email' and exists (select 1 from contacts p where p.file = k.file and p.email <> '')
            or w.field = 'phone' and exists (select 1 from contacts p where p.file = k.file and p.phone <> '') as filled
        from chosen k join wanted w on w.kind in ('', k.type) left join wrong x on x.file = k.file and x.field = w.field
    )
    """
_BY_FIELD = """
    select field, weight, count(*), count(*), sum(filled), sum(filled and not wrong), sum(filled and fresh),
        sum(filled and not wrong and fresh)
    from written group by place order by place
    """
_BY_GROUP = """
    select g.name, 1, count(distinct file), sum(weight), sum(weight * filled), sum(weight * (filled and not wrong)),
        sum(weight * (filled and fresh)), sum(weight * (filled and not wrong and fresh))
    from written join (%s) g using (file) group by g.name
    """


def _soundness(name: str | None, weight: int, customers: int, *counts: int) -> Soundness:
    applies, filled, valid, fresh, usable = counts
    shares = (share(filled, applies), share(valid, filled), share(fresh, filled), share(usable, applies))
    return Soundness(name, weight, customers, applies, filled, valid, fresh, usable, *shares)


def _summed(fields: list[Soundness], customers: int) -> Soundness:
    """All fields together."""
    counts = [(of.applies, of.filled, of.valid, of.fresh, of.usable) for of in fields for _time in range(of.weight)]
    return _soundness(
        None, 1, customers, *(sum(column) for column in zip(*counts, strict=True)) if counts else (0,) * 5
    )


def _contacts(index: Index, where: Condition) -> tuple[int, int, int]:
    rows = index.rows(
        "select min(n, 2), count(*) from (select (select count(*) from contacts p where p.file = c.file) as n"
        f" from customers c where c.type = 'company' and ({where.sql})) group by 1",
        where.parameters,
    )
    counts = dict(rows)
    return counts.get(0, 0), counts.get(1, 0), counts.get(2, 0)


# What the log says last goes before what it said earlier, the front matter before the log; of one day a ban.
_PERMISSIONS = """
    with said as materialized (
        select m.file, m.text as channel, substr(max(m.date || m.name), 11) as said from measures m
        where m.name in ('allow', 'deny') and m.date <= ? group by m.file, m.text
    ),
    noted as materialized (
        select f.file, f.value as channel, max(f.field) as said from fields f
        where f.field in ('allow', 'deny') group by f.file, f.value
    ),
    known as (
        select file, channel, n.said, s.said is n.said as dated from noted n left join said s using (file, channel)
        union all
        select file, channel, s.said, true from said s left join noted n using (file, channel) where n.said is null
    )
    select k.channel, sum(k.said = 'allow'), sum(k.said = 'deny'), sum(k.dated) from known k
    where k.file in (select c.file from customers c where %s) group by k.channel order by count(*) desc, k.channel
    """


def _permissions(index: Index, today: date, where: Condition, customers: int) -> Iterable[Permission]:
    rows = index.rows(_PERMISSIONS % where.sql, (today.isoformat(), *where.parameters))
    for channel, allowed, denied, dated in rows:
        yield Permission(channel, allowed, denied, dated, share(allowed + denied, customers))
