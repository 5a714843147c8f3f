"""Which steps of playbooks are due: once for each cause, until an entry or a promise answers it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, NamedTuple

from plaincrm.dates import Duration, month_days
from plaincrm.errors import UsageError
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.index.talks import REACHED
from plaincrm.language import unaccented
from plaincrm.vault.config import Config
from plaincrm.vault.playbooks import Playbook

_SLACK = Duration(60, "d")  # a step that nobody took goes away so long after twice its time
_EARLY = 3  # days by which a contact may come before a step and be its answer, at the least
_EARLY_OF_YEAR = 7  # the same of what comes round each year, which may be done before the day


class Step(NamedTuple):
    """A row of the table `steps`."""

    file: int
    line: int | None
    due: str
    what: str
    channel: str | None
    name: str
    cause: str


# What can begin a playbook: file, line, day and words of each cause between :oldest and :newest.
_CAUSES = {
    "sale": """
        select file, min(line) as line, date as day, 'the sale of ' || date as cause from sales
        where date between :oldest and :newest and revenue > 0 group by file, date
        """,
    "delivery": """
        select file, min(line) as line, date as day, 'the delivery of ' || date as cause from measures
        where name = 'step' and text = 'delivery' and date between :oldest and :newest group by file, date
        """,
    "complaint": """
        select file, min(line) as line, date as day, 'the complaint of ' || date as cause from measures
        where name = 'complaint' and date between :oldest and :newest group by file, date
        """,
    "stage": """
        select file, null as line, since as day, 'becoming a ' || :of || ' on ' || since as cause from customers
        where since between :oldest and :newest and +stage = :of
        union all
        select s.file, min(s.line), s.date, 'the first sale of ' || s.date
        from sales s cross join customers c using (file)
        where s.date between :oldest and :newest and s.revenue > 0 and c.stage = :of and c.since is null
            and not exists (select 1 from sales p where p.file = s.file and p.revenue > 0 and p.date < s.date)
        group by s.file, s.date
        """,
    "nth-purchase": """
        select file, line, day, 'purchase number ' || number || ' on ' || day as cause
        from (
            select s.file, s.line, s.date as day, (
                select count(*) from sales p where p.file = s.file and p.revenue > 0
                    and (p.date < s.date or (p.date = s.date and p.position >= s.position))
            ) as number
            from sales s where s.date between :oldest and :newest and s.revenue > 0
        )
        where number % :of = 0
        """,
    "each-year": """
        select c.file, null as line, d.value as day, 'each year since ' || c.since as cause
        from json_each(:days) d cross join customers c on substr(c.since, 6) = d.key
        where c.since is not null and c.since < d.value
        """,
}

# A contact of ours answers a step that sends no material, and so does a promise of ours made since the cause, for about
# the day of the step. An entry with the playbook's name or a link to its material does in any case.
_STEPS = f"""
    with step as (
        select b.file, line, day, cause, coalesce(after(day, :after), day) as due, c.spoken
        from ({{causes}}) b cross join customers c using (file)
        where coalesce(c.stage, '') not in (select value from json_each(:closed))
            and (:tiers = '[]' or c.tier in (select value from json_each(:tiers)))
    ), due as (
        select step.*, date(day, :begin) as begin, max(date(due, :early), date(day, :first)) as soon,
            date(due, :late) as late
        from step
    )
    select s.file, s.line, s.due, s.cause
    from due s
    where s.due <= :horizon
        and not (:material = '' and s.spoken >= s.soon and exists (
            select 1 from entries e
            where e.file = s.file and {REACHED} and e.direction is not 'in' and e.date between s.soon and :today
        ))
        and not exists (
            select 1 from measures m
            where m.file = s.file and m.name = 'playbook' and fold(m.text) = fold(:name)
                and m.date between s.begin and :today
        )
        and not exists (
            select 1 from links l cross join entries e on e.file = l.file and l.line between e.line and e.end_line
            where :material <> '' and l.file = s.file and fold(l.target) in (select value from json_each(:targets))
                and e.date between s.begin and :today
        )
        and not exists (
            select 1 from tasks t
            where :material = '' and t.file = s.file and t.owes = 'us' and t.made between s.begin and :today
                and coalesce(t.done, t.due) between s.soon and s.late and t.cancelled is null
        )
    group by s.file having min(s.due) is not null -- the row of the first one
    """


def steps(index: Index, config: Config, today: date, horizon: date) -> tuple[list[Step], set[str]]:
    """The steps that are due, the first of each playbook and customer; and the playbooks whose query is none."""
    found: list[Step] = []
    unsound: set[str] = set()
    for playbook in config.playbooks:
        try:
            found += _due(index, config, playbook, today, horizon)
        except UsageError:
            unsound.add(playbook.name)
    return found, unsound


def _due(index: Index, config: Config, playbook: Playbook, today: date, horizon: date) -> list[Step]:
    named = _query(config, playbook, today) if playbook.query else None
    rows = index.rows(
        _STEPS.format(causes=_CAUSES[playbook.cause]), _parameters(config.closed, playbook, today, horizon)
    )
    if named and rows:
        files = json.dumps([row[0] for row in rows])
        where = f"select file from customers c where file in (select value from json_each(?)) and ({named.sql})"
        meant = {row[0] for row in index.rows(where, (files, *named.parameters))}
        rows = [row for row in rows if row[0] in meant]
    what = f"{playbook.do} ({playbook.material})" if playbook.material else playbook.do
    return [
        Step(file, line, due, what, playbook.channel, playbook.name, _why(playbook, cause))
        for file, line, due, cause in rows
    ]


def _query(config: Config, playbook: Playbook, today: date) -> Condition:
    from plaincrm.index.query import compile_query  # noqa: PLC0415 (for playbooks with a query only)

    return compile_query(playbook.query, config, today)


def _parameters(closed: tuple[str, ...], playbook: Playbook, today: date, horizon: date) -> dict[str, Any]:
    after, yearly = playbook.after, playbook.cause == "each-year"
    oldest, newest = _SLACK.before(today), horizon
    if after:
        oldest, newest = after.before(after.before(oldest)), after.latest_start(horizon)
    length = (after.after(today) - today).days if after else 0
    early = max(_EARLY_OF_YEAR if yearly else _EARLY, length // 4)
    return {
        "oldest": oldest.isoformat(),
        "newest": newest.isoformat(),
        "of": int(playbook.of) if playbook.cause == "nth-purchase" else playbook.of,
        "days": json.dumps({key: day.isoformat() for key, day in month_days(oldest, newest).items()}),
        "after": str(after) if after else None,
        "early": f"-{early} days",
        "late": f"+{early} days",
        "begin": f"-{early} days" if yearly else "+0 days",
        "first": f"-{early} days" if yearly else "+1 day",
        "today": today.isoformat(),
        "horizon": horizon.isoformat(),
        "closed": json.dumps(closed),
        "tiers": json.dumps(playbook.tiers),
        "name": playbook.name,
        "material": playbook.material,
        "targets": json.dumps(sorted(targets_of(playbook))),
    }


def _why(playbook: Playbook, cause: str) -> str:
    return f"{playbook.after} after {cause}" if playbook.after else cause[0].upper() + cause[1:]


def targets_of(playbook: Playbook) -> set[str]:
    """How a link to a playbook's material may be written, folded: with and without its folder and its ending."""
    names = (playbook.material, playbook.material.rpartition("/")[2])
    return {unaccented(name + ending) for name in names for ending in ("", ".md")}
