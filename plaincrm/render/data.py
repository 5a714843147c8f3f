"""JSON and CSV: the same values for programs, in a form that never fails and never lies."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from plaincrm.dates import Duration
from plaincrm.money import Money, decimal_text
from plaincrm.render.escape import csv_cell, json_text


def as_json(value: object, *, ascii_only: bool = False) -> str:
    """A value as JSON text with a line end. Money is decimal text, dates are ISO text, named tuples are objects."""
    text = json.dumps(plain_value(value), ensure_ascii=False, allow_nan=False, indent=2)
    return json_text(text, ascii_only=ascii_only) + "\n"


def plain_value(value: object) -> object:
    """A value made of what JSON knows."""
    if usual := _USUAL.get(type(value)):
        return usual(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Money | Duration) or not isinstance(value, Iterable):
        return _scalar(value)
    named = getattr(value, "_asdict", None)
    return plain_value(named()) if named else [*map(plain_value, value)]


def _mapping(value: Mapping[object, object]) -> object:
    return {_text(str(key)): plain_value(item) for key, item in value.items()}


def _text(text: str) -> str:
    """A text without lone surrogates: bytes that were no UTF-8 have no place in JSON."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _scalar(value: object) -> object:
    """Money and other decimals as decimal text, days and times in ISO form, lengths as `6w`."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Money):
        return {"amount": decimal_text(value.amount), "currency": value.currency}
    if isinstance(value, time):
        return value.isoformat("minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def _same(value: object) -> object:
    return value


# Nearly all there is, told by its type at once.
_USUAL: dict[type, Callable[[Any], object]] = {
    **dict.fromkeys((type(None), bool, int), _same),
    str: _text,
    Decimal: decimal_text,
    date: date.isoformat,
    dict: _mapping,
}


def as_csv(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV (RFC 4180, line ends CR LF), UTF-8, text cells made safe for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(titles)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _cell(value: object) -> str:
    plain = plain_value(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, list):
        return csv_cell(", ".join(str(item) for item in plain))
    if isinstance(plain, str) and not isinstance(value, Decimal | date | time):
        return csv_cell(plain)
    return str(plain)
