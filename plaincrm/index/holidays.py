"""Public holidays as the index keeps them: the library that knows them takes 75 ms to load, a third of an agenda."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plaincrm.index.index import Index
    from plaincrm.vault.config import Config


def keep_holidays(db: sqlite3.Connection, config: Config) -> None:
    """Write down those of the years that entries are of, and of the year after them, as far as they are not there."""
    first, last = db.execute("select (select min(date) from entries), (select max(date) from entries)").fetchone()
    if not config.country or first is None:
        return
    from plaincrm.worktime import HOLIDAY_YEARS, public_holidays  # noqa: PLC0415 (where a country is named)

    kept = {year for (year,) in db.execute("select year from holidays")}
    for year in range(max(int(first[:4]), HOLIDAY_YEARS[0]), min(int(last[:4]) + 1, HOLIDAY_YEARS[-1]) + 1):
        if year not in kept:
            found = public_holidays(config.country, config.subdivision, year)
            days = None if found is None else ",".join(sorted(map(date.isoformat, found)))
            db.execute("insert into holidays values (?, ?)", (year, days))


def recall_holidays(index: Index) -> None:
    """Let working time know those that the index has."""
    from plaincrm.worktime import remember_holidays  # noqa: PLC0415 (where working time is counted)

    config = index.vault.config
    for year, days in index.rows("select year, days from holidays"):
        found = None if days is None else frozenset(map(date.fromisoformat, days.split(",") if days else ()))
        remember_holidays(config.country, config.subdivision, year, found)
