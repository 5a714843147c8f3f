"""Words that give fields values: `next=friday`, `tags+=café`, told apart from those that name a customer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import NamedTuple

from plaincrm.checks.register import RELATIONS
from plaincrm.cli.context import Asked
from plaincrm.cli.days import day_of
from plaincrm.errors import NoMatch, SeveralMatch

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
    """The values of a word: of a list between commas, dates as they are spoken, relations as customers are named."""
    field = asked.vault.config.schema.table.find(key)
    if field and field.type == "date":
        return [day_of(value, asked.today, key).isoformat()] if value.strip() else []
    many = field and field.many and field.type != "contact"
    parts = [part.strip() for part in value.split(",")] if many else [value]
    return [_linked(asked, part) for part in parts] if field and field.key in RELATIONS else parts


def _linked(asked: Asked, text: str) -> str:
    """The link to the customer that a text names, as in other commands; the text itself where it names none.

    Raises:
        SeveralMatch: it names several.
    """
    if not text.strip() or text.lstrip().startswith("["):
        return text
    try:
        path = asked.vault.path_of(text)
    except SeveralMatch:
        raise
    except NoMatch:
        return text
    return f"[[{PurePosixPath(path).stem}]]"


def canonical_key(asked: Asked, key: str) -> str:
    """The key of the field that a word on the command line names; the word itself where it names none."""
    found = asked.vault.config.schema.table.find(key)
    return found.key if found else key
