"""Whom an incoming record is about: a customer who is there, one whom the same import makes, nobody yet, or unclear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from plaincrm.changes.known import WORDS
from plaincrm.changes.sequences import private_database
from plaincrm.index.index import Index
from plaincrm.index.names import find_customer
from plaincrm.index.twins import near_names
from plaincrm.language import unaccented
from plaincrm.records.incoming import Incoming
from plaincrm.records.names import likeness, name_words
from plaincrm.records.phone import phone_number
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, read_value

NEW = "new"  # what a decision says of a record that is nobody who is there
# Houses of mail in which people have nothing to do with each other.
_FREE_MAIL = frozenset(
    (
        *("gmail.com", "hotmail.com", "outlook.com", "live.com", "yahoo.com", "icloud.com", "me.com", "protonmail.com"),
        *("luukku.com", "kolumbus.fi", "suomi24.fi", "elisanet.fi", "welho.com", "netti.fi", "pp.inet.fi"),
    )
)
_STRONG = ("business_id", "vat_id", "email", "phone")
_PLACES = ("business_id", "vat_id", "city", "postcode", "address", "website", "email", "company")


class Target(NamedTuple):
    """A customer whom a record may be about: the note, and what they share.

    `new` is whether this import makes it, `person` the contact person whose address or number it is.
    """

    path: str
    customer: str
    name: str
    shared: str = ""
    new: bool = False
    person: str = ""
    line: int = 1


class Unclear(Exception):
    """A record that may be about one of several, or about nobody who is there."""

    def __init__(self, why: str, candidates: Iterable[Target]) -> None:
        super().__init__(why)
        self.why = why
        self.candidates = tuple(dict.fromkeys(candidates))


_BY_IDENTITY = """
    select path, customer, name, person, line from identities
    join files using (file) join customers using (file, customer) where kind = ? and value = ? order by path
    """
_CALLED = """
    select path, customer, name, line from fields join files using (file) join customers using (file, customer)
    where field = 'aliases' and known = 1 and fold(value) = ? order by path
    """
_IDS = """
    select value, path, customer, name, line from fields join files using (file) join customers using (file, customer)
    where field = 'ids' and known = 1
    """
_NAMED = """
    select path, customer, name, line from identities join files using (file) join customers using (file, customer)
    where kind = 'name' and file = ?
    """


_KNOWN = """
    create table ids (id text primary key, path text, customer text, name text, new integer, line integer);
    create table identities (
        kind text, value text, path text, customer text, name text, new integer, line integer, primary key (kind, value)
    );
    -- Of those that an import adds to: what tells them from their namesakes, as it is compared.
    create table said (path text, field text, value text, primary key (path, field, value)) without rowid
    """


class Register:
    """The customers of a vault, with those that an import adds while it goes on, which are kept outside of memory."""

    def __init__(self, index: Index, schema: Schema) -> None:
        self.index = index
        self.schema = schema
        self._known = private_database(_KNOWN)
        ids = ((id_, path, customer, name, 0, line) for id_, path, customer, name, line in index.rows(_IDS))
        self._known.executemany("insert or replace into ids values (?, ?, ?, ?, ?, ?)", ids)
        self._aliases = {
            str(alias) for (alias,) in index.rows("select fold(value) from fields where field = 'aliases'")
        }

    def add(self, record: Incoming, target: Target) -> None:
        """Know one more customer, or more of one that this import makes."""
        name = "".join(name_words(record.name))
        keys = [*self._identities(record), *([("name", name)] if name else [])]
        row = target.path, target.customer, target.name, target.new, target.line
        self._known.executemany(
            "insert or ignore into ids values (?, ?, ?, ?, ?, ?)", ((id_, *row) for id_ in record.ids)
        )
        self._known.executemany(
            "insert or ignore into identities values (?, ?, ?, ?, ?, ?, ?)", ((*key, *row) for key in keys)
        )
        said = ((target.path, field, value) for field, values in _places(record.fields.items()) for value in values)
        self._known.executemany("insert or ignore into said values (?, ?, ?)", said)

    def decided(self, text: str) -> Target | None:
        """The customer that a decision names; None where it says that it is a new one.

        Raises:
            NoMatch: none or several customers are called so.
        """
        if text == NEW:
            return None
        found = find_customer(self.index, text)
        return Target(found.path, found.customer, found.name, "as told")

    def customer(self, record: Incoming, *, persons: bool = False) -> Target | None:
        """The customer whom a record is about, by the strongest that they share; None: it is a new one.

        With `persons` an address or a number of a contact person counts as the person's, and does not tell.

        Raises:
            Unclear: it may be one of several, or what they share does not tell.
        """
        found = self._of_ids(record.ids)
        if found:
            return found
        for kind, value in self._identities(record):
            targets = [hit for hit in self._hits(kind, value) if not (persons and hit.person)]
            if len({hit.path for hit in targets}) > 1:
                targets = [hit for hit in targets if self._same_name(hit, record)] or targets
            if len({hit.path for hit in targets}) > 1:
                raise Unclear(f"several have {WORDS[kind]}", targets)
            if targets:
                self._see_consistent(targets[0], record, kind)
                return targets[0]
        return self._by_name(record)

    def company(self, record: Incoming) -> Target | None:
        """The company that a person works for, or the customer of a deal; None where it is not there.

        Raises:
            Unclear: several are called so.
        """
        found = self._of_ids(record.company_ids)
        if found or not record.company:
            return found
        hits = self._named(record.company)
        exact = [hit for hit in hits if unaccented(hit.name) == unaccented(record.company)]
        hits = exact if len(exact) == 1 else hits
        if len(hits) > 1:
            raise Unclear(f"several are called {record.company}", hits)
        return hits[0]._replace(shared=f"the company {record.company}") if hits else None

    def employer(self, record: Incoming) -> Target | None:
        """The customer one of whose contact persons has the record's address or number."""
        for kind, value in self._identities(record):
            hits = {hit.path: hit for hit in self._hits(kind, value) if hit.person}
            if len(hits) == 1:
                return next(iter(hits.values()))
        return None

    def near(self, record: Incoming) -> list[Target]:
        """Customers with nearly the same name; for a look, never for a decision."""
        words = name_words(record.name)
        files = sorted(near_names(self.index.rows, "".join(words)))
        rows = [row for file in files for row in self.index.rows(_NAMED, (file,))]
        near = [row for row in rows if likeness(words, name_words(row[2])) in ("same", "near")]
        return [Target(row[0], row[1], row[2], line=row[3]) for row in near]

    def _of_ids(self, ids: Iterable[str]) -> Target | None:
        query = "select path, customer, name, new, line from ids where id = ?"
        rows = ((id_, row) for id_ in ids for row in self._known.execute(query, (id_,)))
        found = {row[0]: _target(row, id_) for id_, row in rows}
        if len(found) > 1:
            raise Unclear("its ids are those of several", found.values())
        return next(iter(found.values()), None)

    def _identities(self, record: Incoming) -> Iterator[tuple[str, str]]:
        for kind in _STRONG:
            for text in record.fields.get(kind, ()):
                if kind == "phone":
                    value = phone_number(text, self.schema.country)
                elif kind == "email":
                    value = text.casefold()
                else:
                    try:
                        value = str(read_value(text, self.schema.table.customer[kind], self.schema))
                    except BadValue:
                        continue
                if value:
                    yield kind, value

    def _hits(self, kind: str, value: str) -> list[Target]:
        rows = self.index.rows(_BY_IDENTITY, (kind, value))
        hits = [
            Target(path, id_, name, WORDS[kind], person=person, line=line) for path, id_, name, person, line in rows
        ]
        query = "select path, customer, name, new, line from identities where kind = ? and value = ?"
        return [*hits, *(_target(row, WORDS[kind]) for row in self._known.execute(query, (kind, value)))]

    def _named(self, name: str) -> list[Target]:
        key, called = "".join(name_words(name)), unaccented(name)
        hits = self._hits("name", key) if key else []
        if called in self._aliases:
            hits += [
                Target(path, id_, other, f"also called {name}", line=line)
                for path, id_, other, line in self.index.rows(_CALLED, (called,))
            ]
        return list({hit.path: hit for hit in reversed(hits)}.values())[::-1]

    def _by_name(self, record: Incoming) -> Target | None:
        """The one who is called so, where more speaks for it: that it is a company's full name, a place, an address."""
        hits = [hit for hit in self._named(record.name) if not self._contradiction(hit, record)]
        sure = [hit._replace(shared=found) for hit in hits if (found := self._evidence(hit, record))]
        namesakes = [hit for hit in hits if unaccented(hit.name) == unaccented(record.name)]
        if len(sure) == 1 and (sure[0].shared != "the same name" or len(namesakes) == 1):
            return sure[0]
        if hits:
            raise Unclear("the name alone does not tell" if len(hits) == 1 else "several are called so", sure or hits)
        alike = [
            hit._replace(shared=f"nearly the same name, {found}")
            for hit in self.near(record)
            if (found := self._place(hit, record)) and not self._contradiction(hit, record)
        ]
        if alike:
            raise Unclear("it may be somebody who is there", alike)
        return None

    def _evidence(self, hit: Target, record: Incoming) -> str:
        place = self._place(hit, record)
        if place:
            return f"the same name, {place}"
        whole = unaccented(hit.name) == unaccented(record.name) and record.kind != "person"
        return "the same name" if whole and "person" not in self._of(hit).get("type", set()) else ""

    def _place(self, hit: Target, record: Incoming) -> str:
        """What of a place, an address or a site two records share; empty where it is nothing."""
        known = self._of(hit)
        for field, values in _places(record.fields.items()):
            if field != "type" and values & known.get(field, set()):
                return f"the same {'mail domain' if field == 'domain' else field}"
        return ""

    def _contradiction(self, hit: Target, record: Incoming) -> str:
        """What the two cannot both be."""
        known, said = self._of(hit), dict(_places(record.fields.items()))
        for field in ("business_id", "type"):
            if known.get(field) and said.get(field) and not known[field] & said[field]:
                return field
        return ""

    def _see_consistent(self, hit: Target, record: Incoming, kind: str) -> None:
        """See that what two share is not all: families share a number, colleagues an address."""
        if self._contradiction(hit, record) == "business_id":
            raise Unclear(f"{hit.shared}, but another business id", [hit])
        names = {*name_words(hit.name), *name_words(hit.person)}
        if kind in ("email", "phone") and not names & set(name_words(record.name)):
            raise Unclear(f"{hit.shared}, but another name", [hit])

    def _same_name(self, hit: Target, record: Incoming) -> bool:
        return name_words(hit.name) == name_words(record.name)

    def _of(self, hit: Target) -> dict[str, set[str]]:
        """What a customer who is there, or is made, says of places and addresses."""
        found = dict[str, set[str]]()
        there = "select field, value from fields join files using (file) where path = ? and known = 1"
        texts = [(field, (value,)) for field, value in ([] if hit.new else self.index.rows(there, (hit.path,)))]
        for field, values in _places(texts):
            found.setdefault(field, set()).update(values)
        for field, value in self._known.execute("select field, value from said where path = ?", (hit.path,)):
            found.setdefault(field, set()).add(value)
        return found


def _target(row: tuple[str, str, str, int, int], shared: str) -> Target:
    path, customer, name, new, line = row
    return Target(path, customer, name, shared, bool(new), line=line)


def _places(fields: Iterable[tuple[str, Iterable[str]]]) -> Iterator[tuple[str, set[str]]]:
    """What tells namesakes apart, as it is compared."""
    for field, texts in fields:
        if field in ("email", "contacts"):
            domains = {text.rpartition("@")[2].partition(">")[0].casefold() for text in texts if "@" in text}
            yield "domain", domains - _FREE_MAIL
        elif field in (*_PLACES, "type"):
            bare = {
                unaccented(text).removeprefix("https://").removeprefix("http://").removeprefix("www.") for text in texts
            }
            yield field, {"".join(text.rstrip("/").split()) for text in bare}
