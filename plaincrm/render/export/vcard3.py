"""Address cards, vCard 3.0 (RFC 2426), for programs that read no newer ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from plaincrm.render.content_lines import content_lines
from plaincrm.render.escape import ics_text
from plaincrm.render.export.forms import How
from plaincrm.render.export.vcard import Card, cards
from plaincrm.reports.export import Export


def write(file: BinaryIO, export: Export, how: How) -> list[str]:
    """Write a card a row. A birthday of which the year is not known has no place in this version."""
    yearless = 0
    for card in cards(export, how):
        yearless += card.text("birthday").startswith("--")
        file.write(content_lines(_lines(card)).encode())
    return [f"Birthdays without a year, which vCard 3 has no place for: {yearless}; vcard has."] if yearless else []


def _lines(card: Card) -> Iterator[str]:
    yield from ("BEGIN:VCARD", "VERSION:3.0", f"UID:{card.uid}", f"FN:{ics_text(card.name)}", f"N:{card.parts_of_name}")
    if not card.is_person:
        yield "X-ABSHOWAS:COMPANY"  # which address books of Apple go by
    yield from card.shared()
    yield from (f"TEL;TYPE=VOICE:{ics_text(phone)}" for phone in card.texts("phone"))
    yield from (f"EMAIL;TYPE=INTERNET:{ics_text(email)}" for email in card.texts("email"))
    if card.text("birthday") and not card.text("birthday").startswith("--"):
        yield f"BDAY:{card.text('birthday')}"
    yield "END:VCARD"
