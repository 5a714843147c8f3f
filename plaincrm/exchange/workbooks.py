"""Excel and ODS: one sheet of a workbook as rows of text, within limits that no workbook of customers comes near."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.errors import UsageError
from plaincrm.exchange.bytes_in import opened
from plaincrm.exchange.tables import Raw, clean

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_UNPACKED = 512 * 1024 * 1024  # bytes
_PARTS = 10_000  # files in the zip
_CELLS = 20_000_000  # of the smallest rectangle that holds all: calamine makes room for each
_CHUNK = 1 << 20
_PLACE = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]{0,3})([0-9]{1,10})")
Cell = str | float | int | bool | date | datetime | time | timedelta


def workbook(path: Path, sheet: str = "") -> Raw:
    """The rows of a sheet: of the one that is named, else of the first that has any.

    Raises:
        UsageError: there is no such sheet, it is no sound workbook, or larger than the limits; or what reads workbooks
            is not installed.
    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 (an extra)
    except ImportError:
        raise UsageError(
            "Excel and ODS files are read by python-calamine, which is not installed.",
            "pip install 'plaincrm[excel]', or save the sheet as CSV.",
        ) from None
    _see_harmless(path)
    try:
        with opened(path) as file, CalamineWorkbook.from_filelike(file) as book:
            names = book.sheet_names
            wanted = next((name for name in names if name.casefold() == sheet.casefold()), None)
            if sheet and wanted is None:
                raise UsageError(f"There is no sheet {sheet}.", f"There are {', '.join(names[:20])}.")
            for found in [wanted] if wanted else names:
                read = book.get_sheet_by_name(found)
                if any(any(cells) for _line, cells in _rows(read)):
                    break
    except (CalamineError, OSError, ValueError) as error:
        raise UsageError(f"{path.name} is no sound workbook: {error}.", "Save it once more, or as CSV.") from None
    others = [name for name in names if name != found]
    words = [f"sheet {found}"]
    if others:
        words.append(f"{len(others)} more ({', '.join(others[:3])}{', …' if len(others) > 3 else ''}) not read")
    return Raw(tuple(words), lambda: _rows(read), dotted=True)


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str] | str]]:
    """The rows of a sheet, made texts one after the other."""
    first = sheet.start[0] + 1 if sheet.start else 1
    return ((line, list(map(_text, row))) for line, row in enumerate(sheet.iter_rows(), first))


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return clean(str(cell))


def _see_harmless(path: Path) -> None:
    """See that a zip unpacks to no more than the limits, by unpacking it, and that no cell stands far out."""
    with opened(path) as file:
        if file.read(4) != b"PK\x03\x04":
            return  # the old form of Excel has no more than 65,536 rows of 256 cells, and is not packed
        file.seek(0)
        try:
            with zipfile.ZipFile(file) as packed:
                _see_parts(path, packed)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
            raise UsageError(f"{path.name} is no sound workbook: {error}.", "Save it once more.") from None


def _see_parts(path: Path, packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    if len(parts) > _PARTS:
        raise UsageError(f"{path.name} holds {len(parts):,} files.", "Save the sheet as CSV.")
    if any(part.filename == "xl/workbook.bin" for part in parts):
        raise UsageError(f"{path.name} is a binary workbook (xlsb).", "Save it as xlsx or CSV.")
    left = _UNPACKED
    for part in parts:
        sheet = part.filename.startswith("xl/worksheets/")
        width = height = 0
        end = b""
        with packed.open(part) as content:
            while chunk := content.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise UsageError(f"{path.name} unpacks to more than {_UNPACKED // 2**20} MiB.", "Save it as CSV.")
                if not sheet:
                    continue
                for column, row in _PLACE.findall(end + chunk):
                    height = max(height, int(row))
                    width = max(width, _number(column)) if column else width
                end = chunk[-40:]
        if width * height > _CELLS:
            why = f"has a cell far out: {width:,} columns by {height:,} rows would have to be read"
            raise UsageError(f"{path.name} {why}.", "Delete what stands there, or save the table as CSV.")


def _number(column: bytes) -> int:
    """The number of a column by its letters."""
    number = 0
    for letter in column.upper():
        number = number * 26 + letter - 64
    return number
