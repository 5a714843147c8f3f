"""An invoice as every source has it, and the entry that it becomes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plaincrm.exchange.incoming import Incoming, Key, Party, Unread, words_of
from plaincrm.money import Money, MoneyError, parse_money


class Invoice(NamedTuple):
    """An invoice that was sent: `net` is without VAT, negative for a credit note; `reason` says why that is so."""

    place: str
    number: str
    day: date | None
    net: Decimal | None
    currency: str
    buyer: Party
    product: str = ""
    reason: str = ""


def incoming(invoice: Invoice) -> Incoming | Unread:
    """The entry of an invoice, or what it lacks."""
    number = words_of(invoice.number, 60)
    if not number:
        return Unread(invoice.place, "it has no invoice number")
    if invoice.day is None:
        return Unread(invoice.place, f"invoice {number} has no date that can be read one way only")
    if invoice.net is None:
        return Unread(invoice.place, f"invoice {number} has no amount without VAT that can be read one way only")
    if invoice.net == 0:
        return Unread(invoice.place, f"invoice {number} comes to nothing")
    try:
        sale = parse_money(f"{Money(invoice.net, invoice.currency or 'EUR')}", "")
    except MoneyError as error:
        return Unread(invoice.place, f"invoice {number}: {str(error)[:1].lower()}{str(error)[1:]}")
    said = {"product": words_of(invoice.product, 80), "reason": words_of(invoice.reason, 120)}
    texts = tuple((key, text) for key, text in said.items() if text and (key != "reason" or sale.amount < 0))
    return Incoming(
        invoice.place, (invoice.buyer,), invoice.day, Key("invoice", number), "invoice", sale=sale, texts=texts
    )
