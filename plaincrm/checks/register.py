"""Searches through the register that one query cannot do: links, circles, people who stand there twice."""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from plaincrm.checks.rule import Finding, Register
from plaincrm.language import unaccented
from plaincrm.records.names import link_key, name_words
from plaincrm.vault.config import NAME
from plaincrm.vault.surroundings import file_paths, is_open_to_others, open_remote

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
    paths = [*file_paths(register.index.vault.root)]
    there = {link_key(path) for path in paths} | {path.rpartition("/")[2].casefold() for path in paths}
    text_of = lru_cache(maxsize=1)(partial(_lines, register))  # of one note there may be thousands
    for path, line, target, field, file in loose:
        bare = target.rpartition("/")[2].casefold()
        if link_key(target) in there or bare in there or _DAY.fullmatch(target):
            continue
        if not (related and _WORDS.search(target) and "[[" not in text_of(file)[line - 1]):
            yield Finding(path, line, target, {"target": target, "field": field})


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


def _circles(register: Register, field: str) -> Iterator[Finding]:
    """Customers who lead back to themselves by one field, each circle named once, at its first file."""
    rows = register.index.rows("select customer, target, file, line from links where field = ?", (field,))
    named = {link_key(target) for _customer, target, _file, _line in rows}
    step = {
        key: (link_key(target), file, line, target)
        for customer, target, file, line in rows
        if (key := link_key(customer)) in named  # who is named by nobody is in no circle
    }
    seen: set[str] = set()
    for start in step:
        way: list[str] = []
        at = start
        while at in step and at not in seen:
            seen.add(at)
            way.append(at)
            at = step[at][0]
        if at in way:
            yield _circle(register, [step[key] for key in way[way.index(at) :]])


def _circle(register: Register, steps: list[tuple[str, int, int, str]]) -> Finding:
    """A circle told from its first file on; the name of each step is the next one's."""
    files = json.dumps([file for _name, file, _line, _target in steps])
    query = "select file, path from files where file in (select value from json_each(?))"
    paths: dict[int, str] = dict(register.index.rows(query, (files,)))
    turn = min(range(len(steps)), key=lambda at: paths[steps[at][1]])
    turned = [*steps[turn:], *steps[:turn]]
    names = [turned[-1][0], *(name for name, _file, _line, _target in turned)]
    _next, file, line, target = turned[0]
    return Finding(paths[file], line, target, {"way": " → ".join(names)})


def referral_circles(register: Register) -> Iterator[Finding]:
    """Who brought whom, in a circle."""
    return _circles(register, "referred_by")


def parent_circles(register: Register) -> Iterator[Finding]:
    """Which company belongs to which, in a circle."""
    return _circles(register, "parent")


def ambiguous_links(register: Register) -> Iterator[Finding]:
    """Links to a name that several notes have; a path names one of them."""
    rows = register.index.rows("select key, count(*) from customers group by key having count(*) > 1")
    counts = dict(rows)
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


class _Ties:
    """Which customers have to do with each other: by a field of the one that names the other, or by one employer."""

    def __init__(self, register: Register) -> None:
        self._named: dict[str, set[str]] = defaultdict(set)
        self._over: dict[str, set[str]] = defaultdict(set)
        for key, target, field in register.index.rows(_TIES):
            self._named[key].add(link_key(target))
            if field in ("company", "parent"):
                self._over[key].add(link_key(target))

    def tie(self, one: str, two: str) -> bool:
        """Whether two customers may share an address or a number."""
        return one in self._named[two] or two in self._named[one] or not self._over[one].isdisjoint(self._over[two])


def _twice(register: Register, groups: Iterable[list[_Spot]]) -> Iterator[Finding]:
    """For each group of places one finding a note, naming the first other note.

    Customers who have to do with each other may share things, and one person may be the contact of several customers,
    as a property manager is. Two notes with one id are named as such.
    """
    ties: _Ties | None = None
    for group in groups:
        first_of: dict[str, _Spot] = {}
        for spot in sorted(group):
            first_of.setdefault(spot.path, spot)
        first, *others = first_of.values()
        for spot in others:
            ties = ties or _Ties(register)
            one, two = link_key(first.customer), link_key(spot.customer)
            same_person = spot.person and unaccented(spot.person) == unaccented(first.person)
            if one != two and not same_person and not ties.tie(one, two):
                yield Finding(spot.path, spot.line, spot.text, {"value": spot.text, "other": first.path})


_SHARED = """
    select value, path, line, shown, customer, person from identities cross join files using (file)
    where (kind, value) in (
        select kind, value from identities where kind = ? group by value having min(file) <> max(file)
    )
    """


def _same(register: Register, kind: str) -> Iterator[Finding]:
    groups: defaultdict[str, list[_Spot]] = defaultdict(list)
    for value, *spot in register.index.rows(_SHARED, (kind,)):
        groups[value].append(_Spot(*spot))
    return _twice(register, groups.values())


def same_emails(register: Register) -> Iterator[Finding]:
    """One e-mail address in the notes of customers who have nothing to do with each other."""
    return _same(register, "email")


def same_phones(register: Register) -> Iterator[Finding]:
    """One phone number in the notes of customers who have nothing to do with each other, however it is written."""
    return _same(register, "phone")


def near_names(register: Register) -> Iterator[Finding]:
    """Customers called the same but for a letter, capitals, diacritics, blanks or the company's form.

    Names are compared with their neighbours, once sorted from the front and once from the back (the sorted
    neighbourhood method of record linkage), so that the cost does not grow with the square of the register. Where the
    names differ, an id, address or number that differs, too, tells two customers apart; where they are equal, an id.
    """
    keys = register.index.rows("select value, file from identities where kind = 'name' order by value")
    back = sorted((key[::-1], file) for key, file in keys)
    pairs = {(min(pair), max(pair)) for some in (keys, back) for pair in _neighbours(some)}
    for one, two in sorted(pairs):
        (spot, known), (other, others) = _known(register, one), _known(register, two)
        kinds = ("business_id",) if known["name"] == others["name"] else _TELLING
        apart = any(known[kind] and others[kind] and known[kind].isdisjoint(others[kind]) for kind in kinds)
        if not apart and _are_near(name_words(spot.text), name_words(other.text)):
            yield from _twice(register, [[spot, other]])


_TELLING = ("business_id", "vat_id", "email", "phone")


def _known(register: Register, file: int) -> tuple[_Spot, dict[str, set[str]]]:
    """Where a customer's name stands, and what is known of the customer by kind, as it is compared."""
    rows = register.index.rows(
        "select kind, value, path, line, shown, customer from identities join files using (file) where file = ?",
        (file,),
    )
    known = {kind: {row[1] for row in rows if row[0] == kind} for kind in (*_TELLING, "name")}
    return next(_Spot(*row[2:]) for row in rows if row[0] == "name"), known


def _neighbours(keys: list[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """Pairs of files whose sorted keys follow on each other and are nearly the same.

    Two names one slip apart have half of their letters in common, in front of it or behind it; so sorted from the front
    and from the back each pair comes up. Where they end in different letters, the slip is there, and all before it is
    the same.
    """
    for (one, a), (two, b) in itertools.pairwise(keys):
        if one[-1:] != two[-1:] and one[:-2] != two[: len(one) - 2]:
            continue
        half = len(one) // 2
        if one[:half] == two[:half] and (one == two or _one_slip_apart(one, two)):
            yield a, b


def _one_slip_apart(one: str, two: str) -> bool:
    """Whether a letter was added, left out, changed, or swapped with the next one."""
    if abs(len(one) - len(two)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    swapped = one[at : at + 2] == two[at : at + 2][::-1] and one[at + 2 :] == two[at + 2 :]
    return swapped or one[at + 1 :] in (two[at + 1 :], two[at:]) or one[at:] == two[at + 1 :]


_SHORT = 6  # letters; shorter words that differ by one are most often two names: Anna and Anne


def _are_near(one: list[str], two: list[str]) -> bool:
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
    """A vault of people's data that any user of the machine can read."""
    exposed = register.index.rows("select path from files where mode & 4 and blob <> '' order by path limit 1")
    if exposed and is_open_to_others(register.index.vault.root):
        yield Finding(NAME, None, None, {})


def public_remotes(register: Register) -> Iterator[Finding]:
    """A git remote whose address says that anyone can read along."""
    scheme = open_remote(register.index.vault.root)
    if scheme:
        yield Finding(NAME, None, None, {"scheme": scheme})
