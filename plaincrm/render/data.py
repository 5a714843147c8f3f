"""JSON and CSV: the same values for programs, in a form that never fails and never lies."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from plaincrm.money import Money, decimal_text
from plaincrm.render.escape import csv_cell


def as_json(value: Any) -> str:
    """A value as JSON text with a line end. Money is a decimal string, dates are ISO text, tuples with names objects."""
    text = json.dumps(plain_value(value), ensure_ascii=False, allow_nan=False, indent=2)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def plain_value(value: Any) -> Any:
    """A value made of what JSON knows."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Decimal):
        return decimal_text(value) if value == value.quantize(Decimal("0.01")) else format(value.normalize(), "f")
    if isinstance(value, Money):
        return {"amount": decimal_text(value.amount), "currency": value.currency}
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain_value(item) for key, item in value.items()}
    if hasattr(value, "_asdict"):
        return {key: plain_value(item) for key, item in value._asdict().items()}
    return [plain_value(item) for item in value] if isinstance(value, Iterable) else str(value)


def as_csv(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as CSV (RFC 4180, line ends CR LF), UTF-8, text cells made safe for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(titles)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _cell(value: Any) -> str:
    plain = plain_value(value)
    if plain is None:
        return ""
    if isinstance(plain, list):
        return csv_cell(", ".join(str(item) for item in plain))
    if isinstance(plain, str) and not isinstance(value, Decimal | date | time):
        return csv_cell(plain)
    return str(plain)
