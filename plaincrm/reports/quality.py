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


class Group(NamedTuple):
    """How sound the records of one group are: all fields together, and each field that one of them could have."""

    total: Soundness
    fields: tuple[Soundness, ...]


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
    groups: tuple[Group, ...]
    totals: Soundness
    contacts: tuple[int, int, int]
    permissions: tuple[Permission, ...]
    unread: dict[str, str]


def quality(index: Index, today: date, where: Condition = EVERY, by: By = "tier") -> QualityReport:
    """How much of the records of the customers that a query names is filled in, right and fresh."""
    config = index.vault.config
    since = (config.verify_after or FRESH_FOR).before(today)
    _prepare_records(index, today, since, where)
    found = groups(index, by, today)
    every = _sound(index, "select null as name, * from temp.records").get(None, _NOBODY)
    named = _sound(index, f"select g.name, r.* from ({found.sql}) g join temp.records r using (file)", found.parameters)
    return QualityReport(
        today,
        by,
        since,
        every.fields,
        tuple(named[name] for name in in_order(index, by, set(named))),
        every.total,
        _contacts(index, where),
        tuple(_permissions(index, today, where, every.total.customers)),
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


# Each field that counts has a mark, one character. A record is told by the marks of what is filled and what is wrong
# in it, so that records that are alike are counted together. What is wrong is there, if only its fault tells of it.
_WANTED = """
    create temp table wanted as
    select char(48 + key) as mark, json_extract(value, '$[0]') as field, json_extract(value, '$[1]') as weight,
        json_extract(value, '$[2]') as kind
    from json_each(?)
    """
# Mail and phone may be those of a contact person.
_RECORDS = f"""
    create temp table records as
    with wrong as materialized (
        select d.file, group_concat(distinct w.mark) as marks
        from diagnostics d join temp.wanted w on w.field = json_extract(d.facts, '$.field') group by d.file
    ), reached as materialized (
        select p.file, max(p.email <> '') as email, max(p.phone <> '') as phone from contacts p group by p.file
    )
    select c.file, c.type, coalesce((
            select max(d.value) from fields d where d.file = c.file and d.field = 'verified'
        ) >= ?, false) or coalesce({LAST_TALK} >= ?, false) as fresh,
        coalesce(x.marks, '') as wrong, coalesce(x.marks, '') || coalesce((
            select group_concat(w.mark, '') from fields d cross join temp.wanted w on w.field = d.field
            where d.file = c.file and d.position = 0
        ), '') || coalesce((
            select group_concat(w.mark, '') from temp.wanted w
            where w.field = 'email' and p.email or w.field = 'phone' and p.phone
        ), '') as filled
    from customers c left join wrong x using (file) left join reached p using (file) where %s
    """
# Records that are alike, each time with the fields that such a customer could have.
_CELLS = """
    with alike as materialized (
        select name, type, fresh, filled, wrong, count(*) as n from ({}) group by 1, 2, 3, 4, 5
    ), cells as (
        select a.name, a.n, a.fresh, w.rowid as place, w.field, w.weight, instr(a.filled, w.mark) > 0 as filled,
            instr(a.wrong, w.mark) > 0 as wrong
        from alike a join temp.wanted w on w.kind in ('', a.type)
    )
    select name, field, weight, sum(n), sum(n), sum(n * filled), sum(n * (filled and not wrong)),
        sum(n * (filled and fresh)), sum(n * (filled and not wrong and fresh))
    from cells group by name, place order by place
    """


def _prepare_records(index: Index, today: date, since: date, where: Condition) -> None:
    """Make the tables `wanted`, the fields that count, and `records`, what there is of them for each customer."""
    for table in ("wanted", "records"):
        index.rows(f"drop table if exists temp.{table}")
    index.rows(_WANTED, (_wanted(index.vault.config.quality),))
    told = (since.isoformat(), today.isoformat(), today.isoformat(), since.isoformat())
    index.rows(_RECORDS % where.sql, (*told, *where.parameters))


def _sound(index: Index, records: str, parameters: tuple[object, ...] = ()) -> dict[str | None, Group]:
    """The groups of some records, told as SQL for rows of `temp.records` with the `name` of a group."""
    fields: dict[str | None, list[Soundness]] = {}
    for name, *row in index.rows(_CELLS.format(records), parameters):
        fields.setdefault(name, []).append(_soundness(*row))
    members = index.rows(f"select name, count(*) from ({records}) group by name", parameters)
    return {name: _group(name, customers, fields.get(name, [])) for name, customers in members}


def _soundness(name: str | None, weight: int, customers: int, *counts: int) -> Soundness:
    applies, filled, valid, fresh, usable = counts
    shares = (share(filled, applies), share(valid, filled), share(fresh, filled), share(usable, applies))
    return Soundness(name, weight, customers, applies, filled, valid, fresh, usable, *shares)


def _group(name: str | None, customers: int, fields: list[Soundness]) -> Group:
    """All fields together, each as often as its weight says, and each by itself."""
    counts = [[of.weight * count for count in of[3:8]] for of in fields]
    sums = [sum(column) for column in zip(*counts, strict=True)] or [0] * 5
    return Group(_soundness(name, 1, customers, *sums), tuple(fields))


_NOBODY = _group(None, 0, [])


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
