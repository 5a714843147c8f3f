"""What should stand in a register once, in the form in which it is compared: ids, addresses, numbers, names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from plaincrm.records.model import Customer
from plaincrm.records.names import name_words
from plaincrm.records.phone import phone_number
from plaincrm.records.schema import Schema


class Identity(NamedTuple):
    """One thing that should stand in the register once: `shown` as typed, `value` as compared.

    `person` is the contact person whose it is, if it is one's.
    """

    kind: str
    value: str
    line: int
    shown: str
    person: str = ""


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
    name = "".join(name_words(customer.name))
    if name:
        line = fields["name"][0].line if "name" in fields else 1
        yield Identity("name", name, line, customer.name)
    for kind in ("business_id", "vat_id"):
        for item in fields.get(kind, ()):
            yield Identity(kind, str(item.value), item.line, item.text)
    reached = [("email", item.value, item.line, "") for item in fields.get("email", ())]
    reached += [("phone", item.value, item.line, "") for item in fields.get("phone", ())]
    for item in fields.get("contacts", ()):
        reached.append(("email", item.value.email, item.line, item.value.name))
        reached.append(("phone", item.value.phone, item.line, item.value.name))
    for kind, text, line, person in reached:
        value = text.casefold() if kind == "email" else phone_number(text, schema.country) if text else None
        if value:
            yield Identity(kind, value, line, text, person)
