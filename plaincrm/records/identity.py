"""What should stand in a register once, in the form in which it is compared: ids, addresses, numbers, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from plaincrm.language import unaccented
from plaincrm.records.model import Customer
from plaincrm.records.phone import phone_number
from plaincrm.records.schema import Schema

_LEGAL = re.compile(r"\b(?:oyj?|ab|ltd|limited|inc|llc|gmbh|as|asoy|ky|tmi|osk|ry|rf|asunto|the)\b|[\W_]+")


class Identity(NamedTuple):
    """One thing that should stand in the register once: `shown` as typed, `value` as compared."""

    kind: str
    value: str
    line: int
    shown: str


def identities(customer: Customer, schema: Schema) -> Iterator[Identity]:
    """The identities of a customer and of the contact persons, and the numbers of their invoices, each once."""
    seen: set[tuple[str, str]] = set()
    for identity in _all(customer, schema):
        if identity[:2] not in seen:
            seen.add(identity[:2])
            yield identity
    sold = {(sale.invoice, entry.line) for entry in customer.entries for sale in entry.sales if sale.invoice}
    for invoice, line in sold:
        yield Identity("invoice", invoice, line, invoice)


def _all(customer: Customer, schema: Schema) -> Iterator[Identity]:
    fields = customer.fields
    name = bare_name(customer.name)
    if name:
        line = fields["name"][0].line if "name" in fields else 1
        yield Identity("name", name, line, customer.name)
    for kind in ("business_id", "vat_id"):
        for item in fields.get(kind, ()):
            yield Identity(kind, str(item.value), item.line, item.text)
    mails = [(item.value, item.line) for item in fields.get("email", ())]
    phones = [(item.value, item.line) for item in fields.get("phone", ())]
    for item in fields.get("contacts", ()):
        mails.append((item.value.email, item.line))
        phones.append((item.value.phone, item.line))
    for mail, line in mails:
        if mail:
            yield Identity("email", mail.casefold(), line, mail)
    for phone, line in phones:
        number = phone_number(phone, schema.country) if phone else None
        if number:
            yield Identity("phone", number, line, phone)


def bare_name(name: str) -> str:
    """A name as it is compared: without case, diacritics, blanks, signs and a company's legal form."""
    return _LEGAL.sub("", unaccented(name))
