"""beancount ledgers: transactions with payee, links, tags, metadata and postings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from plaincrm.dates import real_date
from plaincrm.exchange.incoming import Unread
from plaincrm.exchange.ledger import Posting, Transaction

_TEXT = r'"((?:[^"\\]|\\.)*)"'
_HEAD = re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}})\s+(?:txn|[*!])(?:\s+{_TEXT})?(?:\s+{_TEXT})?(?P<more>.*)")
_META = re.compile(rf"([a-z][\w-]*):\s*(?:{_TEXT}|([^\s;]+))?.*")
_POSTING = re.compile(
    r"(?:[*!]\s+)?([A-ZÀ-Þ][\w-]*(?::[\w-]+)+)(?:\s+([-+]?[0-9][0-9,]*(?:\.[0-9]+)?)\s+([A-Z][A-Z0-9'._-]*))?.*"
)


def is_beancount(text: str) -> bool:
    """Whether a line begins as a transaction of beancount does, or opens an account."""
    pattern = r'^[0-9]{4}-[0-9]{2}-[0-9]{2}\s+(?:(?:txn|[*!])\s+"|open\s+[A-Z])'
    return re.search(pattern, text, re.MULTILINE) is not None


def beancount(text: str, name: str) -> Iterator[Transaction | Unread]:
    """The transactions of a ledger. What it includes is told and not read."""
    rows: list[str] = []
    begin = 0
    for line, row in enumerate([*text.split("\n"), ""], 1):
        if rows and row[:1] in (" ", "\t") and row.strip():
            rows.append(row.strip())
            continue
        if rows:
            yield _transaction(rows, f"{name}:{begin}")
        rows, begin = [row] if _HEAD.fullmatch(row) else [], line
        if row.startswith("include "):
            yield Unread(f"{name}:{line}", "include is not followed: name the file that it includes")


def _transaction(rows: list[str], place: str) -> Transaction | Unread:
    head = _HEAD.fullmatch(rows[0])
    assert head is not None  # that is what begins one
    tags, postings, number = dict[str, str](), list[Posting](), ""
    if link := re.search(r"\^([\w./-]+)", head["more"].partition(";")[0]):
        number = link[1]
    for row in rows[1:]:
        if posting := _POSTING.fullmatch(row):
            account, amount, currency = posting.groups()
            postings.append(Posting(account, Decimal(amount.replace(",", "")) if amount else None, currency or ""))
        elif meta := _META.fullmatch(row):
            tags[meta[1].lower()] = _plain(meta[2] or meta[3] or "")
        elif row[:1] not in (";", "#", "^"):
            return Unread(place, f"a line of it cannot be read: {row}")
    payee = _plain(head[4] or "") if head[5] is not None else ""
    day = real_date(int(head[1]), int(head[2]), int(head[3]))
    return Transaction(place, day, number, payee or _plain(head[4] or ""), tags, tuple(postings))


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
