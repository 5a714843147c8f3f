"""CSV (RFC 4180), safe for spreadsheets, with the signs that a country's spreadsheets expect."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from functools import cache
from typing import BinaryIO

from plaincrm.errors import UsageError
from plaincrm.money import decimal_text
from plaincrm.render.escape import csv_cell, plain_cell
from plaincrm.render.export.forms import How
from plaincrm.reports.export import Cell, Export, ExportColumn

SEPARATOR = "; "  # between several values of a cell; names and addresses have commas


def write(file: BinaryIO, export: Export, how: How) -> list[str]:
    """Write the rows with a header. With a locale: its decimal sign, the delimiter that goes with it, and a BOM."""
    decimal = _decimal_sign(how.locale)
    text = io.TextIOWrapper(file, "utf-8-sig" if how.locale else "utf-8", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";" if decimal == "," else ",")
    writer.writerow([csv_cell(column.key) for column in export.columns])
    for row in export.rows:
        cells = zip(export.columns, row, strict=True)
        writer.writerow([_cell(column, cell, decimal, how.raw) for column, cell in cells])
    text.detach()
    return []


def shown(column: ExportColumn, cell: Cell, decimal: str = ".") -> str:
    """A cell as text: several values with semicolons, yes and no as true and false, amounts with two decimals."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, tuple):
        return SEPARATOR.join(cell)
    if isinstance(cell, Decimal):
        digits = decimal_text(cell) if column.kind == "amount" else format(cell, "f")
        return digits.replace(".", decimal)
    return str(cell)


def _cell(column: ExportColumn, cell: Cell, decimal: str, raw: bool) -> str:
    if cell is None or cell == "":
        return ""
    text = shown(column, cell, decimal)
    if isinstance(cell, Decimal) or column.kind in ("date", "whole", "yes/no"):  # no text of anybody's
        return text
    return plain_cell(text) if raw else csv_cell(text)


@cache
def _decimal_sign(locale: str) -> str:
    if not locale:
        return "."
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 (19 ms, for a locale only)

    try:
        symbols = Locale.parse(locale.replace("-", "_")).number_symbols
    except (UnknownLocaleError, ValueError):
        raise UsageError(f"--locale: {locale} is none.", "Write fi, sv, de, en or another language.") from None
    found: str = symbols.get("latn", symbols).get("decimal", ".")
    return found
