"""Customers who may be one: what should stand once and stands in two notes, and names that are nearly the same."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from unicodedata import is_normalized, normalize

from plaincrm.checks.rule import Finding, Register
from plaincrm.index.index import Index
from plaincrm.language import unaccented
from plaincrm.records.names import likeness, link_key, name_words


class Spot(NamedTuple):
    """Where something stands that should stand once; `person` is the contact person whose it is, if it is one's."""

    path: str
    line: int
    text: str
    customer: str
    person: str = ""


_TIES = "select c.key, l.target, l.field from links l cross join customers c using (file) where l.field <> ''"
_PEOPLE = """
    select c.key, c.name, f.value
    from customers c left join fields f on f.file = c.file and f.field = 'address' and f.position = 0
    where c.type = 'person' and c.customer in (select value from json_each(?))
    """
_CALLED = "select key, name from customers where customer in (select value from json_each(?))"


class Ties:
    """What joins customers: a field of the one that names the other, one employer, one contact person, one home.

    Customers of whom one says in `not_same` that it is not the other are no twins either. One contact person of two who
    are called nearly the same joins nothing: that is most likely one customer.
    """

    def __init__(self, index: Index, people: Iterable[str], contacted: Iterable[str]) -> None:
        self._named: dict[str, set[str]] = defaultdict(set)
        self._over: dict[str, set[str]] = defaultdict(set)
        self._apart: set[tuple[str, str]] = set()
        for key, target, field in index.rows(_TIES):
            if field == "not_same":
                self._apart |= {(key, link_key(target)), (link_key(target), key)}
                continue
            self._named[key].add(link_key(target))
            if field in ("company", "parent"):
                self._over[key].add(link_key(target))
        rows = index.rows(_PEOPLE, (json.dumps([*people]),))
        self._homes = {key: _home(name, address) for key, name, address in rows}
        self._names = {key: unaccented(name) for key, name, _address in rows}
        called = index.rows(_CALLED, (json.dumps([*contacted]),))
        self._words = {key: name_words(name) for key, name in called}

    def untied(self, spots: Iterable[Spot]) -> Iterator[tuple[Spot, Spot]]:
        """The spots of customers who have nothing to do with any of those before, each beside the spot of one of these.

        That is the first one, or one who is called the same.
        """
        before: set[tuple[str, str]] = set()
        called_so: dict[str, Spot] = {}
        with_person: defaultdict[str, list[Spot]] = defaultdict(list)
        for spot in spots:
            key = link_key(spot.customer)
            shared = {("over", name) for name in self._over[key]}
            shared |= {("is", key)}
            named = ("named", key), *(("is", name) for name in self._named[key])
            called = self._names.get(key, f"id {key}")
            homes = {("home", home) for home in self._homes.get(key, ())}
            tied = not before.isdisjoint((*shared, *named))
            tied = tied or (called not in called_so and not before.isdisjoint(homes))
            of_person = with_person[unaccented(spot.person)] if spot.person else []
            namesake = next((other for other in of_person if self._is_namesake(spot, other)), None)
            tied = tied or (bool(of_person) and namesake is None)
            if not tied and (other := self._twin(key, called, {called: namesake} if namesake else called_so)):
                yield spot, other
            of_person.append(spot)
            before |= shared | homes | {("named", name) for name in self._named[key]}
            called_so.setdefault(called, spot)

    def _is_namesake(self, one: Spot, other: Spot) -> bool:
        words, others = (self._words.get(link_key(spot.customer), []) for spot in (one, other))
        return likeness(words, others) in ("same", "near")

    def _twin(self, key: str, called: str, before: dict[str, Spot]) -> Spot | None:
        """Who of those before may be the same customer."""
        of_name = [before[called]] if called in before else []
        others = (*of_name, *before.values()) if self._apart else (*of_name, *[*before.values()][:1])
        return next((other for other in others if (key, link_key(other.customer)) not in self._apart), None)


def _home(name: str, address: str | None) -> set[str]:
    """What people of one household share: the family name, the street address."""
    words = unaccented(name).split()
    return {f"family {words[-1]}"} | ({f"at {unaccented(address)}"} if address else set()) if len(words) > 1 else set()


def twins_among(index: Index, groups: Iterable[list[Spot]], *, homes: bool = False) -> Iterator[tuple[Spot, Spot]]:
    """For each group of places the later notes, each beside the first one that may be the same customer.

    Customers who have to do with each other may share things, and one person may be the contact of several customers,
    as a property manager is; with `homes` people of one household may, too. Two notes with one id are named as such.
    """
    shared = [spots for group in groups if len(spots := {spot.path: spot for spot in sorted(group, reverse=True)}) > 1]
    if not shared:
        return
    among = [spot for spots in shared for spot in spots.values()]
    ties = Ties(
        index, {spot.customer for spot in among} if homes else (), {spot.customer for spot in among if spot.person}
    )
    for spots in shared:
        yield from ties.untied(sorted(spots.values()))


_SHARED = """
    select value, path, line, shown, customer, person
    from repeats cross join identities using (kind, value) cross join files using (file) where kind = ?
    """
TELLING = ("business_id", "vat_id", "email", "phone")  # what tells one customer from another


def sharing(index: Index, kind: str) -> Iterator[tuple[Spot, Spot]]:
    """Customers who have nothing to do with each other and share an id, an address or a number, however written."""
    groups: defaultdict[str, list[Spot]] = defaultdict(list)
    for value, *spot in index.rows(_SHARED, (kind,)):
        groups[value].append(Spot(*spot))
    return twins_among(index, groups.values(), homes=kind in ("email", "phone"))


_NEAR = "select distinct min(file, other), max(file, other) from lookalikes order by 1, 2"


def alike(index: Index) -> Iterator[tuple[Spot, Spot]]:
    """Customers called the same but for a slip, capitals, diacritics, blanks or the company's form.

    Where the names differ, an id, address or number that differs, too, tells two customers apart; where they are equal,
    an id.
    """
    pairs = []
    for one, two in index.rows(_NEAR):
        (spot, known), (other, others) = _known(index, one), _known(index, two)
        kinds = ("business_id",) if known["name"] == others["name"] else TELLING
        apart = any(known[kind] and others[kind] and known[kind].isdisjoint(others[kind]) for kind in kinds)
        if not apart and likeness(name_words(spot.text), name_words(other.text)) in ("same", "near"):
            pairs.append([spot, other])
    return twins_among(index, pairs)


def _known(index: Index, file: int) -> tuple[Spot, dict[str, set[str]]]:
    """Where a customer's name stands, and what is known of the customer by kind, as it is compared."""
    rows = index.rows(
        "select kind, value, path, line, shown, customer from identities join files using (file) where file = ?",
        (file,),
    )
    known = {kind: {row[1] for row in rows if row[0] == kind} for kind in (*TELLING, "name")}
    return next(Spot(*row[2:]) for row in rows if row[0] == "name"), known


def _found(pairs: Iterable[tuple[Spot, Spot]], **facts: str) -> Iterator[Finding]:
    for spot, other in pairs:
        yield Finding(spot.path, spot.line, spot.text, {"value": spot.text, "other": other.path, **facts})


_ONE_ID = """
    select path, customer, first_value(path) over same, first_value(customer) over same
    from customers join files using (file) where key in (select value from repeats where kind = 'id')
    window same as (partition by key order by path)
    """


def duplicate_ids(register: Register) -> Iterator[Finding]:
    """Notes of one id, each beside the first one; where the names look alike and are not, what differs is said."""
    for path, customer, first, other in register.index.rows(_ONE_ID):
        if path != first:
            yield Finding(path, None, None, {"other": first, "hint": _unlike(customer, other)})


def _unlike(name: str, other: str) -> str:
    """In what two ids differ that are compared as equal; nothing where they do not."""
    if name == other:
        return ""
    if normalize("NFC", name) != normalize("NFC", other):
        return f" They differ in capitals only: {name}, {other}."
    forms = [
        f"{whose} {'composed' if is_normalized('NFC', text) else 'decomposed'} ({len(text)} characters)"
        for whose, text in (("this one's are", name), ("the other's are", other))
    ]
    return f" The names look alike, and their letters are written in two ways: {', '.join(forms)}."


def same_ids(register: Register) -> Iterator[Finding]:
    """One business id or VAT number in the notes of customers none of which is a part of the other."""
    for kind in ("business_id", "vat_id"):
        yield from _found(sharing(register.index, kind), field=kind)


def same_emails(register: Register) -> Iterator[Finding]:
    """One e-mail address in the notes of customers who have nothing to do with each other."""
    return _found(sharing(register.index, "email"))


def same_phones(register: Register) -> Iterator[Finding]:
    """One phone number in the notes of customers who have nothing to do with each other, however it is written."""
    return _found(sharing(register.index, "phone"))


def near_names(register: Register) -> Iterator[Finding]:
    """Customers called nearly the same, whom nothing tells apart."""
    return _found(alike(register.index))
