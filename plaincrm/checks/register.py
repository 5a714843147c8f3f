"""Searches through the register that one query cannot do: links, circles, people who stand there twice."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from plaincrm.checks.names import comparable, ends, meant
from plaincrm.checks.rule import Finding, Register
from plaincrm.language import unaccented
from plaincrm.records.names import link_key, name_words
from plaincrm.vault.config import NAME
from plaincrm.vault.surroundings import is_open_to_others, open_remote

_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?|-W[0-9]{2}|-Q[1-4])?")
_WORDS = re.compile(r"[\sA-ZÅÄÖ]")
RELATIONS = ("referred_by", "parent", "partner_of", "company")


_LOOSE = """
    select f.path, l.line, l.target, l.field, l.file from links l cross join files f using (file)
    where not exists (select 1 from customers c where c.key = lower(l.target))
    """


def _dead_links(register: Register, *, related: bool) -> Iterator[Finding]:
    loose = [row for row in register.index.rows(_LOOSE) if (row[3] in RELATIONS) is related]
    if not loose:
        return
    paths = [*register.index.vault.files.paths()]
    there = {end for path in paths for end in ends(path)}
    text_of = lru_cache(maxsize=1)(partial(_lines, register))  # of one note there may be thousands
    dead = [
        (path, line, target, field)
        for path, line, target, field, file in loose
        if comparable(target) not in there
        and not _DAY.fullmatch(target)
        and not (related and _WORDS.search(target) and "[[" not in text_of(file)[line - 1])
    ]
    for path, line, target, field in dead:
        hint = meant(target, paths) if len(dead) <= _FEW else ""
        yield Finding(path, line, target, {"target": target, "field": field, "hint": hint})


_FEW = 20  # dead links; where there are more, the notes were never written, and no slip is to be guessed at


def _lines(register: Register, file: int) -> list[str]:
    """The lines of a note; `company: Koski Kaluste` without brackets may be no customer at all."""
    ((text,),) = register.index.rows("select text from notes where file = ?", (file,))
    return str(text).split("\n")


def dead_relations(register: Register) -> Iterator[Finding]:
    """Relations between customers that lead to no note."""
    return _dead_links(register, related=True)


def dead_links(register: Register) -> Iterator[Finding]:
    """Other links that lead nowhere; days, which daily notes are called by, may be written later."""
    return _dead_links(register, related=False)


class _Step(NamedTuple):
    """A link of one customer to the next, whose name is the key of a note."""

    name: str
    file: int
    line: int
    target: str


def _circles(register: Register, field: str) -> Iterator[Finding]:
    """Customers who lead back to themselves by one field, each circle named once, at its first file.

    Of two notes with one name either may be the one that leads on.
    """
    rows = register.index.rows("select customer, target, file, line from links where field = ?", (field,))
    named = {link_key(target) for _customer, target, _file, _line in rows}
    steps: dict[str, list[_Step]] = defaultdict(list)
    for customer, target, file, line in rows:
        if (key := link_key(customer)) in named:  # who is named by nobody is in no circle
            steps[key].append(_Step(link_key(target), file, line, target))
    done: set[str] = set()
    for start in [*steps]:
        if start in done:
            continue
        way = {start: 0}  # the names on the way, by their number
        taken: list[_Step] = []
        ahead = [iter(steps[start])]
        while ahead:
            step = next(ahead[-1], None)
            if step is None:
                done.add(way.popitem()[0])
                ahead.pop()
                del taken[-1:]
            elif step.name in way:
                yield _circle(register, [*taken, step][way[step.name] :])
            elif step.name not in done and step.name in steps:
                way[step.name] = len(way)
                taken.append(step)
                ahead.append(iter(steps[step.name]))


def _circle(register: Register, steps: list[_Step]) -> Finding:
    """A circle told from its first file on; the name of each step is the next one's."""
    files = json.dumps([step.file for step in steps])
    query = "select file, path from files where file in (select value from json_each(?))"
    paths: dict[int, str] = dict(register.index.rows(query, (files,)))
    turn = min(range(len(steps)), key=lambda at: paths[steps[at].file])
    turned = [*steps[turn:], *steps[:turn]]
    names = [turned[-1].name, *(step.name for step in turned)]
    return Finding(paths[turned[0].file], turned[0].line, turned[0].target, {"way": " → ".join(names)})


def referral_circles(register: Register) -> Iterator[Finding]:
    """Who brought whom, in a circle."""
    return _circles(register, "referred_by")


def parent_circles(register: Register) -> Iterator[Finding]:
    """Which company belongs to which, in a circle."""
    return _circles(register, "parent")


_SAME_IDS = (
    "select key, count(*) from customers where key in (select value from repeats where kind = 'id') group by key"
)


def ambiguous_links(register: Register) -> Iterator[Finding]:
    """Links to a name that several notes have; a path names one of them."""
    counts = dict(register.index.rows(_SAME_IDS))
    if not counts:
        return
    for path, line, target in register.index.rows("select path, line, target from links cross join files using (file)"):
        if "/" not in target and link_key(target) in counts:
            yield Finding(path, line, target, {"target": target, "count": str(counts[link_key(target)])})


class _Spot(NamedTuple):
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


class _Ties:
    """What joins customers: a field of the one that names the other, one employer, one contact person, one home."""

    def __init__(self, register: Register, people: Iterable[str]) -> None:
        self._named: dict[str, set[str]] = defaultdict(set)
        self._over: dict[str, set[str]] = defaultdict(set)
        for key, target, field in register.index.rows(_TIES):
            self._named[key].add(link_key(target))
            if field in ("company", "parent"):
                self._over[key].add(link_key(target))
        rows = register.index.rows(_PEOPLE, (json.dumps([*people]),))
        self._homes = {key: _home(name, address) for key, name, address in rows}
        self._names = {key: unaccented(name) for key, name, _address in rows}

    def untied(self, spots: Iterable[_Spot]) -> Iterator[tuple[_Spot, str]]:
        """The spots of customers who have nothing to do with any of those before, each beside the path of one of these.

        That is the first one, or one who is called the same.
        """
        before: set[tuple[str, str]] = set()
        path_of: dict[str, str] = {}
        for spot in spots:
            key = link_key(spot.customer)
            shared = {("over", name) for name in self._over[key]}
            shared |= {("is", key)} | ({("person", unaccented(spot.person))} if spot.person else set())
            named = ("named", key), *(("is", name) for name in self._named[key])
            called = self._names.get(key, f"id {key}")
            homes = {("home", home) for home in self._homes.get(key, ())}
            tied = not before.isdisjoint((*shared, *named)) or (called not in path_of and not before.isdisjoint(homes))
            if before and not tied:
                yield spot, path_of.get(called) or next(iter(path_of.values()))
            before |= shared | homes | {("named", name) for name in self._named[key]}
            path_of.setdefault(called, spot.path)


def _home(name: str, address: str | None) -> set[str]:
    """What people of one household share: the family name, the street address."""
    words = unaccented(name).split()
    return {f"family {words[-1]}"} | ({f"at {unaccented(address)}"} if address else set()) if len(words) > 1 else set()


def _twice(register: Register, groups: Iterable[list[_Spot]], *, homes: bool = False) -> Iterator[Finding]:
    """For each group of places one finding a note, naming the first other note.

    Customers who have to do with each other may share things, and one person may be the contact of several customers,
    as a property manager is; with `homes` people of one household may, too. Two notes with one id are named as such.
    """
    shared = [spots for group in groups if len(spots := {spot.path: spot for spot in sorted(group, reverse=True)}) > 1]
    if not shared:
        return
    ties = _Ties(register, {spot.customer for spots in shared for spot in spots.values()} if homes else ())
    for spots in shared:
        for spot, other in ties.untied(sorted(spots.values())):
            yield Finding(spot.path, spot.line, spot.text, {"value": spot.text, "other": other})


_SHARED = """
    select value, path, line, shown, customer, person
    from repeats cross join identities using (kind, value) cross join files using (file) where kind = ?
    """


def _same(register: Register, kind: str, *, homes: bool = False) -> Iterator[Finding]:
    groups: defaultdict[str, list[_Spot]] = defaultdict(list)
    for value, *spot in register.index.rows(_SHARED, (kind,)):
        groups[value].append(_Spot(*spot))
    return _twice(register, groups.values(), homes=homes)


def same_ids(register: Register) -> Iterator[Finding]:
    """One business id or VAT number in the notes of customers none of which is a part of the other."""
    for kind in ("business_id", "vat_id"):
        for found in _same(register, kind):
            yield found._replace(facts={**found.facts, "field": kind})


def same_emails(register: Register) -> Iterator[Finding]:
    """One e-mail address in the notes of customers who have nothing to do with each other."""
    return _same(register, "email", homes=True)


def same_phones(register: Register) -> Iterator[Finding]:
    """One phone number in the notes of customers who have nothing to do with each other, however it is written."""
    return _same(register, "phone", homes=True)


_NEAR = "select distinct min(file, other), max(file, other) from lookalikes order by 1, 2"


def near_names(register: Register) -> Iterator[Finding]:
    """Customers called the same but for a letter, capitals, diacritics, blanks or the company's form.

    Where the names differ, an id, address or number that differs, too, tells two customers apart; where they are equal,
    an id.
    """
    pairs = []
    for one, two in register.index.rows(_NEAR):
        (spot, known), (other, others) = _known(register, one), _known(register, two)
        kinds = ("business_id",) if known["name"] == others["name"] else _TELLING
        apart = any(known[kind] and others[kind] and known[kind].isdisjoint(others[kind]) for kind in kinds)
        if not apart and are_near(name_words(spot.text), name_words(other.text)):
            pairs.append([spot, other])
    yield from _twice(register, pairs)


_TELLING = ("business_id", "vat_id", "email", "phone")


def _known(register: Register, file: int) -> tuple[_Spot, dict[str, set[str]]]:
    """Where a customer's name stands, and what is known of the customer by kind, as it is compared."""
    rows = register.index.rows(
        "select kind, value, path, line, shown, customer from identities join files using (file) where file = ?",
        (file,),
    )
    known = {kind: {row[1] for row in rows if row[0] == kind} for kind in (*_TELLING, "name")}
    return next(_Spot(*row[2:]) for row in rows if row[0] == "name"), known


_SHORT = 6  # letters; shorter words that differ by one are most often two names: Anna and Anne


def are_near(one: list[str], two: list[str]) -> bool:
    """Equal but for blanks, or apart in one long word; a number or a short word that differs is another name."""
    if "".join(one) == "".join(two):
        return True
    apart = [(a, b) for a, b in zip(one, two, strict=False) if a != b]
    if len(one) != len(two) or len(apart) != 1:
        return False
    a, b = apart[0]
    return min(len(a), len(b)) >= _SHORT and a.isalpha() and b.isalpha()


def unknown_dependencies(register: Register) -> Iterator[Finding]:
    """Promises that wait for one that is nowhere."""
    waiting = register.index.rows(
        "select path, line, depends_on from tasks cross join files using (file) where open = 1 and depends_on <> ''"
    )
    if not waiting:
        return
    known = {task for (task,) in register.index.rows("select id from tasks where id <> ''")}
    for path, line, depends_on in waiting:
        for task in depends_on.split(","):
            if task not in known:
                yield Finding(path, line, task, {"task": task})


def world_readable(register: Register) -> Iterator[Finding]:
    """A vault of people's data that any user of the machine can read; not asked of what is committed."""
    if register.index.vault.files.state:
        return
    exposed = register.index.rows("select path from files where mode & 4 and blob <> '' order by path limit 1")
    if exposed and is_open_to_others(register.index.vault.root):
        yield Finding(NAME, None, None, {})


def public_remotes(register: Register) -> Iterator[Finding]:
    """A git remote whose address says that anyone can read along; not asked of what is committed."""
    scheme = None if register.index.vault.files.state else open_remote(register.index.vault.root)
    if scheme:
        yield Finding(NAME, None, None, {"scheme": scheme})
