"""Transactions of a ledger in plain text, and the invoices among them: what an income account was credited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plaincrm.exchange.incoming import Party, Unread
from plaincrm.exchange.invoice import Invoice

_INCOME = re.compile(r"(?:income|revenues?|sales|tulot|tuotot|myynti|liikevaihto)(?::|$)", re.IGNORECASE)


class Posting(NamedTuple):
    """One account's part of a transaction; no amount where the ledger leaves it to be reckoned."""

    account: str
    amount: Decimal | None
    currency: str


class Transaction(NamedTuple):
    """A transaction: its number (a code or a link), the other party, its tags and postings."""

    place: str
    day: date | None
    number: str
    payee: str
    tags: dict[str, str]
    postings: tuple[Posting, ...]


def invoices(transactions: Iterable[Transaction | Unread], currency: str) -> Iterator[Invoice | Unread]:
    """The invoices among transactions: those that credit an income account."""
    for found in transactions:
        if isinstance(found, Unread):
            yield found
            continue
        income = [posting for posting in found.postings if _INCOME.match(posting.account)]
        if not income:
            continue
        sums = _sums(found.postings, income)
        if sums is None or len(sums) != 1:
            why = "its amounts can be read two ways" if sums is None else "its income is in several currencies"
            yield Unread(found.place, why)
            continue
        number = found.tags.get("invoice") or found.number
        if not number:
            yield Unread(found.place, "income without an invoice number: give it a code, a link or a tag invoice")
            continue
        ((named, net),) = sums.items()
        yield Invoice(
            found.place,
            number,
            found.day,
            net,
            named or currency,
            _party(found),
            found.tags.get("product", ""),
            found.tags.get("reason", ""),
        )


def _sums(postings: Iterable[Posting], income: list[Posting]) -> dict[str, Decimal] | None:
    """What income accounts were credited by currency; an amount that is left out is what the others leave."""
    told, sums = list(postings), dict[str, Decimal]()
    if sum(posting.amount is None for posting in told) > 1:
        return None
    for posting in income:
        if posting.amount is not None:
            sums[posting.currency] = sums.get(posting.currency, Decimal(0)) - posting.amount
    if any(posting.amount is None for posting in income):
        for posting in told:
            if posting.amount is not None:
                sums[posting.currency] = sums.get(posting.currency, Decimal(0)) + posting.amount
    return sums


def _party(found: Transaction) -> Party:
    tags = found.tags
    email = tags.get("email", "")
    ids = tags.get("business_id", ""), tags.get("vat_id", "")
    return Party(found.payee, *ids, (email,) if email else (), customer=tags.get("customer", ""))
