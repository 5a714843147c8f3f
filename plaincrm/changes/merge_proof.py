"""The proof of a merge: whatever one of the two notes said is said by the one that is left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from plaincrm.changes.merge_log import matched
from plaincrm.changes.merge_text import Chapter, chapters
from plaincrm.changes.parts import Reading
from plaincrm.dates import parse_date
from plaincrm.language import unaccented
from plaincrm.records.model import Contact, Customer, Task
from plaincrm.records.names import link_key
from plaincrm.records.phone import phone_number
from plaincrm.records.schema import Schema
from plaincrm.records.values import as_text

_REACHED = ("phone", "contacts")
_MARK = re.compile(r"^(?:#{1,6}|[-*+]|\d+[.)])\s+")


def lost(one: Reading, two: Reading, after: Reading, schema: Schema, us: frozenset[str]) -> str | None:
    """The first thing that one of two notes says and the third does not; None where all is there.

    Links from one to the other, whose keys are `us`, would lead to themselves and are no loss.
    """
    for note in (one, two):
        found = next(_lost_fields(note, after, schema, us), None) or next(_lost_text(note, after), None)
        if found:
            return found
    for note in (one, two):
        for told, same in matched(after, note, schema):
            if same is None:
                return f"the log entry of {told.entry.date}"
    return _lost_rest(one, two, after, us)


def _lost_rest(one: Reading, two: Reading, after: Reading, us: frozenset[str]) -> str | None:
    """Promises outside the log, deals and links."""
    now = after.record.customer
    promises = {_anywhere(task) for task in now.promises}
    deals = {deal._replace(line=0) for deal in now.deals}
    links = {link_key(link.target) for link in now.links} | {
        link_key(link.target) for link in after.document.body.links
    }
    for customer in (one.record.customer, two.record.customer):
        if any(_anywhere(task) not in promises for task in customer.promises):
            return "a promise"
        if any(deal._replace(line=0) not in deals for deal in customer.deals):
            return "a deal"
        days = {entry.date for entry in customer.entries}  # a link around the date of an entry is a way to write it
        targets = (link.target for link in customer.links if parse_date(link.target) not in days)
        if any(link_key(target) not in links | us for target in targets):
            return "a link"
    return None


def _anywhere(task: Task) -> Task:
    return task._replace(line=0)


def _lost_fields(note: Reading, after: Reading, schema: Schema, us: frozenset[str]) -> Iterator[str]:
    """Values that are neither in their field nor anywhere in the text."""
    now, text = after.record.customer, _flat(after.text)
    names = {unaccented(name) for name in (now.name, *now.aliases)}
    numbers = {phone_number(phone, schema.country) for phone in _phones(now)} - {None}
    for key, values in note.record.customer.fields.items():
        kept = {_compared(value.value) for value in now.fields.get(key, ())}
        for value in values:
            parts = value.value[:4] if isinstance(value.value, Contact) else (value.text or as_text(value.value),)
            told = all(_flat(part) in text for part in parts)
            if not told and key in _REACHED:  # by the same address or number, written otherwise
                told = all(
                    _flat(part).casefold() in text.casefold() or phone_number(part, schema.country) in numbers
                    for part in parts
                )
            if key in ("name", "aliases") and unaccented(str(value.value)) in {*names, unaccented(now.id)}:
                continue
            if not told and _compared(value.value) not in kept and link_key(str(value.value)) not in us:
                yield f"the field {key}"
    for key, own in note.record.customer.other.items():
        if now.other.get(key) != own and any(_flat(leaf) not in text for leaf in _leaves(own)):
            yield f"the field {key}"


def _phones(customer: Customer) -> Iterator[str]:
    yield from (value.text for value in customer.fields.get("phone", ()))
    yield from (contact.phone for contact in customer.contacts if contact.phone)


def _compared(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def _leaves(value: Any) -> Iterator[str]:  # noqa: ANN401 (a value of one's own field)
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif value:
        yield str(value)


def _lost_text(note: Reading, after: Reading) -> Iterator[str]:
    """Paragraphs and list items outside of the log whose lines are not all there."""
    lines = {_bare(line) for line in after.text.split("\n")}
    keys = {unit.key for chapter in _all(chapters(after)) for unit in chapter.units}
    for chapter in _all(chapters(note)):
        for unit in chapter.units:
            if unit.key not in keys and any(_bare(line) not in lines for line in unit.text.split("\n")):
                yield f"the text: {_bare(unit.text.split(chr(10))[0])[:40]}"


def _all(chapter: Chapter) -> Iterator[Chapter]:
    yield chapter
    for below in chapter.below:
        yield from _all(below)


def _bare(line: str) -> str:
    """A line without its marks and blanks."""
    return _flat(_MARK.sub("", line.strip()))


def _flat(text: str) -> str:
    return " ".join(text.split())
