"""Answers of a survey in a table: scores and comments of customers, each answer once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from plaincrm.errors import UsageError
from plaincrm.exchange.incoming import Incoming, Key, Party, Unread, words_of
from plaincrm.exchange.tables import Row, Table, read_table
from plaincrm.records.fields import INLINE_FIELDS

SCORES = ("nps", "ces", "csat")
# What a column holds, by the names that survey tools give it; of several the first that is there counts.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("response id", "respondent id", "answer id", "submission id", "#", "id", "token"),
        *("vastaus", "vastaustunnus", "vastauksen tunnus", "tunnus"),
    ),
    "day": (
        *(
            "date",
            "answered",
            "submitted at",
            "submit date (utc)",
            "timestamp",
            "end date",
            "created at",
            "response date",
        ),
        *("päivä", "pvm", "päivämäärä", "vastattu", "vastausaika", "aikaleima"),
    ),
    "email": ("email", "e-mail", "email address", "respondent email", "sähköposti", "sähköpostiosoite"),
    "customer": ("customer id", "plaincrm", "plaincrm id", "external id", "asiakastunnus"),
    "name": ("customer", "customer name", "company", "company name", "name", "asiakas", "yritys", "nimi"),
    "nps": ("nps", "nps score", "nps-arvosana", "suositteluluku", "suositteluindeksi"),
    "ces": ("ces", "ces score", "customer effort score", "helppous"),
    "csat": ("csat", "csat score", "satisfaction", "tyytyväisyys"),
    "score": ("score", "rating", "answer", "pisteet", "arvosana", "arvio"),
    "comment": ("comment", "comments", "feedback", "reason", "why", "kommentti", "palaute", "perustelu", "vapaa sana"),
}
_FIELD_OF = {name: field for field, names in COLUMNS.items() for name in names}
_QUESTIONS = {  # a whole question as header: words of which one tells what was asked
    "nps": ("recommend", "suosittel"),
    "ces": ("how easy", "effort", "helppo", "vaivat"),
    "csat": ("satisfied", "tyytyväi"),
}
_LIMITS = {field.key: field.limits for field in INLINE_FIELDS if field.key in SCORES}


def field_of(header: str) -> str | None:
    """What a column holds; None where that is not known."""
    folded = " ".join(header.casefold().split())
    if folded in _FIELD_OF:
        return _FIELD_OF[folded]
    if len(folded) > 15:
        return next((key for key, words in _QUESTIONS.items() if any(word in folded for word in words)), None)
    return None


def read_survey(path: Path, measure: str = "") -> Iterator[Incoming | Unread]:
    """The answers of a table; `measure` says what a column called score holds: nps, ces or csat.

    Raises:
        UsageError: the file is no table, or lacks the day, the customer or a score.
    """
    table = read_table(path, known=lambda header: field_of(header) is not None)
    columns = {field: header for header in reversed(table.headers) if (field := field_of(header))}
    if measure and "score" in columns:
        columns[measure] = columns.pop("score")
    lacks = []
    if "day" not in columns:
        lacks.append("the date")
    if columns.keys().isdisjoint(("email", "customer", "name")):
        lacks.append("the customer")
    if columns.keys().isdisjoint(SCORES):
        lacks.append("a score")
    if lacks:
        there = ", ".join(table.headers[:12])
        remedy = "Name the columns Date, Email and NPS, CES or CSAT."
        if "score" in columns:
            remedy = "Say what the score is: --score nps, ces or csat."
        raise UsageError(f"No column has {' or '.join(lacks)}; there are {there}.", remedy)
    for row in table.rows():
        place = f"{path.name}:{row.line}"
        if isinstance(row, Row):
            yield _answer({field: row.cells.get(header, "") for field, header in columns.items()}, table, place)
        else:
            yield Unread(place, row.why)


def _answer(cells: Mapping[str, str], table: Table, place: str) -> Incoming | Unread:
    day = table.day(cells["day"])
    if day is None:
        return Unread(place, f"{cells['day'] or 'nothing'} is no date that can be read one way only")
    scores = {key: cells[key] for key in SCORES if cells.get(key)}
    values: dict[str, Decimal] = {}
    for key, text in scores.items():
        value, (low, high) = table.number(text), _LIMITS[key] or (0, 0)
        if value is None or value != value.to_integral_value() or not low <= value <= high:
            return Unread(place, f"{text} is no score of {key}: those are {low} to {high}")
        values[key] = value
    comment = words_of(cells.get("comment", ""), 500)
    if not values and not comment:
        return Unread(place, "it has no score and no comment")
    email = cells.get("email", "").strip()
    if "@" not in email and not cells.get("customer") and not cells.get("name"):
        return Unread(place, "it does not say whose answer it is")
    said = [*((key, str(int(value))) for key, value in values.items()), *([("feedback", comment)] if comment else [])]
    party = Party(cells.get("name", ""), emails=(email,) if "@" in email else (), customer=cells.get("customer", ""))
    number = re.sub(r"[^\w.@-]", "", cells.get("id", ""))[:60]
    if not number:  # an answer without a number is known by what it says
        number = f"{day}.{hashlib.sha256(repr(said).encode()).hexdigest()[:8]}"
    return Incoming(place, (party,), day, Key("origin", f"survey:{number}"), "note", texts=tuple(said))
