"""What is brought in: each entry with its customer, and what stands there already, is unclear or of nobody we know."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.exchange.incoming import Incoming, Key, Party, Unread
from plaincrm.exchange.match import Match, Matcher
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.money import Money, from_units, to_units

_NEAREST = 200  # parties for whom the nearest customers are looked up
_KNOWN = """
    select m.name, m.text, m.file, c.customer, c.name, path, m.line, m.date from measures m
    join customers c using (file) join files using (file)
    where m.name in ('invoice', 'origin') and m.text in (select value from json_each(?)) order by path, m.line
    """
_SOLD = "select sum(revenue), currency, count(distinct currency) from sales where file = ? and invoice = ?"
_UNNUMBERED = """
    select path, line from sales join files using (file)
    where file = ? and invoice = '' and date = ? and revenue = ? and currency = ? order by line
    """


class Placed(NamedTuple):
    """An entry and the customer whose it is; `through` tells by what the customer is known, `who` the person."""

    item: Incoming
    customer: Named
    through: str
    who: str


class Unclear(NamedTuple):
    """An entry that is left to people: why, and the place in the vault that it is about, empty where there is none."""

    item: Incoming
    why: str
    file: str = ""
    line: int = 0


class Unknown(NamedTuple):
    """A party that is no customer: how many `entries` it has, where the first is, and who is called
    nearly so. `command` makes the note.
    """

    party: Party
    entries: int
    place: str
    near: tuple[Named, ...]
    command: str


@dataclass(frozen=True, slots=True)
class Intake:
    """What files of another program hold for the vault. `same` counts what stands there already."""

    new: tuple[Placed, ...] = ()
    same: int = 0
    unclear: tuple[Unclear, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    unread: tuple[Unread, ...] = ()
    notes_unread: dict[str, str] = field(default_factory=dict)


class _Told(NamedTuple):
    """An entry of the vault that has a key: where it stands."""

    file: int
    customer: str
    name: str
    path: str
    line: int
    day: str


def take_in(index: Index, items: Iterable[Incoming | Unread]) -> Intake:
    """Compare what was read with the vault. Nothing is written here."""
    found = list(items)
    refused = [item for item in found if isinstance(item, Unread)]
    incoming = [item for item in found if isinstance(item, Incoming)]
    sorter = _Sorter(index, _told(index, incoming))
    for item in incoming:
        sorter.take(item)
    return replace(sorter.result(), unread=tuple(refused), notes_unread=unread(index))


def _told(index: Index, items: Sequence[Incoming]) -> dict[Key, list[_Told]]:
    keys = json.dumps([item.key.value for item in items])
    found: dict[Key, list[_Told]] = {}
    for name, text, *where in index.rows(_KNOWN, (keys,)):
        found.setdefault(Key(name, text), []).append(_Told(*where))
    return found


class _Sorter:
    """Takes one entry after the other and says what becomes of it."""

    def __init__(self, index: Index, told: dict[Key, list[_Told]]) -> None:
        self._index = index
        self._matcher = Matcher(index)
        self._told = told
        self._new: dict[tuple[Key, int], Placed] = {}
        self._same = 0
        self._unclear: list[Unclear] = []
        self._nobody: Counter[Party] = Counter()
        self._first: dict[Party, str] = {}

    def take(self, item: Incoming) -> None:
        """Sort in one entry, for each customer that it is about."""
        ones: dict[int, Placed] = {}
        for party in item.parties:
            if party.mention and ones:  # a name in the text tells nothing where addresses do
                continue
            match = self._matcher.find(party)
            if match.one:
                ones.setdefault(match.one.file, Placed(item, match.one, match.through, party.who))
            else:
                self._missed(item, party, match)
        for placed in ones.values():
            self._placed(placed)

    def result(self) -> Intake:
        """All that was sorted in."""
        return Intake(tuple(self._new.values()), self._same, tuple(self._unclear), tuple(self._unknown()))

    def _missed(self, item: Incoming, party: Party, match: Match) -> None:
        if match.customers:
            names = " or ".join(row.customer for row in match.customers[:3])
            self._unclear.append(Unclear(item, f"{party.shown} may be {names} ({match.through})"))
        elif party.told:
            self._nobody[party] += 1
            self._first.setdefault(party, item.place)

    def _placed(self, placed: Placed) -> None:
        item, customer = placed.item, placed.customer
        if twin := self._new.get((item.key, customer.file)):
            if item._replace(place="") == twin.item._replace(place=""):
                self._same += 1
            else:
                self._unclear.append(Unclear(item, f"{twin.item.place} has the same {_named(item.key)}"))
            return
        told = self._told.get(item.key, [])
        here = next((one for one in told if one.file == customer.file), None)
        other = next((one for one in told if item.key.field == "invoice"), None)
        if here:
            why = self._difference(item, here)
        elif other:
            why = f"{_named(item.key)} stands with {other.name}"
        else:
            why = ""
        at = here or other
        if why and at:
            self._unclear.append(Unclear(item, why, at.path, at.line))
        elif here:
            self._same += 1
        elif by_hand := self._by_hand(item, customer):
            self._unclear.append(by_hand)
        else:
            self._new[item.key, customer.file] = placed

    def _difference(self, item: Incoming, here: _Told) -> str:
        """What an entry that stands there says otherwise; empty where nothing. A sale may be told of another day."""
        if item.sale is None:
            moved = here.day != item.day.isoformat()
            return f"it stands there on {here.day}, and is on {item.day} now" if moved else ""
        ((units, currency, count),) = self._index.rows(_SOLD, (here.file, item.key.value))
        if not count:
            return f"{_named(item.key)} stands there without a sale"
        there = Money(from_units(units), currency)
        return "" if there == item.sale else f"{_named(item.key)} stands there with {there}, and is {item.sale}"

    def _by_hand(self, item: Incoming, customer: Named) -> Unclear | None:
        """A sale of the same day and amount that has no invoice number: most likely the same one."""
        if item.sale is None:
            return None
        wanted = (customer.file, item.day.isoformat(), to_units(item.sale.amount), item.sale.currency)
        for path, line in self._index.rows(_UNNUMBERED, wanted):
            why = f"{item.sale} of that day stands there without a number: is it [invoice:: {item.key.value}]?"
            return Unclear(item, why, path, line)
        return None

    def _unknown(self) -> Iterable[Unknown]:
        ordered = sorted(self._nobody, key=lambda party: (-self._nobody[party], party.shown))
        for at, party in enumerate(ordered):
            near = self._matcher.near(party) if at < _NEAREST else ()
            yield Unknown(party, self._nobody[party], self._first[party], near, _command(party))


def _named(key: Key) -> str:
    return f"invoice {key.value}" if key.field == "invoice" else "it"


def _command(party: Party) -> str:
    """What to type for a note of a party that is no customer."""
    name = party.name or (party.emails[0].partition("@")[0] if party.emails else party.mention)
    given = {"business_id": party.business_id, "vat_id": party.vat_id, "email": ",".join(party.emails)}
    fields = [f"{key}={value}" for key, value in given.items() if value]
    return shlex.join(["plaincrm", "new", name, *fields]) if name else ""
