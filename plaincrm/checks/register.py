"""Searches through the register that one query cannot do: links, circles, promises, who may read along."""

from __future__ import annotations

import json
import re
import shlex
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from plaincrm.checks.names import comparable, ends, meant
from plaincrm.checks.rule import Finding, Register
from plaincrm.records.names import link_key
from plaincrm.vault.config import NAME
from plaincrm.vault.surroundings import is_open_to_others, open_remote

_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?|-W[0-9]{2}|-Q[1-4])?")
_WORDS = re.compile(r"[\sA-ZÅÄÖ]")
RELATIONS = ("referred_by", "parent", "partner_of", "not_same", "company")


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
        folder = shlex.quote(str(register.index.vault.root))
        yield Finding(_settings_or_folder(register), None, None, {"folder": folder})


def public_remotes(register: Register) -> Iterator[Finding]:
    """A git remote whose address says that anyone can read along; not asked of what is committed."""
    scheme = None if register.index.vault.files.state else open_remote(register.index.vault.root)
    if scheme:
        yield Finding(_settings_or_folder(register), None, None, {"scheme": scheme})


def _settings_or_folder(register: Register) -> str:
    """What a fault of the whole vault is told at: its settings, or its folder where it has none."""
    return NAME if (register.index.vault.root / NAME).is_file() else "./"
