"""What customers bought in these weeks of earlier years, and have not yet bought this year."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from plaincrm.dates import add_months, month_days
from plaincrm.index.index import Index
from plaincrm.index.seasons import YEARS
from plaincrm.reports.one_spelling import one_spelling
from plaincrm.vault.config import Config

_SHOWN = 4  # days of the past that are told, the latest ones


class Seasonal(NamedTuple):
    """A row of the table `seasonal`."""

    file: int
    line: int
    due: str
    what: str
    product: str
    days: str


def seasonal(index: Index, config: Config, today: date) -> Iterator[Seasonal]:
    """One row a product that a customer bought about these days in two earlier years at least."""
    first, last = config.season_window.before(today), config.season_ahead.after(today)
    files = index.rows(
        "select distinct file from seasons where day in (select value from json_each(?))",
        (json.dumps(list(month_days(first, last))),),
    )
    key, name = one_spelling("product")
    rows = index.rows(
        f"select file, {key} as one, {name}, date, max(line) from sales where file in (select value from json_each(?))"
        " and revenue > 0 group by file, one, date order by file, one, date",
        (json.dumps([row[0] for row in files]),),
    )
    for (file, _one), group in groupby(rows, key=lambda row: (row[0], row[1])):
        bought = list(group)
        found = _season({date.fromisoformat(day): line for *_product, day, line in bought}, config, today)
        if found:
            due, days, line = found
            product = max(row[2] for row in bought)
            what = f"Ask about {product} this year" if product else "Ask what they need this year"
            listed = [day.isoformat() for day in days[-_SHOWN:]]
            evidence = f"{', '.join(listed[:-1])} and {listed[-1]}"
            yield Seasonal(file, line, due.isoformat(), what, product or "something", evidence)


def _season(bought: dict[date, int], config: Config, today: date) -> tuple[date, list[date], int] | None:
    """The day about which the next purchase is to be expected, the earlier days, and the line of the last of them."""
    window, ahead = config.season_window, config.season_ahead
    past = [day for day in bought if day <= today]
    for day in reversed(past):
        for years in (today.year - day.year + shift for shift in (-1, 0, 1)):
            again = add_months(day, 12 * years)
            if not 1 <= years <= YEARS or not window.before(today) <= again <= ahead.after(today):
                continue
            evidence = {
                other: back
                for other in past
                for back in (again.year - other.year + shift for shift in (-1, 0, 1))
                if 1 <= back <= YEARS and window.before(again) <= add_months(other, 12 * back) <= window.after(again)
            }
            begin, end = window.before(window.before(ahead.before(again))), window.after(again)
            if len(set(evidence.values())) > 1 and not any(begin < other <= end for other in bought):
                return max(again, today), sorted(evidence), bought[max(evidence)]
    return None
