"""What other programs tell of customers: whom it is about, and the entry that it is to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from typing import NamedTuple

from plaincrm.money import Money

# Signs by which text would become a field, a task, a link, code or a comment of the note.
_ROUND = str.maketrans("[]{}`", "(){}'")
_COMMENTS = (("<!--", "< !--"), ("-->", "-- >"), ("%%", "% %"), ("~~~", "~ ~ ~"))


class Party(NamedTuple):
    """Whom something is about, by all that the other program knows of them; empty where it knows nothing.

    `customer` is the id of a note, `mention` a text in which the name may stand. `who` is the person whom the entry
    names. One that is not `told` is left out without a word where no customer is found.
    """

    name: str = ""
    business_id: str = ""
    vat_id: str = ""
    emails: tuple[str, ...] = ()
    customer: str = ""
    mention: str = ""
    who: str = ""
    told: bool = True

    @property
    def shown(self) -> str:
        """The party in a few words."""
        known = (self.name, *self.emails, self.business_id, self.vat_id, self.customer, self.mention)
        return next((text for text in known if text), "nobody")


class Key(NamedTuple):
    """By what an entry is known again: an inline field, `invoice` or `origin`, and its value."""

    field: str
    value: str


class Incoming(NamedTuple):
    """One entry to be, for each of its parties. `place` is where it was read: `invoices.csv:12`.

    `sale` is without VAT. `texts` are other inline fields as they are typed, `lines` stand under the first line.
    """

    place: str
    parties: tuple[Party, ...]
    day: date
    key: Key
    channel: str
    direction: str = ""
    start: time | None = None
    end: time | None = None
    summary: str = ""
    sale: Money | None = None
    texts: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, str]:
        """The inline fields in the order in which they stand in the entry."""
        sale = {"sale": str(self.sale)} if self.sale else {}
        if self.key.field == "invoice":
            return {**sale, "invoice": self.key.value, **dict(self.texts)}
        return {**dict(self.texts), self.key.field: self.key.value}

    @property
    def times(self) -> str:
        """The time of day as a log has it: 14:30, or 10:00-11:00."""
        return "-".join(f"{moment:%H:%M}" for moment in (self.start, self.end) if moment)


class Unread(NamedTuple):
    """What could not be read, and why."""

    place: str
    why: str


def words_of(text: str, most: int = 200) -> str:
    """A text of strangers on one line of an entry: nothing in it is a field, a link, code or a comment."""
    text = _harmless(" ".join(printable(text).split()))
    return text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0].rstrip(' ,.;:')}…"


def person_of(text: str) -> str:
    """A name as it can stand behind the comma of an entry's head; empty where it would be read otherwise."""
    text = " ".join(re.sub(r"[,:;|–—()\"<>]|(?<!\S)-+(?!\S)", " ", words_of(text, 60)).split())
    return text if text[:1].isalpha() and len(text) <= 40 else ""


def quoted(lines: Sequence[str]) -> tuple[str, ...]:
    """Lines of strangers as a quotation, in which nothing is a field, a task, a link, code or a comment."""
    return tuple(f"> {_harmless(' '.join(printable(line).split()))}".rstrip() for line in lines)


def printable(text: str) -> str:
    """A text without control characters and what is no character at all; blanks and line ends stay."""
    text = text.encode("utf-8", "replace").decode().replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or sign.isprintable() or sign == "\u00a0")


def _harmless(text: str) -> str:
    text = text.translate(_ROUND)
    for sign, harmless in _COMMENTS:
        text = text.replace(sign, harmless)
    return re.sub(":{2,}", ":", text)
