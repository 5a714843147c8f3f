"""The agenda: whom to contact today and in the coming days, and why."""

from __future__ import annotations

import json
from datetime import date
from typing import NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import add_days
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.index.names import find_owner
from plaincrm.reports.agenda_empty import Empty, why_empty
from plaincrm.reports.agenda_lines import AgendaItem, Lines, customers_of
from plaincrm.reports.agenda_rules import SAME_CLASS, reasons_of
from plaincrm.reports.agenda_tables import prepare
from plaincrm.vault.config import NAME


class Agenda(NamedTuple):
    """The agenda of a day.

    `paused` is how many customers want to be left alone for now (`quiet_until`) or have no rhythm (`cadence: never`).
    Where there is no line, `empty` says why, and when the next one comes. `unread` names the notes and settings that
    the agenda may lack, with the code of their first error.
    """

    today: date
    horizon_days: int
    items: tuple[AgendaItem, ...]
    held_back: tuple[AgendaItem, ...]
    paused: int
    empty: Empty | None
    unread: dict[str, str]


def agenda(
    index: Index, today: date, *, days: int | None = None, owner: str | None = None, where: Condition = EVERY
) -> Agenda:
    """Whom to contact and why: what is overdue, what is due today, what comes within `days` (both ends included).

    Raises:
        UsageError: nobody is called like the owner.
    """
    config = index.vault.config
    ahead = config.days if days is None else days
    asked = _asked(index, find_owner(index, owner) if owner else None, where)
    given, unsound = prepare(index, today, ahead)
    reasons = reasons_of(index, given)
    customers = customers_of(index, reasons, asked)
    lines = Lines(index, config, today, customers, reasons)
    items = [lines.item(customer, reasons[customer.file]) for customer in customers]
    items.sort(key=lambda item: (-item.urgency.total, item.due or date.max, item.name.casefold(), item.file))
    held_back = tuple(item for item in items if item.held)
    paused = _paused(index, today, asked)
    notes = unread(index)
    if unsound:
        notes.setdefault(NAME, "bad-setting")
    return Agenda(
        today=today,
        horizon_days=ahead,
        items=tuple(item for item in items if not item.held),
        held_back=held_back,
        paused=paused,
        empty=why_empty(index, add_days(today, ahead), today, asked, where) if len(held_back) == len(items) else None,
        unread=notes,
    )


def _asked(index: Index, owner: str | None, where: Condition) -> Condition:
    """The customers that a question is about: those of one of us, those of a query, and none that are gone."""
    closed = json.dumps(index.vault.config.closed)
    sql = (
        "(? is null or c.owner = ?) and coalesce(c.stage, '') not in (select value from json_each(?))"
        f" and ({where.sql})"
    )
    return Condition(sql, (owner, owner, closed, *where.parameters))


def _paused(index: Index, today: date, asked: Condition) -> int:
    (row,) = index.rows(
        "select count(*) from customers c where file in ("
        " select file from customers where quiet_until > ?"
        f" union select c.file from class k cross join customers c where k.cadence = 'never' and {SAME_CLASS}"
        f") and {asked.sql}",
        (today.isoformat(), *asked.parameters),
    )
    return int(row[0])
