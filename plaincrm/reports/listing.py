"""The list: customers that a query names, with what one wants to see at a glance."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from plaincrm.checks.check import unread
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.index.talks import SPOKEN


class ListedCustomer(NamedTuple):
    """One customer of the list; dates are ISO text, None where not known."""

    customer: str
    name: str
    type: str | None
    stage: str | None
    tier: str | None
    owner: str | None
    tags: tuple[str, ...]
    last_contact: str | None
    next: str | None
    file: str


class Listing(NamedTuple):
    """The customers of a query, by name. `unread` names notes that could not be read in full."""

    customers: tuple[ListedCustomer, ...]
    total: int
    unread: dict[str, str]


def listing(index: Index, today: date, where: Condition = EVERY) -> Listing:
    """The customers for which a condition holds; the last contact is the last one up to today."""
    rows = index.rows(
        "select c.customer, c.name, c.type, c.stage, c.tier, c.owner, c.tags,"
        f" case when c.latest <= ? then nullif(c.spoken, '') else {SPOKEN} end, c.next, f.path"
        f" from customers c join files f using (file) where {where.sql} order by c.sort_name, c.customer, f.path",
        (today.isoformat(), today.isoformat(), *where.parameters),
    )
    customers = tuple(ListedCustomer._make((*row[:6], _tags(row[6]), *row[7:])) for row in rows)
    total = index.rows("select count(*) from customers")[0][0]
    return Listing(customers, total, unread(index))


def _tags(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
