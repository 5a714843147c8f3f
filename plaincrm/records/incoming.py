"""What another program says of a customer, a contact person or a deal, in our words: what an importer hands over."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

Kind = Literal["company", "person", "deal", "customer"]  # a customer: company or person is not said


class Remark(NamedTuple):
    """A note that somebody wrote; with a day it becomes an entry of the log, without one text of the note."""

    text: str
    day: date | None = None
    who: str = ""
    channel: str = "note"


class OfferedDeal(NamedTuple):
    """A deal, each part as a note has it (`4500.00 EUR`, `60 %`, `2027-03-15`); empty where it is not known."""

    name: str
    value: str = ""
    opened: str = ""
    chance: str = ""
    expected: str = ""
    won: str = ""
    lost: str = ""
    reason: str = ""


class Incoming(NamedTuple):
    """One record of a file: where it stands, what it is, and its fields by canonical key.

    `ids` name it in the program that it comes from (`hubspot-contact:9001`), `company` and `company_ids` the company
    of a person or the customer of a deal. `left_out` tells the values that could not be taken over, and why.
    """

    file: str
    line: int
    kind: Kind
    name: str
    fields: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    ids: tuple[str, ...] = ()
    company: str = ""
    company_ids: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    deal: OfferedDeal | None = None
    left_out: tuple[str, ...] = ()
    defaults: Mapping[str, str] = MappingProxyType({})  # of fields, where the customer is a new one
    path: str = ""  # where its note stood in the vault of which this is an export


def packed(record: Incoming) -> str:
    """A record as a text that `unpacked` reads."""
    return json.dumps(record, default=lambda value: dict(value) if isinstance(value, Mapping) else value.isoformat())


def unpacked(text: str) -> Incoming:
    """A record of the text that `packed` makes of it."""
    file, line, kind, name, fields, ids, company, company_ids, remarks, deal, left_out, *more = json.loads(text)
    return Incoming(
        file,
        line,
        kind,
        name,
        {key: tuple(texts) for key, texts in fields.items()},
        tuple(ids),
        company,
        tuple(company_ids),
        tuple(Remark(said, date.fromisoformat(day) if day else None, *more) for said, day, *more in remarks),
        OfferedDeal(*deal) if deal else None,
        tuple(left_out),
        *more,
    )


class Rejection(NamedTuple):
    """A record that cannot be taken over, and why."""

    file: str
    line: int
    why: str


@dataclass(frozen=True)
class Source:
    """A file: how it was read, whose export it is, its columns with what they mean, those that mean nothing to us."""

    file: str
    kind: str
    read_as: tuple[str, ...]
    columns: Mapping[str, str]
    unmapped: tuple[str, ...]
    records: Callable[[], Iterator[Incoming | Rejection]]
    ignored: tuple[str, ...] = ()  # columns that are left out knowingly
    of: str = "customer"  # what a row of it is: company, person, deal or customer
    notes: Callable[[], Iterator[tuple[int, str]]] | None = None  # of an export of ours: its lines, each a whole note


def is_whole_note(found: object) -> bool:
    """Whether an object is a customer as our own export writes it in JSON: the fields, and the Markdown below them."""
    return (
        isinstance(found, dict)
        and all(isinstance(found.get(key), str) for key in ("customer", "file", "body"))
        and isinstance(found.get("other", {}), dict)
    )


# What means something in a note, and how it is broken so that foreign text stays text.
_BROKEN = (("::", ": :"), ("[[", "[ ["), ("]]", "] ]"), ("%%", "% %"), ("<%", "< %"), ("{{", "{ {"), ("<!--", "< !--"))
_BEGINS = re.compile(
    r"^[ \t>]*(?=(?:#|```|~~~|\||=|>|---|\*\*\*|___|[0-9]{1,4}[-./][0-9]|[-*+] *(?:\[|[0-9*\"])|[0-9]+[.)] *\[))",
    re.MULTILINE,
)


def harmless(text: str) -> str:
    """Foreign text as it may stand in a note: no field, task, entry, link, heading, code or template begins in it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    seen = "".join(sign if sign == "\n" or sign.isprintable() or sign == "\u00a0" else " " for sign in lines)
    for sign, broken in _BROKEN:
        while sign in seen:
            seen = seen.replace(sign, broken)
    seen = re.sub(r"<(?=[A-Za-z/!?][^\s@<>]*[\s>/])", r"\<", seen)
    return _BEGINS.sub(lambda found: found[0].lstrip(" >") + "\\", seen).strip()
