"""The brief: what to know of one customer before the next contact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plaincrm.checks.check import diagnostics_of
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.dates import Duration, Period, add_days
from plaincrm.document.document import read_document
from plaincrm.document.source import Unreadable
from plaincrm.errors import NoMatch
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.index.paths import disk_path
from plaincrm.money import Money
from plaincrm.records.fields import FieldTable
from plaincrm.records.model import Customer, LogEntry, Sale, Task
from plaincrm.records.read import read_record
from plaincrm.reports.materials import Material, materials
from plaincrm.reports.sums import class_among_all
from plaincrm.vault.vault import Vault

SCORES = ("nps", "csat", "ces", "expect", "got")  # numbers by which customers say how content they are


class Score(NamedTuple):
    """The last answer of a kind (`nps`, `csat`, …), the most that it can be, and how many there are."""

    name: str
    value: Decimal
    most: int
    date: date
    n: int
    line: int


class Mood(NamedTuple):
    """How the customer felt at a contact: `+`, `0` or `-`."""

    date: date
    mood: str
    line: int


class Worth(NamedTuple):
    """What the sales of a time add up to, one sum a currency; the margin of those `n` sales whose margin is known."""

    revenue: tuple[Money, ...]
    margin: tuple[Money, ...]
    n: int


class Brief(NamedTuple):
    """One customer as of a day.

    `talks` are the last contacts, newest first; `planned` what is still to come; `promises` what is open, ours and
    theirs; `allowed` and `denied` the channels by the front matter and the log; `revenue` and `margin` are sums of all
    time up to today, one a currency, the margin of those sales whose margin is known; `n` is the number of sales
    behind them; `recent` the same of the last twelve months, and `abc` the class that they make among all customers,
    None without sales. `moods` come in the order of time. `materials` are what playbooks send. `several` names the
    fields that may have several values.
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
    recent: Worth
    abc: str | None
    scores: tuple[Score, ...]
    moods: tuple[Mood, ...]
    referred: tuple[str, ...]
    materials: tuple[Material, ...]
    several: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def newest_line(self) -> int:
        """Where to go on writing: the line of the newest entry so far, else the top of the note."""
        return next((entry.line for entry in self.customer.entries if entry.date <= self.today), 1)


def load_customer(vault: Vault, path: str) -> Customer:
    """The record of one customer, read from its file.

    Raises:
        NoMatch: the file cannot be read.
    """
    try:
        data = vault.files.read(disk_path(path))
    except Unreadable as error:
        raise NoMatch(f"{path} cannot be read ({error.fault.code}).", "See plaincrm check.") from None
    return read_record(read_document(data), path, vault.config.schema).customer


def brief(index: Index, named: Named, today: date, talks: int = 3) -> Brief:
    """What to know of a customer before the next contact."""
    customer = load_customer(index.vault, named.path)
    past = [entry for entry in customer.entries if entry.date <= today]
    spoken = [entry for entry in past if entry.reached]
    worth = _worth(sale for entry in past for sale in entry.sales)
    start = Duration(12, "m").before(add_days(today, 1))
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
        revenue=worth.revenue,
        margin=worth.margin,
        n=worth.n,
        recent=_worth(sale for entry in past if entry.date >= start for sale in entry.sales),
        abc=class_among_all(index, Period(start, today), named.file),
        scores=tuple(_scores(past, index.vault.config.schema.table)),
        moods=tuple(_moods(past)),
        referred=_referred(index, customer),
        materials=materials(index, named.file, customer, today),
        several=frozenset(key for key, field in index.vault.config.schema.table.customer.items() if field.many),
        diagnostics=diagnostics_of(index, named.path),
    )


def _worth(sales: Iterable[Sale]) -> Worth:
    listed = list(sales)
    return Worth(
        revenue=_sums((sale.currency, sale.revenue) for sale in listed),
        margin=_sums((sale.currency, sale.margin) for sale in listed if sale.margin is not None),
        n=len(listed),
    )


def _scores(past: list[LogEntry], table: FieldTable) -> Iterator[Score]:
    """The newest answer of each kind; entries stand newest first."""
    for name in SCORES:
        answers = [(entry.date, item) for entry in past for item in entry.values if item.key == name]
        if answers:
            day, item = answers[0]
            _least, most = table.inline[name].limits or (0, 0)
            yield Score(name, item.value, most, day, len(answers), item.line)


def _moods(past: list[LogEntry]) -> Iterator[Mood]:
    for entry in reversed(past):
        yield from (Mood(entry.date, str(item.value), item.line) for item in entry.values if item.key == "mood")


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
