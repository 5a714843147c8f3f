"""What the register would say of a change before it is written: another's id, a circle, a link to nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plaincrm.checks.names import comparable, ends, meant
from plaincrm.checks.register import RELATIONS
from plaincrm.errors import WriteRefused
from plaincrm.index.index import Index
from plaincrm.records.identity import Identity, identities
from plaincrm.records.model import Customer
from plaincrm.records.names import link_key
from plaincrm.records.schema import Schema

_IDS = {"business_id": "business id", "vat_id": "VAT number"}
_REMEDY = "If that is meant, write it with --force."
_CIRCULAR = ("referred_by", "parent")
_OWNERS = """
    select c.customer, c.name, path, line from identities i join customers c using (file) join files using (file)
    where kind = ? and value = ? and path <> ? order by path
    """
_ON = "select target from links l join customers c using (file) where l.field = ? and c.key = ?"


def says_the_same(before: Customer, after: Customer) -> bool:
    """Whether a change is of no concern to the register, so that it need not be asked."""
    keys = (*_IDS, *RELATIONS)
    return all(_texts(before, key) == _texts(after, key) for key in keys)


def see_register(index: Index, before: Customer, after: Customer, schema: Schema) -> None:
    """See that a change gives nobody another's id, and makes no circle of referrals or parents.

    Raises:
        WriteRefused: it would.
    """
    for new in _ids(after, schema) - _ids(before, schema):
        tied = {link_key(link.target) for link in after.links}  # a branch may have its parent's
        for customer, name, path, line in index.rows(_OWNERS, (*new, after.path)):
            if link_key(customer) not in tied:
                why = f"the {_IDS[new[0]]} {new[1]} is that of {name} ({path}:{line})"
                raise WriteRefused(after.path, why, _REMEDY)
    for field, target in _new_relations(before, after):
        way = _circle(index, field, link_key(after.path), target) if field in _CIRCULAR else []
        if way:
            raise WriteRefused(after.path, f"{field} would lead in a circle: {' → '.join(way)}", _REMEDY)


def see_apart(records: Iterable[tuple[Customer, Customer]], schema: Schema) -> None:
    """See that several changes, each a customer before and after, do not give the same id to two.

    Raises:
        WriteRefused: they do.
    """
    given: dict[tuple[str, str], str] = {}
    for before, after in records:
        for new in _ids(after, schema) - _ids(before, schema) if not says_the_same(before, after) else ():
            if new in given:
                why = f"{given[new]} would have the same {_IDS[new[0]]}, {new[1]}"
                raise WriteRefused(after.path, why, _REMEDY)
            given[new] = after.path


def to_nobody(index: Index, before: Customer, after: Customer) -> list[str]:
    """Sentences on relations that lead to no note yet, with the one that may be meant."""
    new = [pair for pair in _new_relations(before, after) if not index.rows(_KNOWN, (link_key(pair[1]),))]
    paths = [*index.vault.files.paths()] if new else []
    there = {end for path in paths for end in ends(path)}
    return [
        f"{field}: there is no note {target} yet.{meant(target, paths)}"
        for field, target in new
        if comparable(target) not in there
    ]


_KNOWN = "select 1 from customers where key = ?"


def _ids(customer: Customer, schema: Schema) -> set[tuple[str, str]]:
    found: Iterator[Identity] = identities(customer, schema)
    return {(identity.kind, identity.value) for identity in found if identity.kind in _IDS}


def _texts(customer: Customer, key: str) -> list[str]:
    return [str(value.value) for value in customer.fields.get(key, ())]


def _new_relations(before: Customer, after: Customer) -> list[tuple[str, str]]:
    """Relations to others that were not there before: field and target."""
    return [
        (field, target) for field in RELATIONS for target in _texts(after, field) if target not in _texts(before, field)
    ]


def _circle(index: Index, field: str, own: str, target: str) -> list[str]:
    """The way from a customer over a new link back to itself; empty where there is none."""
    ways, seen = [[own, link_key(target)]], set[str]()
    while ways:
        way = ways.pop()
        if way[-1] == own:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, link_key(onward)] for (onward,) in index.rows(_ON, (field, way[-1]))]
    return []
