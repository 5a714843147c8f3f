"""To whom a letter goes: what a note says of a customer, the person addressed, and the greeting in their language."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from plaincrm.index.condition import Condition
from plaincrm.index.index import Index

# Said to somebody whose title we need not know; who is written to in another language is greeted in English.
_GREETINGS = {"fi": "Hei", "sv": "Hej", "en": "Hello", "de": "Guten Tag", "nb": "Hei", "da": "Hej", "et": "Tere"}


class Person(NamedTuple):
    """The person addressed; each part is empty where it is not known."""

    name: str = ""
    first_name: str = ""
    email: str = ""
    phone: str = ""
    role: str = ""


class Addressee(NamedTuple):
    """One customer to write to: fields by key, several values in a tuple, the person, and the greeting."""

    customer: str
    name: str
    file: str
    fields: Mapping[str, str | tuple[str, ...]]
    person: Person
    greeting: str
    language: str


def addressees(index: Index, where: Condition) -> Iterator[Addressee]:
    """The customers of a condition, by name.

    Of a company the first contact person with a mail address is addressed, else the first one; a person is addressed
    by itself. Without an address of one's own the customer's stands in.
    """
    usual = _usual_language(index.vault.config.country)
    query = (
        "select c.file, c.customer, c.name, c.type, f.path from customers c join files f using (file)"
        f" where {where.sql} order by c.sort_name, c.customer, f.path"
    )
    many = {key for key, field in index.vault.config.schema.table.customer.items() if field.many}
    for batch in index.batches(query, where.parameters):
        files = json.dumps([row[0] for row in batch])
        fields, people = _fields(index, files, many), _people(index, files)
        for file, customer, name, kind, path in batch:
            known = {"name": name, **fields.get(file, {})}
            language = str(known.get("language") or usual)
            person = _person(kind, name, known, people.get(file, []))
            word = _GREETINGS.get(language, _GREETINGS["en"])
            yield Addressee(customer, name, path, known, person, f"{word} {person.first_name}".rstrip(), language)


def _person(kind: str | None, name: str, known: Mapping[str, str | tuple[str, ...]], people: list[Person]) -> Person:
    own = {key: of[0] if isinstance(of, tuple) else of for key in ("email", "phone", "role") if (of := known.get(key))}
    if kind == "person":
        return Person(name, (name.split() or [""])[0], **own)
    found = next((one for one in people if one.email), people[0] if people else Person())
    return found._replace(email=found.email or own.get("email", ""), phone=found.phone or own.get("phone", ""))


def _fields(index: Index, files: str, many: set[str]) -> dict[int, dict[str, str | tuple[str, ...]]]:
    found: dict[int, dict[str, str | tuple[str, ...]]] = {}
    rows = index.rows(
        "select file, field, value from fields where file in (select value from json_each(?)) and known = 1"
        " order by file, field, position",
        (files,),
    )
    for file, key, value in rows:
        of = found.setdefault(file, {})
        if key in many:
            of[key] = (*of.get(key, ()), value)
        else:
            of.setdefault(key, value)
    return found


def _people(index: Index, files: str) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = {}
    rows = index.rows(
        "select file, name, email, phone, role from contacts where file in (select value from json_each(?))"
        " order by file, position",
        (files,),
    )
    for file, name, email, phone, role in rows:
        found.setdefault(file, []).append(Person(name, (name.split() or [""])[0], email, phone, role))
    return found


def _usual_language(country: str) -> str:
    """The language most people of a country write; English where no country is told."""
    if not country:
        return "en"
    from babel.languages import get_official_languages  # noqa: PLC0415 (where letters are written only)

    return next(iter(get_official_languages(country, de_facto=True)), "en")
