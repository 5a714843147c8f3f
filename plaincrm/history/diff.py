"""What became different among customers between two commits, or since one: in what they are, not in lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from plaincrm.history.fields import Change, Note
from plaincrm.history.story import NoteStory
from plaincrm.records.model import Sale

Test = Callable[[Change], bool]


class Point(NamedTuple):
    """One end of a comparison: a commit with its author's clock, or the files as they are (no `commit`, no `when`)."""

    commit: str
    when: datetime | None
    subject: str


class Takings(NamedTuple):
    """What the sales of a currency came to more, excluding VAT: `n` sales came, `gone` are written no more."""

    currency: str
    amount: Decimal
    n: int
    gone: int


class CustomerDiff(NamedTuple):
    """What became of one customer; `talks` are the contacts written since."""

    story: NoteStory
    talks: int
    takings: tuple[Takings, ...]


class Diff(NamedTuple):
    """What became of the customers from one point to another; `counts` by what is counted, in order."""

    old: Point
    new: Point
    counts: tuple[tuple[str, int], ...]
    takings: tuple[Takings, ...]
    customers: tuple[CustomerDiff, ...]


def _is(kind: str, *whats: str) -> Test:
    return lambda change: change.kind == kind and change.what in whats


def _of_field(key: str, *, gone: bool = True) -> Test:
    return lambda change: change.kind == "field" and change.key == key and (gone or bool(change.new))


# What is counted of those who were there before and are there still, but for the first two.
COUNTS: tuple[tuple[str, Test], ...] = (
    ("New customers", _is("note", "added")),
    ("Gone", _is("note", "removed")),
    ("Renamed", _is("note", "renamed")),
    ("Another stage", _of_field("stage")),
    ("Another tier", _of_field("tier")),
    ("Another owner", _of_field("owner")),
    ("Next steps set", _of_field("next", gone=False)),
    ("Promises made", _is("promise", "made")),
    ("Promises kept", _is("promise", "done")),
    ("Promises dropped", _is("promise", "dropped", "removed")),
    ("Deals opened", _is("deal", "opened")),
    ("Deals won", _is("deal", "won")),
    ("Deals lost", _is("deal", "lost")),
    ("Log entries added", _is("entry", "added")),
    ("Could not be read", _is("note", "unread")),
)


def customer_diff(story: NoteStory, old: Note | None, new: Note | None) -> CustomerDiff:
    """What became of one customer, with what it brought."""
    entries = {entry.line: entry for entry in new.customer.entries} if new else {}
    added = [entries[change.line] for change in story.changes if _is("entry", "added")(change) and not change.is_gone]
    return CustomerDiff(story, sum(entry.contact for entry in added), tuple(_takings(_sales(old), _sales(new))))


def diff(old: Point, new: Point, customers: Iterable[CustomerDiff]) -> Diff:
    """All of it, counted."""
    listed = sorted(customers, key=lambda each: (each.story.name.casefold(), each.story.file))
    changes = [change for each in listed for change in _counted(each.story)]
    counts = [(name, sum(map(test, changes))) for name, test in COUNTS]
    talks = sum(each.talks for each in listed)
    return Diff(old, new, (*counts, ("Contacts logged", talks)), tuple(_together(listed)), tuple(listed))


def _counted(story: NoteStory) -> Iterator[Change]:
    """The changes that count: those that are new are so but once, whatever their fields say; their log counts."""
    came = bool(story.changes) and story.changes[0].what == "added" and story.changes[0].kind == "note"
    gone = bool(story.changes) and story.changes[0].what == "removed" and story.changes[0].kind == "note"
    for change in story.changes:
        if change.kind == "note" or not (gone or (came and change.kind == "field" and change.key != "next")):
            yield change


def _sales(note: Note | None) -> Counter[tuple[object, Sale]]:
    return Counter((entry.date, sale) for entry, sale in note.customer.sales) if note else Counter()


def _takings(old: Counter[tuple[object, Sale]], new: Counter[tuple[object, Sale]]) -> Iterator[Takings]:
    came = [sale for _day, sale in (new - old).elements()]
    gone = [sale for _day, sale in (old - new).elements()]
    for currency in sorted({sale.currency for sale in (*came, *gone)}):
        more, less = ([sale.revenue for sale in sales if sale.currency == currency] for sales in (came, gone))
        yield Takings(currency, sum(more, Decimal(0)) - sum(less, Decimal(0)), len(more), len(less))


def _together(customers: Iterable[CustomerDiff]) -> Iterator[Takings]:
    each = [takings for customer in customers for takings in customer.takings]
    for currency in sorted({takings.currency for takings in each}):
        own = [takings for takings in each if takings.currency == currency]
        amount = sum((takings.amount for takings in own), Decimal(0))
        yield Takings(currency, amount, sum(takings.n for takings in own), sum(takings.gone for takings in own))
