"""Searches through the register that one query cannot do: links, circles, people who stand there twice."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from plaincrm.checks.rule import Finding, Register
from plaincrm.vault.surroundings import file_paths, is_open_to_others, open_remote

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?|[0-9]{4}-W[0-9]{2}")
RELATIONS = ("referred_by", "parent", "partner_of", "company")


def _name(target: str) -> str:
    """How the target of a link is compared: its last part, as ids are."""
    last = target.rstrip("/").rpartition("/")[2].removesuffix(".md")
    return unicodedata.normalize("NFC", last).casefold()


_LOOSE = """
    select f.path, l.line, l.target, l.field from links l cross join files f using (file)
    where not exists (select 1 from customers c where c.key = lower(l.target))
    """


def _dead_links(register: Register, *, related: bool) -> Iterator[Finding]:
    loose = [row for row in register.index.rows(_LOOSE) if (row[3] in RELATIONS) is related]
    if not loose:
        return
    there = {_name(path) for path in file_paths(register.index.vault.root)}
    there |= {path.rpartition("/")[2].casefold() for path in file_paths(register.index.vault.root)}
    for path, line, target, field in loose:
        bare = target.rpartition("/")[2].casefold()
        if _name(target) not in there and bare not in there and not _DAY.fullmatch(target):
            yield Finding(path, line, target, {"target": target, "field": field})


def dead_relations(register: Register) -> Iterator[Finding]:
    """Relations between customers that lead to no note."""
    return _dead_links(register, related=True)


def dead_links(register: Register) -> Iterator[Finding]:
    """Other links that lead nowhere; days, which daily notes are called by, may be written later."""
    return _dead_links(register, related=False)


def _circles(register: Register, field: str) -> Iterator[Finding]:
    """Customers who lead back to themselves by one field, each circle named once, at its first file."""
    rows = register.index.rows(
        "select c.key, l.target, f.path, l.line from links l cross join files f using (file) cross join customers c"
        " using (file) where l.field = ? order by f.path",
        (field,),
    )
    step = {key: (_name(target), path, line, target) for key, target, path, line in rows}
    seen: set[str] = set()
    for start in step:
        way: list[str] = []
        at = start
        while at in step and at not in seen:
            seen.add(at)
            way.append(at)
            at = step[at][0]
        if at in way:
            circle = way[way.index(at) :]
            first = min(circle, key=lambda key: step[key][1])
            turn = circle.index(first)
            names = [*circle[turn:], *circle[:turn], first]
            _next, path, line, target = step[first]
            yield Finding(path, line, target, {"way": " → ".join(names)})


def referral_circles(register: Register) -> Iterator[Finding]:
    """Who brought whom, in a circle."""
    return _circles(register, "referred_by")


def parent_circles(register: Register) -> Iterator[Finding]:
    """Which company belongs to which, in a circle."""
    return _circles(register, "parent")


_Spot = tuple[str, int, str, str]  # path, line, text, customer: where something stands that should stand once
_RELATED = "select c.key, l.target from links l cross join customers c using (file) where l.field <> ''"


def _twice(register: Register, groups: Iterable[list[_Spot]]) -> Iterator[Finding]:
    """For each group of places one finding a note, naming the first other note; related customers may share things."""
    related: set[tuple[str, str]] | None = None
    for group in groups:
        first_of: dict[str, _Spot] = {}
        for place in sorted(group):
            first_of.setdefault(place[0], place)
        first, *others = first_of.values()
        for path, line, text, customer in others:
            if related is None:
                pairs = register.index.rows(_RELATED)
                related = {pair for key, target in pairs for pair in ((key, _name(target)), (_name(target), key))}
            one, two = _name(first[3]), _name(customer)
            if one != two and (one, two) not in related:  # two notes with one id are named as such
                yield Finding(path, line, text, {"value": text, "other": first[0]})


_SHARED = """
    select value, path, line, shown, customer from identities cross join files using (file)
    where (kind, value) in (select kind, value from identities where kind = ? group by value having count(*) > 1)
    """


def _same(register: Register, kind: str) -> Iterator[Finding]:
    groups: defaultdict[str, list[_Spot]] = defaultdict(list)
    for value, path, line, shown, customer in register.index.rows(_SHARED, (kind,)):
        groups[value].append((path, line, shown, customer))
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
        spots, known = zip(*(_identities_of(register, file) for file in (one, two)), strict=True)
        kinds = _TELLING if spots[0][4] != spots[1][4] else ("business_id",)
        if not any(known[0][kind] and known[1][kind] and known[0][kind].isdisjoint(known[1][kind]) for kind in kinds):
            yield from _twice(register, [[spots[0][:4], spots[1][:4]]])


_TELLING = ("business_id", "vat_id", "email", "phone")


def _identities_of(register: Register, file: int) -> tuple[tuple[str, int, str, str, str], dict[str, set[str]]]:
    """Where a customer's name stands and how it is compared, and the other identities by kind."""
    rows = register.index.rows(
        "select kind, value, path, line, shown, customer from identities join files using (file) where file = ?",
        (file,),
    )
    known = {kind: {row[1] for row in rows if row[0] == kind} for kind in (*_TELLING, "name")}
    name = next(row for row in rows if row[0] == "name")
    return (name[2], name[3], name[4], name[5], name[1]), known


def _neighbours(keys: list[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """Pairs of files whose sorted keys follow on each other and are nearly the same.

    Two names one slip apart have half of their letters in common, in front of it or behind it.
    """
    for (one, a), (two, b) in itertools.pairwise(keys):
        half = len(one) // 2
        if one[:half] == two[:half] and (one == two or _one_slip_apart(one, two)):
            yield a, b


def _one_slip_apart(one: str, two: str) -> bool:
    """Whether a letter was added, left out, changed, or swapped with the next one; a number that differs is no slip."""
    if min(len(one), len(two)) < 8 or abs(len(one) - len(two)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    swapped = one[at : at + 2] == two[at : at + 2][::-1] and one[at + 2 :] == two[at + 2 :]
    near = swapped or one[at + 1 :] in (two[at + 1 :], two[at:]) or one[at:] == two[at + 1 :]
    return near and re.sub(r"\D", "", one) == re.sub(r"\D", "", two)


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
        yield Finding("plaincrm.toml", None, None, {})


def public_remotes(register: Register) -> Iterator[Finding]:
    """A git remote whose address says that anyone can read along."""
    scheme = open_remote(register.index.vault.root)
    if scheme:
        yield Finding("plaincrm.toml", None, None, {"scheme": scheme})
