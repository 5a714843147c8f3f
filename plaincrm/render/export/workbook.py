"""An Excel workbook: one sheet, texts as texts, days and amounts as numbers that Excel shows as such."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from plaincrm.errors import UsageError
from plaincrm.render.escape import plain_cell
from plaincrm.render.export.delimited import shown
from plaincrm.render.export.forms import How
from plaincrm.reports.export import Cell, Export, ExportColumn

_MOST_ROWS = 2**20  # of a sheet, with the header
_MOST_TEXT = 32_767  # characters of a cell
_FIRST_DAY = date(1900, 3, 1)  # before it Excel reckons with a day that never was
_MADE = datetime(2000, 1, 1, tzinfo=UTC)  # told of every workbook: the same rows are the same bytes


def write(file: BinaryIO, export: Export, _how: How) -> list[str]:
    """Write the rows under a header that stays in sight; rows are written as they come, and none is kept.

    Raises:
        UsageError: they are more than a sheet has.
    """
    with Workbook(file, {"constant_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"created": _MADE.replace(tzinfo=None)})
        sheet = book.add_worksheet(export.what)
        formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "amount": book.add_format({"num_format": "#,##0.00##"}),
        }
        bold = book.add_format({"bold": True})
        for at, column in enumerate(export.columns):
            sheet.set_column(at, at, 12 if column.kind in formats else 20, formats.get(column.kind))
            sheet.write_string(0, at, plain_cell(column.key), bold)
        sheet.freeze_panes(1, 0)
        cut = 0
        for number, row in enumerate(export.rows, 1):
            if number >= _MOST_ROWS:
                raise UsageError("There are more rows than a sheet of Excel has.", "Write csv or parquet, or a query.")
            for at, (column, cell) in enumerate(zip(export.columns, row, strict=True)):
                cut += _put(sheet, (number, at), column, cell, formats)
    return [f"Texts cut to the {_MOST_TEXT:,} characters that a cell of Excel holds: {cut}."] if cut else []


def _put(sheet: Worksheet, at: tuple[int, int], column: ExportColumn, cell: Cell, formats: dict[str, Format]) -> bool:
    """Write one cell; whether it had to be cut."""
    if cell in (None, "", ()):
        return False
    if isinstance(cell, bool):
        sheet.write_boolean(*at, cell)
    elif isinstance(cell, Decimal | int):
        sheet.write_number(*at, float(cell), formats.get(column.kind))
    elif column.kind == "date" and (day := _day(cell)):
        sheet.write_datetime(*at, day, formats["date"])
    else:
        text = plain_cell(shown(column, cell))
        sheet.write_string(*at, text[:_MOST_TEXT])
        return len(text) > _MOST_TEXT
    return False


def _day(cell: Cell) -> datetime | None:
    day = date.fromisoformat(str(cell))
    return datetime.combine(day, datetime.min.time()) if day >= _FIRST_DAY else None
