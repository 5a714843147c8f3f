"""Words that give fields values: `next=friday`, `tags+=café`, told apart from those that name a customer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from plaincrm.cli.context import Asked
from plaincrm.cli.days import day_of

_ASSIGNMENT = re.compile(r"([^\s=<>:@\"+-][^=<>:\"]*?)(\+=|-=|=)(.*)", re.DOTALL)


class Assignment(NamedTuple):
    """`next=2026-12-01`, `tags+=café`, `tags-=café`, or `next=` to clear it."""

    key: str
    sign: str
    value: str


def told_apart(words: Iterable[str]) -> tuple[list[str], list[Assignment]]:
    """The words that name something, and those that give fields values."""
    given, named = list[Assignment](), list[str]()
    for word in words:
        match = _ASSIGNMENT.fullmatch(word)
        if match:
            given.append(Assignment(*match.groups()))
        else:
            named.append(word)
    return named, given


def values_of(asked: Asked, key: str, value: str) -> list[str]:
    """The values of a word: several with commas between them for a list, and dates as they are spoken."""
    field = asked.vault.config.schema.table.find(key)
    if field and field.type == "date":
        return [day_of(value, asked.today, key).isoformat()] if value.strip() else []
    many = field and field.many and field.type != "contact"
    return [part.strip() for part in value.split(",")] if many else [value]
