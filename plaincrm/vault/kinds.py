"""What settings may be: one kind of value a row, each with the words for it and the way it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from plaincrm.dates import Period, parse_duration
from plaincrm.language import canonical, fold
from plaincrm.vault.rules import parse_rule
from plaincrm.vault.settings import FIELD_TYPES
from plaincrm.vault.targets import read_coverage

if TYPE_CHECKING:  # needed only where a vault has fields or hours of its own
    from plaincrm.records.fields import Field
    from plaincrm.worktime import Hours

SEVERITIES = ("error", "warning", "hint", "off")
_MOST_MONEY = 10**12
OWN = ("contact", "record")  # what a channel of one's own is, where it is no other word for a known one

KINDS = {
    "text": "a text in quotes",
    "command": 'a command that reads, such as "agenda --days 14", for a note whose name ends in .md',
    "texts": "a list of texts",
    "switch": "true or false",
    "number": "a number of 0 or more",
    "count": "a whole number of 0 or more",
    "duration": 'a length of time such as "14d", "6w", "3m" or "1y"',
    "cadence": 'a length of time such as "14d", "6w", "3m" or "1y", or "never"',
    "cause": 'what begins a playbook, such as "sale" or "each-year"',
    "currency": "a currency code such as EUR",
    "country": "a country code such as FI",
    "zone": "the IANA name of a time zone, such as Europe/Helsinki",
    "hours": 'a day such as mon, mon-fri, "12-24" or "2026-12-24", with "9-17", "9-12, 13-17" or "closed"',
    "days": 'a list of days such as "12-24", "2026-12-24" or "2026-07-06..2026-07-26"',
    "response": 'a length of working time such as "4h", "30 min" or "1 working day"',
    "rule": 'conditions such as "revenue>=20000", "margin>5000 purchases>=3" or "class:A"',
    "limits": "a list of rising numbers above 0 and up to 100, such as [80, 95]",
    "links": 'one of "file", "obsidian" and "none"',
    "amount": "a number of 0 or more",
    "coverage": 'per cent from 0 to 100, or a table with share and of, as { share = 90, of = "type:company" }',
    "severity": 'one of "error", "warning", "hint" and "off"',
    "severities": 'a table of codes, each with one of "error", "warning", "hint" and "off"',
    "channel": '"contact", "record", or the name of a known channel',
    "field": f"one of the types {', '.join(FIELD_TYPES)}, or a table with type, label, help, choices, aliases; "
    "and a name that no field has",
}


def read_setting(kind: str, key: str, value: object) -> object:
    """A setting's value by its kind, or None where it is none; of some kinds the key is part of it."""
    if kind in _OF_KEY:
        return _OF_KEY[kind](key, value)
    if kind in _OF_VALUE:
        return _OF_VALUE[kind](value)
    if kind in ("number", "count", "amount"):
        return _number(kind, value)
    if kind in _OF_LIST:
        return _OF_LIST[kind](value) if isinstance(value, list) else None
    return _OF_TEXT[kind](value) if isinstance(value, str) else None


def is_note_name(path: str) -> bool:
    """Whether a text is the path of a note in the vault, in no hidden folder and not outside."""
    parts = path.split("/")
    return parts[-1].endswith(".md") and path.isprintable() and all(part and part[0] not in ". " for part in parts)


def _command_of(key: str, value: object) -> tuple[str, ...] | None:
    """The words of the command that a note answers; None where the name is no note's, or there are none."""
    import shlex  # noqa: PLC0415 (where notes are generated only)

    try:
        words = tuple(shlex.split(value)) if isinstance(value, str) else ()
    except ValueError:  # a quote that is not closed
        return None
    return words if is_note_name(key) and words else None


def _texts(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        return None
    return tuple(value)


def _severities(value: object) -> object:
    return value if isinstance(value, dict) and all(item in SEVERITIES for item in value.values()) else None


def _number(kind: str, value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        return None
    number = Decimal(value)
    if kind == "amount":
        return number if 0 <= number < _MOST_MONEY else None
    return number if 0 <= number < 1_000_000 and (kind == "number" or number == int(number)) else None


def _response(text: str) -> str | None:
    from plaincrm.worktime import parse_target  # noqa: PLC0415

    return text if parse_target(text) else None


_OF_TEXT: Mapping[str, Callable[[str], object]] = {
    "text": lambda text: text,
    "cause": lambda text: text,
    "duration": parse_duration,
    "cadence": lambda text: parse_duration(text) or ("never" if canonical("days", text) == "never" else None),
    "currency": lambda text: text if re.fullmatch(r"[A-Z]{3}", text) else None,
    "country": lambda text: text if re.fullmatch(r"[A-Z]{2}", text) else None,
    "links": lambda text: text if text in ("file", "obsidian", "none") else None,
    "severity": lambda text: text if text in SEVERITIES else None,
    "zone": lambda text: text if re.fullmatch(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*", text) else None,
    "response": _response,
    "rule": parse_rule,
    "channel": lambda text: text if text in OWN else canonical("channels", text),
}


def _days(value: list[object]) -> tuple[Period | str, ...] | None:
    from plaincrm.worktime import parse_closed  # noqa: PLC0415

    days = [parse_closed(item) if isinstance(item, str) else None for item in value]
    return None if None in days else tuple(day for day in days if day)


def _limits(value: list[object]) -> tuple[Decimal, ...] | None:
    """Per cent, to two decimals at most, so that they are compared exactly."""
    limits = tuple(limit for item in value if (limit := _number("number", item)) is not None)
    rising = all(low < high for low, high in pairwise((Decimal(0), *limits)))
    fine = all(limit <= 100 and round(limit, 2) == limit for limit in limits)
    return limits if 0 < len(limits) == len(value) < 26 and rising and fine else None


_OF_LIST: Mapping[str, Callable[[list[object]], object]] = {"days": _days, "limits": _limits}


def _hours_of(key: str, value: object) -> Hours | None:
    """The hours of a day or some weekdays; None where either is not sound."""
    from plaincrm.worktime import parse_hours, parse_hours_day  # noqa: PLC0415

    return parse_hours(value) if isinstance(value, str) and parse_hours_day(key) else None


def _field_of(key: str, value: object) -> Field | None:
    """A user's own field from its type alone or its table; None where that is not sound."""
    from plaincrm.records.fields import CUSTOMER_FIELDS, Field  # noqa: PLC0415

    row = {"type": value} if isinstance(value, str) else value
    if not isinstance(row, dict) or not set(row) <= {"type", "label", "help", "choices", "aliases"}:
        return None
    kind, choices, aliases = row.get("type", "text"), row.get("choices", []), row.get("aliases", [])
    texts = [*choices, *aliases] if isinstance(choices, list) and isinstance(aliases, list) else [None]
    if (
        kind not in FIELD_TYPES
        or (kind == "choice") != bool(choices)
        or not all(isinstance(text, str) for text in texts)
    ):
        return None
    if not key.strip() or any(fold(key) == fold(core.key) for core in CUSTOMER_FIELDS):
        return None
    many = kind == "list"
    return Field(
        key=key,
        type="text" if many else kind.replace(" ", "_"),
        help=str(row.get("help", "")),
        many=many,
        choices=tuple(choices),
        own=str(row.get("label", key)),
        spellings=tuple(aliases),
    )


_OF_KEY: Mapping[str, Callable[[str, object], object]] = {
    "field": _field_of,
    "hours": _hours_of,
    "coverage": lambda _key, value: read_coverage(value),
    "command": _command_of,
}
_OF_VALUE: Mapping[str, Callable[[object], object]] = {
    "switch": lambda value: value if isinstance(value, bool) else None,
    "texts": _texts,
    "severities": _severities,
}
