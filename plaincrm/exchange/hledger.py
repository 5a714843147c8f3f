"""hledger journals: transactions with their codes, tags and postings; and what `hledger print -O json` writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from plaincrm.dates import real_date
from plaincrm.exchange.incoming import Unread
from plaincrm.exchange.ledger import Posting, Transaction
from plaincrm.exchange.local_values import Style, number_of

_HEAD = re.compile(
    r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})(?:=\S+)?"
    r"(?:\s+[*!])?(?:\s*\((?P<code>[^)]*)\))?(?:\s+(?P<said>.*))?"
)
_TAG = re.compile(r"(?:^|[\s,])([\w-]+):[ \t]*([^,\n]*)")
_COMMODITY = r'"[^"]+"|[^\W\d_]+|[€$£]'
_AMOUNT = re.compile(
    rf"(?P<minus>-?)\s*(?P<before>{_COMMODITY})?\s*(?P<number>[-+]?[0-9][0-9., \u00a0]*)\s*(?P<after>{_COMMODITY})?"
)
_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP"}
_ASK = "have hledger read it: hledger print -o sales.json"


def is_journal(text: str) -> bool:
    """Whether a line begins as a transaction does and an indented one stands under it."""
    return (
        re.search(r"^[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}.*\n(?:[ \t]+;.*\n)*[ \t]+\S", text, re.MULTILINE)
        is not None
    )


def journal(text: str, name: str) -> Iterator[Transaction | Unread]:
    """The transactions of a journal. What it takes from elsewhere, or leaves to a directive, is told and not read."""
    style, blocks = Style(), list[tuple[int, list[str]]]()
    in_comment = False
    for line, row in enumerate(text.split("\n"), 1):
        if in_comment or row.rstrip() == "comment":
            in_comment = row.rstrip() != "end comment"
        elif row[:1].isdigit():
            blocks.append((line, [row]))
        elif row[:1] in (" ", "\t") and row.strip():
            if blocks and blocks[-1][1]:
                blocks[-1][1].append(row)
        else:
            if mark := re.match(r"decimal-mark\s+([.,])", row):
                style = Style(mark[1])
            elif row.startswith(("include ", "!include ", "apply ", "alias ", "Y")):
                yield Unread(f"{name}:{line}", f"{row.split()[0]} is not followed; {_ASK}")
            if row[:1] not in (";", "#", "*") and row.strip():
                blocks.append((line, []))  # what is indented under a directive is none of a transaction
    for line, rows in blocks:
        if rows:
            yield _transaction(rows, f"{name}:{line}", style)


def _transaction(rows: list[str], place: str, style: Style) -> Transaction | Unread:
    first, _, comment = rows[0].partition(";")
    head = _HEAD.fullmatch(first.strip())
    if head is None:
        return Unread(place, f"its first line cannot be read; {_ASK}")
    tags, postings = _tags(comment), list[Posting]()
    for row in rows[1:]:
        said, _, comment = row.strip().partition(";")
        tags |= _tags(comment)
        if said.strip():
            posting = _posting(said, style)
            if posting is None:
                return Unread(place, f"an amount of it can be read two ways: {said.strip()}; {_ASK}")
            postings.append(posting)
    day = real_date(*(int(head[part]) for part in ("year", "month", "day")))
    return Transaction(place, day, head["code"] or "", payee_of(head["said"] or ""), tags, tuple(postings))


def payee_of(description: str) -> str:
    """The party of a description: `PAYEE | NOTE`, or all of it."""
    return description.partition("|")[0].strip()


def _tags(comment: str) -> dict[str, str]:
    return {name.lower(): value.strip() for name, value in _TAG.findall(comment)}


def _posting(said: str, style: Style) -> Posting | None:
    """A posting; None where its amount cannot be read one way only."""
    account, _, amount = re.sub(r"^[*!]\s+", "", said).replace("\t", "  ").partition("  ")
    account = account.strip("()[] ")
    amount = re.split(r"@|=|\{", amount)[0].strip()  # without cost and balance assertion
    if not amount:
        return Posting(account, None, "")
    found = _AMOUNT.fullmatch(amount)
    number = number_of(found["number"], style) if found else None
    if found is None or number is None or (found["before"] and found["after"]):
        return None
    commodity = (found["before"] or found["after"] or "").strip('"')
    return Posting(account, -number if found["minus"] else number, _SYMBOLS.get(commodity, commodity))


def printed(data: bytes, name: str) -> Iterator[Transaction | Unread]:
    """The transactions of `hledger print -O json`.

    Raises:
        ValueError: it is no such answer.
    """
    found = json.loads(data, parse_float=Decimal, parse_int=_whole)
    if not isinstance(found, list):
        raise ValueError("it is no list of transactions")  # noqa: TRY004 (of data, not of arguments)
    for at, row in enumerate(found, 1):
        place = f"{name}:{at}"
        try:
            yield _of_json(row, place)
        except (LookupError, TypeError, ValueError, ArithmeticError):
            yield Unread(place, "it is no transaction as hledger prints them")


def _whole(text: str) -> int:
    if len(text) > 300:
        raise ValueError("a number is longer than any amount")
    return int(text)


def _of_json(row: dict[str, Any], place: str) -> Transaction:
    source = row["tsourcepos"][0]
    tags = {str(name).lower(): str(value) for name, value in row["ttags"]}
    for posting in row["tpostings"]:
        tags |= {str(name).lower(): str(value) for name, value in posting["ptags"]}
    return Transaction(
        f"{str(source['sourceName']).rpartition('/')[2]}:{int(source['sourceLine'])}" if source else place,
        real_date(*map(int, row["tdate"].split("-"))),
        str(row["tcode"]),
        payee_of(str(row["tdescription"])),
        tags,
        tuple(
            Posting(str(posting["paccount"]), _quantity(amount), _SYMBOLS.get(*2 * (str(amount["acommodity"]),)))
            for posting in row["tpostings"]
            for amount in posting["pamount"]
        ),
    )


def _quantity(amount: dict[str, Any]) -> Decimal:
    quantity = amount["aquantity"]
    places = int(quantity["decimalPlaces"])
    if not 0 <= places <= 255:
        raise ValueError("hledger has at most 255 decimals")
    return Decimal(int(quantity["decimalMantissa"])).scaleb(-places)
