"""Customers who may be one: pairs with what they share, what speaks against it, and where all of that stands."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations
from typing import NamedTuple

from plaincrm.checks.twins import TELLING, Spot, alike, sharing, twins_among
from plaincrm.checks.unread import unread
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.language import unaccented
from plaincrm.records.names import likeness, name_words

# What each thing that two share counts for, in points, and how it is called. A rule of thumb: an id is given once, an
# address or number seldom to two, a name more often, and a town is anybody's.
POINTS: Mapping[str, tuple[int, str]] = {
    "business_id": (100, "the same business id"),
    "vat_id": (100, "the same VAT number"),
    "email": (60, "the same e-mail address"),
    "phone": (50, "the same phone number"),
    "same name": (40, "the same name"),
    "near name": (30, "nearly the same name"),
    "similar name": (15, "a similar name"),
    "address": (20, "same address"),
    "postcode": (10, "same postcode"),
    "city": (5, "same city"),
}
AGAINST = 50  # points off for each id that differs
_PLACES = ("address", "postcode", "city")  # of these the first one that is shared is told
_RARE = 12  # a word of no more names brings those who have it together
_NAMES = "select file, shown from identities where kind = 'name' order by file"
_WHERE = f"select file, field, value from fields where known = 1 and position = 0 and field in {_PLACES}"
_FACTS = f"""
    select file, kind, value, line, shown from identities
    where kind <> 'invoice' and file in (select value from json_each(:files))
    union all select file, field, fold(value), line, value from fields
    where known = 1 and position = 0 and field in {_PLACES} and file in (select value from json_each(:files))
    """
_SIDES = """
    select file, customer, name, path, (select count(*) from entries e where e.file = c.file),
        (select count(*) from fields f where f.file = c.file)
    from customers c join files using (file) where file in (select value from json_each(?))
    """


class Shared(NamedTuple):
    """One thing that both notes say, or of which they say different things: its field, and each side as typed."""

    field: str
    first: str
    first_line: int
    second: str
    second_line: int


class Pair(NamedTuple):
    """Two customers who may be one; the first is the one of whom more is written.

    `shared` is what speaks for it and `against` what does not, `points` what that comes to and `score` the same in
    words.
    """

    first: Named
    second: Named
    points: int
    score: str
    shared: tuple[Shared, ...]
    against: tuple[Shared, ...]


class Duplicates(NamedTuple):
    """The pairs, the likeliest first, how many there are in all and among how many customers.

    `unread` names notes that could not be read in full.
    """

    pairs: tuple[Pair, ...]
    total: int
    customers: int
    unread: dict[str, str]


class _Fact(NamedTuple):
    value: str  # as compared
    line: int
    shown: str


_Facts = dict[str, list[_Fact]]  # of one customer by kind


def duplicates(index: Index, where: Condition = EVERY, limit: int = 0) -> Duplicates:
    """Pairs of customers who may be one, of whom a query names at least one; with a `limit` so many of them.

    Candidates are found without comparing everybody with everybody: by what only one customer should have, by names
    that stand beside each other in their order, by rare words of names, and by the same address.
    """
    ((count,),) = index.rows("select count(*) from customers")
    meant = {file for (file,) in index.rows(f"select c.file from customers c where {where.sql}", where.parameters)}
    candidates = {pair for pair in _candidates(index) if where is EVERY or not meant.isdisjoint(pair)}
    files = json.dumps(sorted(set(chain.from_iterable(candidates))))
    facts: defaultdict[int, _Facts] = defaultdict(dict)
    for file, kind, *fact in index.rows(_FACTS, {"files": files}):
        facts[file].setdefault(kind, []).append(_Fact(*fact))
    sides = {row[0]: (Named(*row[:4]), row[4:]) for row in index.rows(_SIDES, (files,))}
    pairs = [_pair(_in_order(sides[one], sides[two]), facts) for one, two in candidates]
    found = sorted(
        (pair for pair in pairs if pair.shared), key=lambda pair: (-pair.points, pair.first.path, pair.second.path)
    )
    return Duplicates(tuple(found[: limit or None]), len(found), count, unread(index))


def _in_order(one: tuple[Named, Sequence[int]], two: tuple[Named, Sequence[int]]) -> tuple[Named, Named]:
    """The one with more entries first, of equals the one with more fields."""
    first, second = sorted((one, two), key=lambda side: ([-size for size in side[1]], side[0].path))
    return first[0], second[0]


def _candidates(index: Index) -> Iterator[tuple[int, int]]:
    """Pairs of files, each with the smaller number first."""
    file_of: dict[str, int] = dict(index.rows("select path, file from files"))
    pairs = chain(*(sharing(index, kind) for kind in TELLING), alike(index), _neighbours(index))
    for one, two in pairs:
        first, second = sorted((file_of[one.path], file_of[two.path]))
        yield first, second


def _neighbours(index: Index) -> Iterator[tuple[Spot, Spot]]:
    """Customers at one address, and those called similarly in one town, whom no id, address or number tells apart."""
    places: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for file, field, value in index.rows(_WHERE):
        places[file][field] = unaccented(value)
    pairs = {*_at_one_address(places), *_called_alike(index, places)}
    if not pairs:
        return
    files = json.dumps(sorted(set(chain.from_iterable(pairs))))
    spots = {
        file: Spot(path, 1, name, customer) for file, customer, name, path, *_sizes in index.rows(_SIDES, (files,))
    }
    known: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for file, kind, value, *_fact in index.rows(_FACTS, {"files": files}):
        known[file, kind].add(value)
    apart = (
        any(known[one, kind] and known[two, kind] and known[one, kind].isdisjoint(known[two, kind]) for kind in TELLING)
        for one, two in sorted(pairs)
    )
    groups = [[spots[one], spots[two]] for (one, two), told in zip(sorted(pairs), apart, strict=True) if not told]
    yield from twins_among(index, groups, homes=True)


def _at_one_address(places: Mapping[int, Mapping[str, str]]) -> Iterator[tuple[int, int]]:
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for file, place in places.items():
        if "address" in place and (town := place.get("postcode") or place.get("city")):
            groups[place["address"], town].append(file)
    for group in groups.values():
        if len(group) <= _RARE:  # a business park is nobody's address
            yield from combinations(sorted(group), 2)


def _called_alike(index: Index, places: Mapping[int, Mapping[str, str]]) -> Iterator[tuple[int, int]]:
    """Those whose names share a rare word and are alike, and who are in one town."""
    words = {file: name_words(name) for file, name in index.rows(_NAMES)}
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for file, of in words.items():
        for word in set(of):
            groups[word].append(file)
    for group in groups.values():
        if 1 < len(group) <= _RARE:
            for one, two in combinations(group, 2):
                if _is_one_place(places.get(one, {}), places.get(two, {})) and likeness(words[one], words[two]):
                    yield one, two


def _is_one_place(one: Mapping[str, str], two: Mapping[str, str]) -> bool:
    return any(key in one and one[key] == two.get(key) for key in _PLACES)


def _pair(sides: tuple[Named, Named], facts: Mapping[int, _Facts]) -> Pair:
    first, second = sides
    one, two = facts[first.file], facts[second.file]
    shared: dict[str, Shared] = {}
    for kind in TELLING:
        if found := _common(kind, one, two):
            shared[kind] = found
    shared |= _names(one, two)
    place = next((found for kind in _PLACES if (found := _common(kind, one, two))), None)
    if place:
        shared[place.field] = place
    against = tuple(
        Shared(kind, one[kind][0].shown, one[kind][0].line, two[kind][0].shown, two[kind][0].line)
        for kind in ("business_id", "vat_id")
        if kind in one and kind in two and kind not in shared
    )
    points = sum(POINTS[kind][0] for kind in shared) - AGAINST * len(against)
    score = ", ".join(POINTS[kind][1] for kind in POINTS if kind in shared)
    return Pair(first, second, points, score, tuple(shared.values()), against)


def _common(kind: str, one: _Facts, two: _Facts) -> Shared | None:
    """The first thing of a kind that both say."""
    there = {fact.value: fact for fact in reversed(two.get(kind, []))}
    match = next((fact for fact in one.get(kind, []) if fact.value in there), None)
    if match is None:
        return None
    other = there[match.value]
    return Shared(kind, match.shown, match.line, other.shown, other.line)


def _names(one: _Facts, two: _Facts) -> dict[str, Shared]:
    """How alike the names are, as something that is shared."""
    if "name" not in one or "name" not in two:
        return {}
    first, second = one["name"][0], two["name"][0]
    found = likeness(name_words(first.shown), name_words(second.shown))
    return {f"{found} name": Shared("name", first.shown, first.line, second.shown, second.line)} if found else {}
