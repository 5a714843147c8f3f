"""Whom each record of an import is about: all that is said of a customer comes together, wherever it stood."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from plaincrm.changes.import_match import Register, Target, Unclear
from plaincrm.changes.import_outcome import Outcome, spooled_outcomes
from plaincrm.changes.new import Maker, NewNote
from plaincrm.changes.sequences import Spool, private_database
from plaincrm.errors import PlaincrmError
from plaincrm.index.index import Index
from plaincrm.records.incoming import Incoming, Kind, Rejection, packed, unpacked

_ORDER: tuple[Kind, ...] = ("company", "customer", "person", "deal")
Progress = Callable[[str, int, int], None]  # what is done, of how many how many are ready; 0: nobody knows yet


class ImportHow(NamedTuple):
    """How records are taken over: what new customers get, whether a note's own values stay, and what was decided.

    `decided` names the customer of a record, or `new`, by `FILE:LINE`.
    """

    new: NewNote = NewNote()
    fields: Mapping[str, Sequence[str]] = {}
    keep: bool = False
    decided: Mapping[str, str] = {}


@dataclass
class Group:
    """All records about one customer: its own, its contact persons with the rows they come from, its deals."""

    target: Target
    records: list[Incoming] = field(default_factory=list)
    people: list[Incoming] = field(default_factory=list)
    deals: list[Incoming] = field(default_factory=list)

    @property
    def all(self) -> list[Incoming]:
        """Every record, in the order in which they were assigned."""
        return [*self.records, *self.people, *self.deals]


class Groups:
    """The groups of an import in the order of their first records, kept outside of memory."""

    def __init__(self) -> None:
        self._count = 0
        self._db = private_database(
            """
            create table targets (number integer primary key, path text unique, text text);
            create table records (number integer, role text, text text)
            """
        )

    def add(self, target: Target, role: str, record: Incoming) -> None:
        """Put a record to its customer, as one of `records`, `people` or `deals`."""
        known = self._db.execute("select number from targets where path = ?", (target.path,)).fetchone()
        if not known:
            self._db.execute("insert into targets values (?, ?, ?)", (self._count, target.path, json.dumps(target)))
            self._count += 1
        number = known[0] if known else self._count - 1
        self._db.execute("insert into records values (?, ?, ?)", (number, role, packed(record)))

    def __len__(self) -> int:
        """How many customers there are."""
        return self._count

    def __iter__(self) -> Iterator[Group]:
        """Each with its records."""
        query = "select number, targets.text, role, records.text from records join targets using (number)"
        rows = self._db.execute(f"{query} order by number, records.rowid")
        for _number, found in groupby(rows, key=itemgetter(0)):
            first, *others = found
            group = Group(Target(*json.loads(first[1])))
            for _same, _target, role, text in (first, *others):
                getattr(group, role).append(unpacked(text))
            yield group


class Assigned(NamedTuple):
    """Records by customer, and what becomes of those that found none."""

    groups: Groups
    others: Spool[Outcome]


def assign(index: Index, records: Iterable[Incoming | Rejection], how: ImportHow, progress: Progress) -> Assigned:
    """Whom each record is about; companies first, since people are theirs, deals last."""
    found = Assigned(Groups(), spooled_outcomes())
    waiting = {kind: Spool(packed, unpacked) for kind in _ORDER}  # within a kind as the files have them
    for number, record in enumerate(records, 1):
        progress("Reading", number, 0)
        if isinstance(record, Rejection):
            found.others.append(Outcome("rejected", "", (place(record),), why=record.why))
        else:
            waiting[record.kind].append(record)
    register, maker = Register(index, index.vault.config.schema), Maker(index, how.new)
    total = sum(map(len, waiting.values()))
    for number, record in enumerate((record for kind in _ORDER for record in waiting[kind]), 1):
        progress("Matching", number, total)
        _assign(found, record, register, maker, how)
    return found


def _assign(found: Assigned, record: Incoming, register: Register, maker: Maker, how: ImportHow) -> None:
    told = Outcome("rejected", named(record), (place(record),))
    try:
        role, target = _target(record, register, how)
        employer = register.company(record) if record.kind in ("person", "customer") and role == "records" else None
        if employer:
            record = record._replace(company=f"[[{employer.customer}]]")
        if target is None and role == "deals":
            why = f"its customer is not there: {record.company}" if record.company else "it names no customer"
            found.others.append(told._replace(why=why))
            return
        target = target or _made(record, maker, how)
    except Unclear as unclear:
        found.others.append(told._replace(state="unclear", why=unclear.why, candidates=unclear.candidates))
        return
    except PlaincrmError as error:
        found.others.append(told._replace(why=error.message))
        return
    found.groups.add(target, role, record)
    if role == "records":
        register.add(record, target)


def place(record: Incoming | Rejection) -> str:
    """Where a record stands."""
    return f"{record.file}:{record.line}"


def named(record: Incoming) -> str:
    """How a record is called: a deal by its own name where it tells no customer's."""
    return record.name or (record.deal.name if record.deal else "")


def _target(record: Incoming, register: Register, how: ImportHow) -> tuple[str, Target | None]:
    """As what a record belongs to whom: as a customer of its own, a contact person, or a deal.

    Raises:
        Unclear: it may be one of several.
        NoMatch: a decision names nobody.
    """
    told = how.decided.get(place(record)) or how.decided.get(str(record.line), "")
    role = "deals" if record.kind == "deal" else "records"
    if told:
        decided = register.decided(told)
        person = record.kind == "person" and decided is not None and decided.name != record.name
        return ("people" if person else role), decided
    if record.kind == "deal":
        return role, register.company(record) or (register.customer(record) if record.fields else None)
    if record.kind != "person":
        return role, register.customer(record)
    company = register.company(record)
    try:
        own = register.customer(record, persons=True)
    except Unclear:
        if company is None:
            raise
        own = None  # a namesake; the company tells whose contact person it is
    if own is not None and (company is None or own.path != company.path):
        return "records", own
    company = company or register.employer(record)
    return ("people", company) if company else ("records", None)


def _made(record: Incoming, maker: Maker, how: ImportHow) -> Target:
    """A customer that the import makes.

    Raises:
        UsageError: no file can be called so, or none would be read there.
    """
    if record.path and (stem := maker.at(record.path)):
        return Target(record.path, stem, record.name, new=True)
    kind = next(iter(how.fields.get("type", record.fields.get("type", ()))), None)
    stem = maker.stem(record.name)
    return Target(maker.path(stem, kind), stem, record.name, new=True)
