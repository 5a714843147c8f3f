"""The brief: what to know of one customer before the next contact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plaincrm.checks.check import diagnostics_of
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.document.document import read_document
from plaincrm.document.source import Unreadable, read_bytes
from plaincrm.errors import NoMatch
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.index.paths import disk_path
from plaincrm.money import Money
from plaincrm.records.model import Customer, LogEntry, Task
from plaincrm.records.read import read_record
from plaincrm.reports.materials import Material, materials
from plaincrm.vault.vault import Vault


class Brief(NamedTuple):
    """One customer as of a day.

    `talks` are the last contacts, newest first; `planned` what is still to come; `promises` what is open, ours and
    theirs; `allowed` and `denied` the channels by the front matter and the log; `revenue` and `margin` are sums of all
    time up to today, one a currency, the margin of those sales whose margin is known; `n` is the number of sales
    behind them; `materials` what playbooks send. `several` names the fields that may have several values.
    """

    customer: Customer
    today: date
    last_contact: date | None
    talks: tuple[LogEntry, ...]
    planned: tuple[LogEntry, ...]
    promises: tuple[Task, ...]
    allowed: tuple[str, ...]
    denied: tuple[str, ...]
    revenue: tuple[Money, ...]
    margin: tuple[Money, ...]
    n: int
    referred: tuple[str, ...]
    materials: tuple[Material, ...]
    several: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]


def load_customer(vault: Vault, path: str) -> Customer:
    """The record of one customer, read from its file.

    Raises:
        NoMatch: the file cannot be read.
    """
    try:
        data = read_bytes(vault.root / disk_path(path))
    except Unreadable as error:
        raise NoMatch(f"{path} cannot be read ({error.fault.code}).", "See plaincrm check.") from None
    return read_record(read_document(data), path, vault.config.schema).customer


def brief(index: Index, named: Named, today: date, talks: int = 3) -> Brief:
    """What to know of a customer before the next contact."""
    customer = load_customer(index.vault, named.path)
    past = [entry for entry in customer.entries if entry.date <= today]
    spoken = [entry for entry in past if entry.reached]
    sales = [sale for entry in past for sale in entry.sales]
    forbidden = customer.denied
    said = [*customer.allow, *(item.value for entry in past for item in entry.values if item.key == "allow")]
    return Brief(
        customer=customer,
        today=today,
        last_contact=spoken[0].date if spoken else None,
        talks=tuple(entry for entry in past if entry.contact)[:talks],
        planned=tuple(reversed([entry for entry in customer.entries if entry.date > today])),
        promises=tuple(sorted((t for t in customer.tasks if t.open), key=lambda t: (t.due or date.max, t.line))),
        allowed=tuple(channel for channel in dict.fromkeys(said) if channel not in forbidden),
        denied=forbidden,
        revenue=_sums((sale.currency, sale.revenue) for sale in sales),
        margin=_sums((sale.currency, sale.margin) for sale in sales if sale.margin is not None),
        n=len(sales),
        referred=_referred(index, customer),
        materials=materials(index, named.file, customer, today),
        several=frozenset(key for key, field in index.vault.config.schema.table.customer.items() if field.many),
        diagnostics=diagnostics_of(index, named.path),
    )


def _sums(amounts: Iterable[tuple[str, Decimal]]) -> tuple[Money, ...]:
    """The sum of each currency."""
    sums: dict[str, Decimal] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return tuple(Money(amount, currency) for currency, amount in sorted(sums.items()))


def _referred(index: Index, customer: Customer) -> tuple[str, ...]:
    """The ids of the customers that this one has brought."""
    rows = index.rows(
        "select customer from links where field = 'referred_by' and fold(target) = fold(?) order by customer",
        (customer.id,),
    )
    return tuple(row[0] for row in rows)
