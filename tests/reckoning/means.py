"""What the second reckonings have in common: days of the calendar, the order of names, and segments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dateutil.relativedelta import relativedelta

import plaincrm
from plaincrm.dates import Duration

_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}


def after(day: date, length: Duration) -> date:
    """The day so much later on the calendar."""
    return day + relativedelta(**{_UNITS[length.unit]: length.count})  # type: ignore[arg-type]


def before(day: date, length: Duration) -> date:
    """The day so much earlier on the calendar."""
    return day - relativedelta(**{_UNITS[length.unit]: length.count})  # type: ignore[arg-type]


def in_order(names: Iterable[str | None], listed: Iterable[str] = ()) -> list[str | None]:
    """Names of groups as listed, then by themselves; None comes last."""
    ranks = list(listed)
    return sorted(
        names, key=lambda name: (name is None, ranks.index(name) if name in ranks else len(ranks), name or "")
    )


def members(vault: plaincrm.Vault, today: date) -> dict[str, set[str]]:
    """The ids of the customers in each segment of the settings."""
    return {name: {one.id for one in vault.query(f"@{name}", today=today)} for name in vault.config.segments}
