"""Who seems to be in the register already: the customers with the name, an address, a number or an id of a new one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from plaincrm.index.index import Index
from plaincrm.index.twins import near_names
from plaincrm.language import unaccented
from plaincrm.records.identity import identities
from plaincrm.records.model import Customer
from plaincrm.records.names import likeness, link_key, name_words
from plaincrm.records.schema import Schema


class Known(NamedTuple):
    """A customer who may be the one meant: id, name, what they share, and where it stands."""

    customer: str
    name: str
    shared: str
    path: str
    line: int


WORDS = {
    "name": "the same name",
    "business_id": "the same business id",
    "vat_id": "the same VAT number",
    "email": "the same e-mail address",
    "phone": "the same phone number",
}
_SAME = """
    select customer, name, path, line from identities i join files using (file) join customers c using (file, customer)
    where kind = ? and value = ?
    """
_CALLED = """
    select customer, name, path, line from fields join files using (file) join customers using (file, customer)
    where field = 'aliases' and known = 1 and fold(value) = ?
    """
_NAMED = """
    select customer, name, path, line from identities join files using (file) join customers using (file, customer)
    where kind = 'name' and file = ?
    """


def known_as(index: Index, new: Customer, schema: Schema) -> list[Known]:
    """The customers that a new one may be, each once, by name; those it is linked to may share what they share."""
    tied = {link_key(link.target) for link in new.links}
    found: dict[str, Known] = {}
    for known in _alike(index, new, schema):
        if link_key(known.customer) not in tied:
            found.setdefault(known.path, known)
    return sorted(found.values(), key=lambda known: (known.name, known.path))


def _alike(index: Index, new: Customer, schema: Schema) -> Iterator[Known]:
    for identity in sorted(identities(new, schema)):
        if identity.kind in WORDS:
            for customer, name, path, line in index.rows(_SAME, (identity.kind, identity.value)):
                yield Known(customer, name, WORDS[identity.kind], path, line)
    for customer, name, path, line in index.rows(_CALLED, (unaccented(new.name),)):
        yield Known(customer, name, f"also called {new.name}", path, line)
    words = name_words(new.name)
    for file in sorted(near_names(index.rows, "".join(words))):
        for customer, name, path, line in index.rows(_NAMED, (file,)):
            if likeness(words, name_words(name)) in ("same", "near"):
                yield Known(customer, name, "nearly the same name", path, line)
