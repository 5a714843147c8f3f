"""The list: customers that a query names, with what one wants to see at a glance."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from plaincrm.checks.unread import unread
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
    """The customers of a query, by name.

    `matched` is how many the query names, of which a limit may have left out some; `total` how many there are.
    `unread` names notes that could not be read in full.
    """

    customers: tuple[ListedCustomer, ...]
    matched: int
    total: int
    unread: dict[str, str]


def listing(index: Index, today: date, where: Condition = EVERY, limit: int = 0, sort: str = "") -> Listing:
    """The customers for which a condition holds; the last contact is the last one up to today.

    They come by name, or by the columns that `sort` names. With a `limit` only the first so many are told.

    Raises:
        UsageError: there is no such column to sort by.
    """
    if sort:
        return _sorted(index, today, where, limit, sort)
    rows = index.rows(
        "select c.customer, c.name, c.type, c.stage, c.tier, c.owner, c.tags,"
        f" case when c.latest <= ? then nullif(c.spoken, '') else {SPOKEN} end, c.next, f.path"
        f" from customers c join files f using (file) where {where.sql} order by c.sort_name, c.customer, f.path"
        " limit ?",
        (today.isoformat(), today.isoformat(), *where.parameters, limit or -1),
    )
    customers = tuple(ListedCustomer._make((*row[:6], _tags(row[6]), *row[7:])) for row in rows)
    matched = _count(index, where) if limit and len(customers) == limit else len(customers)
    return Listing(customers, matched, _count(index, EVERY), unread(index))


def _sorted(index: Index, today: date, where: Condition, limit: int, sort: str) -> Listing:
    from plaincrm.reports.columns import in_order  # noqa: PLC0415 (for other orders than by name)

    order = in_order(index, today, where, sort)
    shown = order[:limit] if limit else order
    every = listing(index, today, where)
    paths = dict(index.rows("select file, path from files"))
    by_path = {customer.file: customer for customer in every.customers}
    return every._replace(customers=tuple(by_path[paths[file]] for file in shown))


def _count(index: Index, where: Condition) -> int:
    found: int = index.rows(f"select count(*) from customers c where {where.sql}", where.parameters)[0][0]
    return found


def _tags(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
