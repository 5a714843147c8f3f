"""Address cards, vCard 4.0 (RFC 6350): customers, or the contact persons of companies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

from plaincrm.language import fold
from plaincrm.render.content_lines import content_lines
from plaincrm.render.escape import ics_text, phone_uri
from plaincrm.render.export.forms import How
from plaincrm.reports.export import Cell, Export


class Card:
    """What stands on one card; `texts` has the values of a column as texts, none where there is none."""

    def __init__(self, known: Mapping[str, Cell], companies: Mapping[str, str]) -> None:
        self._known = known
        self.is_person = "customer_name" in known or known.get("type") != "company"
        self.name = self.text("name") or self.text("customer_name") or self.text("customer")
        company = self.text("company")
        self.organization = self.text("customer_name") or companies.get(company, company)

    def text(self, key: str) -> str:
        """The value of a column, empty where there is none."""
        return str(self._known.get(key) or "")

    def texts(self, key: str) -> list[str]:
        """The values of a column."""
        found = self._known.get(key)
        return list(found) if isinstance(found, tuple) else [str(found)] if found else []

    @property
    def uid(self) -> str:
        """The same for the same person of the same customer, however often the card is written."""
        customer = self.text("customer")
        person = self.text("name") if "customer_name" in self._known else ""
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'plaincrm:{customer}#{fold(person)}')}"

    @property
    def parts_of_name(self) -> str:
        """Family name and given names: the last word, and those before it. A company has neither."""
        *given, family = self.name.split() or [""]
        parts = (family, " ".join(given)) if self.is_person else ("", "")
        return f"{';'.join(map(ics_text, parts))};;;"

    @property
    def address(self) -> str:
        """The seven parts of an address, empty where nothing is known of it."""
        parts = [self.text(key) for key in ("address", "city", "", "postcode", "country")]
        return f";;{';'.join(map(ics_text, parts))}" if any(parts[:2]) else ""

    def shared(self) -> Iterator[str]:
        """The lines that both versions write alike."""
        if self.texts("aliases"):
            yield f"NICKNAME:{','.join(map(ics_text, self.texts('aliases')))}"
        organization = self.organization if self.is_person else self.name
        if organization:
            yield f"ORG:{ics_text(organization)}"
        if self.text("role"):
            yield f"TITLE:{ics_text(self.text('role'))}"
        if self.address:
            yield f"ADR:{self.address}"
        if self.text("website"):
            yield f"URL:{ics_text(self.text('website'))}"
        if self.texts("tags"):
            yield f"CATEGORIES:{','.join(map(ics_text, self.texts('tags')))}"


def cards(export: Export, how: How) -> Iterator[Card]:
    """The cards of an export."""
    keys = [column.key for column in export.columns]
    return (Card(dict(zip(keys, row, strict=True)), how.companies) for row in export.rows)


def write(file: BinaryIO, export: Export, how: How) -> list[str]:
    """Write a card a row."""
    for card in cards(export, how):
        file.write(content_lines(_lines(card)).encode())
    return []


def _lines(card: Card) -> Iterator[str]:
    yield from ("BEGIN:VCARD", "VERSION:4.0", f"KIND:{'individual' if card.is_person else 'org'}", f"UID:{card.uid}")
    yield f"FN:{ics_text(card.name)}"
    if card.is_person:
        yield f"N:{card.parts_of_name}"
    yield from card.shared()
    for phone in card.texts("phone"):
        uri = phone_uri(phone)
        yield f"TEL;VALUE=uri;TYPE=voice:{uri}" if uri else f"TEL;TYPE=voice:{ics_text(phone)}"
    yield from (f"EMAIL:{ics_text(email)}" for email in card.texts("email"))
    if card.text("birthday"):
        yield f"BDAY:{_basic(card.text('birthday'))}"
    yield "END:VCARD"


def _basic(day: str) -> str:
    """A day without the signs between its parts: `19710219`, or `--0219`."""
    return f"--{day[2:].replace('-', '')}" if day.startswith("--") else day.replace("-", "")
