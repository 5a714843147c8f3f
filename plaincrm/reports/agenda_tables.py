"""What the rules of the agenda ask besides the index: small tables made for one day, and named days."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from plaincrm.dates import Duration, add_days, month_days, parse_duration
from plaincrm.index.feedback import BAD, Remark, displeased
from plaincrm.index.index import Index
from plaincrm.index.talks import APPOINTED, REACHED, Contact, talks
from plaincrm.reports.playbooks import steps
from plaincrm.reports.seasonal import seasonal
from plaincrm.vault.config import Config

_TABLES = {
    "class": "stage, tier, cadence, rhythm, lapsed, forgotten, active",
    "days": "month_day, day",
    "seasonal": "file, line, due, what, product, days",
    "steps": "file, line, due, what, channel, name, cause",
}


def prepare(index: Index, today: date, ahead: int) -> tuple[dict[str, Any], set[str]]:
    """Make the tables, and name the days that the rules ask for. Then the playbooks whose query is none."""
    config, horizon = index.vault.config, add_days(today, ahead)
    for table in (*_TABLES, "planning"):
        index.rows(f"drop table if exists temp.{table}")
    days = ((month_day, day.isoformat()) for month_day, day in month_days(today, horizon).items())
    _fill(index, "class", _classes(index, config, today))
    _fill(index, "days", days)
    _fill(index, "seasonal", seasonal(index, config, today))
    found, unsound = steps(index, config, today, horizon)
    _fill(index, "steps", found)
    _plan(index, today)
    return _parameters(config, today, horizon), unsound


def _fill(index: Index, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    columns = _TABLES[table]
    index.rows(f"create temp table {table} ({columns})")
    index.db.executemany(f"insert into temp.{table} values ({', '.join('?' * len(columns.split(',')))})", rows)


def _parameters(config: Config, today: date, horizon: date) -> dict[str, Any]:
    valid, ahead = config.consent_valid, config.consent_ahead
    ended, ending = ahead.before(today), max(ahead.after(today), horizon)
    return {
        "today": today.isoformat(),
        "horizon": horizon.isoformat(),
        "dearest": config.tiers[-1],
        "remembered": json.dumps(config.anniversary_tiers),
        "every": config.anniversary_years,
        "valid": str(valid) if valid else None,
        "allowed_first": valid.before(ended).isoformat() if valid else None,
        "allowed_last": valid.latest_start(ending).isoformat() if valid else None,
        "ended_first": ended.isoformat(),
        "ending_last": ending.isoformat(),
    }


def _plan(index: Index, today: date) -> None:
    """Customers with contacts to come, today's appointments too; their sums count what has been."""
    index.rows("create temp table planning as select * from customers where false")
    day = today.isoformat()
    planning = [
        list(row)
        for row in index.rows(
            "select * from customers where latest > :today or (latest = :today and file in"
            f" (select e.file from entries e where {APPOINTED}))",
            {"today": day},
        )
    ]
    if not planning:
        return
    names = [row[1] for row in index.rows("pragma table_info(customers)")]
    first = names.index("latest")
    for row in planning:
        contacts = index.rows(
            "select date, time, coalesce(channel, ''), direction, resolved from entries e"
            f" where file = :file and contact = 1 and date <= :today and not ({APPOINTED})",
            {"file": row[0], "today": day},
        )
        sums = talks(map(Contact._make, contacts))
        begun = index.rows("select min(date) from entries where file = ?", (row[0],))[0][0]
        counted = sums.spoken or row[names.index("since")] or begun
        row[first:] = ["", *sums[1:], displeased(_remarks(index, row[0], day)), counted]
    index.db.executemany(f"insert into temp.planning values ({', '.join('?' * len(names))})", planning)


def _remarks(index: Index, file: int, day: str) -> Iterator[Remark]:
    """What entries up to a day say of how content a customer is, where there is anything bad at all."""
    if not index.rows(f"select 1 from measures m where file = ? and ({BAD}) limit 1", (file,)):
        return iter(())
    of = "exists (select 1 from measures m where m.file = e.file and m.line between e.line and e.end_line"
    rows = index.rows(
        f"select date, time, {of} and ({BAD})), {REACHED} and e.direction is not 'in' or {of} and name = 'answers'),"
        f" resolved from entries e where file = :file and date <= :today and not ({APPOINTED})",
        {"file": file, "today": day},
    )
    return map(Remark._make, rows)


def _classes(index: Index, config: Config, today: date) -> Iterator[tuple[Any, ...]]:
    """Stage, tier and cadence of customers as they occur together, with the rhythm that follows from them."""
    for stage, tier, cadence in index.rows("select distinct stage, tier, cadence from customers"):
        if stage in config.closed:
            continue
        general = config.tier_cadence.get(tier) or config.stage_cadence.get(stage) or config.cadence
        rhythm = cadence or (str(general) if general else None)
        length = parse_duration(rhythm) if rhythm else None
        lapsed = forgotten = None
        if length:
            several = Duration(length.count * max(config.forgotten, 1), length.unit)
            lapsed, forgotten = length.latest_start(today).isoformat(), several.latest_start(today).isoformat()
        yield stage, tier, cadence, rhythm, lapsed, forgotten, int(stage in config.active)
