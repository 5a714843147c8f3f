"""Searches through the register that one query cannot do: links, circles, people who stand there twice."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from plaincrm.checks.rule import Finding, Register
from plaincrm.language import unaccented
from plaincrm.records.values import phone_number
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


_MAILS = """
    with mails as (
        select value as mail, file, line, customer from fields where field = 'email'
        union all
        select email, file, line, customer from contacts where email <> ''
    )
    select lower(mail), path, line, mail, customer from mails cross join files using (file)
    where lower(mail) in (select lower(mail) from mails group by lower(mail) having count(distinct file) > 1)
    """


def same_emails(register: Register) -> Iterator[Finding]:
    """One e-mail address in the notes of customers who have nothing to do with each other."""
    groups = defaultdict(list)
    for key, *place in register.index.rows(_MAILS):
        groups[key].append((place[0], place[1], place[2], place[3]))
    return _twice(register, groups.values())


# Numbers are compared by their last digits first; only those that agree there are read by libphonenumber.
_PHONES = """
    with typed as (
        select value as phone, file, line, customer from fields where field = 'phone'
        union all
        select phone, file, line, customer from contacts where phone <> ''
    ),
    phones as (
        select *, substr(replace(replace(replace(replace(phone, ' ', ''), '-', ''), '(', ''), ')', ''), -7) as ending
        from typed
    )
    select phone, path, line, customer from phones cross join files using (file)
    where ending in (select ending from phones group by ending having count(distinct file) > 1)
    """


def same_phones(register: Register) -> Iterator[Finding]:
    """One phone number in the notes of customers who have nothing to do with each other, however it is written."""
    country = register.index.vault.config.country
    groups = defaultdict(list)
    for phone, path, line, customer in register.index.rows(_PHONES):
        groups[phone_number(phone, country)].append((path, line, phone, customer))
    groups.pop(None, None)
    return _twice(register, (group for group in groups.values() if len({place[0] for place in group}) > 1))


_LEGAL = re.compile(r"\b(?:oyj?|ab|ltd|limited|inc|llc|gmbh|as|asoy|ky|tmi|osk|ry|rf|as oy|asunto oy|the)\b|[^\w\s]")
_NAMES = """
    select f.path, c.customer, c.name, c.sort_name, coalesce(n.line, 1), i.value
    from customers c cross join files f using (file)
    left join fields n on n.file = c.file and n.field = 'name' and n.position = 0
    left join fields i on i.file = c.file and i.field = 'business_id' and i.position = 0
    """


def near_names(register: Register) -> Iterator[Finding]:
    """Customers called the same but for a letter, capitals, diacritics, blanks or the company's form.

    Names are compared with their neighbours, once sorted from the front and once from the back (the sorted
    neighbourhood method of record linkage), so that the cost does not grow with the square of the register. Different
    business ids tell two customers apart.
    """
    names = register.index.rows("select file, sort_name from customers")
    keys = sorted((key, file) for file, name in names if (key := _bare(name)))
    back = sorted((key[::-1], file) for key, file in keys)
    pairs = {(min(a, b), max(a, b)) for some in (keys, back) for a, b in _neighbours(some)}
    if not pairs:
        return
    rows = {file: place for file, *place in register.index.rows(_NAMES.replace("select", "select c.file,", 1))}
    for one, two in sorted(pairs):
        first, second = sorted((rows[one], rows[two]))
        if first[5] and second[5] and first[5] != second[5]:
            continue
        place = (first[0], first[4], first[2], first[1])
        other = (second[0], second[4], second[2], second[1])
        yield from _twice(register, [[place, other]])


def _bare(name: str) -> str:
    """A name as it is compared: without the company's form, signs and blanks."""
    return "".join(_LEGAL.sub(" ", unaccented(name)).split())


def _neighbours(keys: list[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """Pairs of files whose sorted keys follow on each other and are nearly the same."""
    for (one, a), (two, b) in itertools.pairwise(keys):
        if one[:3] == two[:3] and abs(len(one) - len(two)) <= 1 and _is_near(one, two):
            yield a, b


def _is_near(one: str, two: str) -> bool:
    """Equal, or one slip apart where the name is long enough; a number that differs is another name."""
    if one == two:
        return True
    if min(len(one), len(two)) < 8 or re.sub(r"\D", "", one) != re.sub(r"\D", "", two):
        return False
    from rapidfuzz.distance import OSA  # noqa: PLC0415 (for names that begin alike only)

    return OSA.distance(one, two, score_cutoff=1) <= 1


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
