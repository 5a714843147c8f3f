"""When the answers that customers wait for are due, by the response targets."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, time

from plaincrm.errors import UsageError
from plaincrm.index.holidays import recall_holidays
from plaincrm.index.index import Index
from plaincrm.vault.config import Config

ASKING = frozenset(("missed", "waiting"))  # kinds whose line is that of a message or a call to be answered


def answers_due(index: Index, asked: Iterable[tuple[int, int]]) -> dict[tuple[int, int], datetime]:
    """The moment by which each entry is to be answered, by file and line, on the vault's clocks.

    An entry of a month or a year alone is left out, since no time can be told, and so are all where the settings leave
    no working time.
    """
    places = json.dumps(sorted(asked))
    if places == "[]":
        return {}
    recall_holidays(index)
    rows = index.rows(
        "select c.file, e.line, c.tier, e.date, e.time,"
        " (select value from fields d where d.file = c.file and d.field = 'respond_within' and d.position = 0)"
        " from json_each(?) a cross join customers c on c.file = json_extract(a.value, '$[0]')"
        " cross join entries e on e.file = c.file and e.line = json_extract(a.value, '$[1]') where e.precision = 'day'",
        (places,),
    )
    found = {}
    for file, line, tier, day, clock, within in rows:
        came_at = time.fromisoformat(clock) if clock else None
        try:
            found[file, line] = response_due(index.vault.config, within, tier, date.fromisoformat(day), came_at)
        except UsageError:
            return {}
    return found


def response_due(
    config: Config, respond_within: str | None, tier: str | None, day: date, clock: time | None
) -> datetime:
    """When the answer to a message is due that came at a time of a day, by the vault's clocks.

    `respond_within` is the customer's own wish as its note has it.
    """
    return config.working_time.due(config.target(respond_within, tier), day, clock).replace(tzinfo=None)
