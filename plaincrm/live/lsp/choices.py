"""What may be typed at a place, as one value: its text, where it goes, and what is shown of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from plaincrm.index.index import Index
from plaincrm.index.names import customers_like
from plaincrm.language import LANGUAGES, label, unaccented
from plaincrm.language.spoken import spoken_date
from plaincrm.live.lsp.note import Note
from plaincrm.records.fields import Field
from plaincrm.reports.completion import values_of
from plaincrm.vault.config import Config

Values = Callable[[Field], Iterable[str]]  # what a field may have
Kind = Literal["key", "value", "customer", "day", "word"]

MOST = 50  # customers told at once; more letters find the others
_DAYS = ("today", "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_AHEAD = ("+1w", "+2w", "+1m", "+3m", "+1y")


class Choice(NamedTuple):
    """What may stand between two places (character offsets): `text` is put there, `label` and `about` are shown.

    Only what fits the letters typed so far is a choice: editors are told to ask anew at each letter.
    """

    start: int
    end: int
    text: str
    label: str
    kind: Kind
    about: str = ""


def days(typed: str, start: int, end: int, today: date) -> Iterator[Choice]:
    """Days by word: the one that is typed, then those near today, each written as YYYY-MM-DD."""
    said = spoken_date(typed, today) if typed.strip() else None
    if said:
        yield Choice(start, end, said.isoformat(), typed.strip(), "day", f"{said} {_weekday(said)}")
    for word in (*_words(), *_AHEAD):
        day = spoken_date(word, today)
        if day and word != typed.strip() and unaccented(word).startswith(unaccented(typed.strip())):
            yield Choice(start, end, day.isoformat(), word, "day", f"{day} {_weekday(day)}")


def _words() -> Iterator[str]:
    """The names of days in each language, the usual one first."""
    for language in LANGUAGES:
        yield from (label("days", name, language) for name in _DAYS)


def _weekday(day: date) -> str:
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where somebody types: the note and the offset, and what is known of the day and the vault.

    `sign` is the character that made the editor ask, if one did.
    """

    note: Note
    offset: int
    today: date
    index: Index | None
    values: Values
    sign: str = ""


def known_values(index: Index | None, config: Config, field: Field) -> tuple[str, ...]:
    """The values that a field may have; of one of free text those it has in some note, the usual ones first."""
    if field.scope != "customer" and field.type == "text" and index is not None:
        return tuple(text for (text,) in index.rows(_SAID, (field.key, MOST)))
    return tuple(values_of(index if field.scope == "customer" else None, config, field))


_SAID = "select text from measures where name = ? group by text order by count(*) desc, text limit ?"


def customers(index: Index | None, typed: str) -> Iterator[tuple[str, str]]:
    """Customers by a part of id or name: id and name."""
    if index is not None:
        yield from ((row.customer, row.name) for row in customers_like(index, typed, MOST))


def of_words(words: Iterable[tuple[str, str]], typed: str, start: int, end: int, after: str = "") -> Iterator[Choice]:
    """Words, each with what it is, of which one has been begun."""
    for word, about in words:
        if unaccented(word).startswith(unaccented(typed)):
            yield Choice(start, end, f"{word}{after}", word, "word", about)
