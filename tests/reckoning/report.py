"""What the report of all reports reckons itself (docs/report.md): the load of the coming weeks, and the key figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

WEEKS = 8


def load(items: Iterable[Any], today: date) -> list[dict[str, Any]]:
    """The customers with something overdue, then what falls due in each week, of lines of the agenda."""
    listed = list(items)
    monday = today - timedelta(today.weekday())
    days = [day for item in listed for day in (item.due, *(other.due for other in item.beside))]
    weeks = [(first, first + timedelta(7)) for first in (monday + timedelta(7 * at) for at in range(WEEKS))]
    return [
        {"monday": None, "things": sum(item.overdue_days > 0 for item in listed)},
        *(
            {"monday": first, "things": sum(max(first, today) <= day < end for day in days if day)}
            for first, end in weeks
        ),
    ]
