"""Tables from any program: how a file is written is found out, said aloud and can be told instead."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from plaincrm.errors import UsageError
from plaincrm.exchange.bytes_in import size_of, start_of
from plaincrm.exchange.local_values import Style, day_of, number_of, style_of

_SAMPLE = 1000  # rows that tell whether numbers have decimal commas and days come first
# How cells are kept from being taken for formulas, also where a spreadsheet may split them.
_GUARD = re.compile("(?:^|(?<=[;\n]))'(?=[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")


class Told(NamedTuple):
    """What is told of a file, and need not be found out: empty, None or 0 where nothing is."""

    delimiter: str = ""
    encoding: str = ""
    decimal: str = ""
    header_row: int = 0  # from 1, as spreadsheets count
    sheet: str = ""


_NOTHING = Told()


class Row(NamedTuple):
    """One row: the line where it begins (in a workbook its row), and its cells by header; empty ones are left out."""

    line: int
    cells: Mapping[str, str]


class Rejected(NamedTuple):
    """A row that cannot be read, and why."""

    line: int
    why: str


@dataclass(frozen=True)
class Raw:
    """Rows as a kind of file has them: how they were read in a few words, and each with its line, as often as asked.

    A row that cannot be read comes as the reason. `dotted` is whether the file itself says what is a number.
    """

    read_as: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[int, list[str] | str]]]
    dotted: bool = False


@dataclass(frozen=True)
class Table:
    """A table of a file: its headers, each once, its rows as often as one asks, and how it was read, in a few words."""

    headers: tuple[str, ...]
    read_as: tuple[str, ...]
    style: Style
    raw: Raw
    header_line: int

    def rows(self) -> Iterator[Row | Rejected]:
        """The rows below the header that are not empty."""
        for line, cells in self.raw.rows():
            if line <= self.header_line:
                continue
            if isinstance(cells, str):
                yield Rejected(line, cells)
            elif any(cells):
                yield self._row(line, cells)

    def number(self, text: str) -> Decimal | None:
        """A number as the file writes them; None where it is none or can be read two ways."""
        return number_of(text, self.style)

    def day(self, text: str) -> date | None:
        """A day as the file writes them, also with a time; None where it is none or can be read two ways."""
        return day_of(text, self.style)

    def _row(self, line: int, cells: list[str]) -> Row | Rejected:
        extra = [cell for cell in cells[len(self.headers) :] if cell]
        if extra:
            return Rejected(line, f"it has {len(cells)} cells, and the header has {len(self.headers)}")
        if any("\0" in cell for cell in cells):
            return Rejected(line, "it holds a NUL byte")
        if any(map(_is_undecoded, cells)):
            return Rejected(line, "it holds bytes that are none of the encoding")
        return Row(line, {header: cell for header, cell in zip(self.headers, cells, strict=False) if cell})


def read_table(path: Path, told: Told = _NOTHING, known: Callable[[str], bool] = lambda _header: False) -> Table:
    """The table in a file: CSV with any delimiter and encoding, Excel, ODS, or JSON objects.

    `known` tells which headers somebody knows, so that the header is found below a title.

    Raises:
        UsageError: it cannot be read, holds no table, or is larger than such files are.
    """
    raw = _raw(path, told)
    header_line, cells = _header(raw, told.header_row, known)
    headers, doubled = _named(cells)
    sample = (row for line, row in _first(raw, _SAMPLE) if line > header_line and not isinstance(row, str))
    found = style_of((cell for row in sample for cell in row), told.decimal or ("." if raw.dotted else ""))
    words = [*raw.read_as, *found.words]
    if header_line > 1:
        words.append(f"header in line {header_line}")
    if doubled:
        words.append(f"{', '.join(doubled[:5])} {'stand' if len(doubled) > 1 else 'stands'} there twice")
    return Table(headers, tuple(words), found, raw, header_line)


def _raw(path: Path, told: Told) -> Raw:
    if not size_of(path):
        raise UsageError(f"{path.name} is empty.", "Export it once more.")
    start = start_of(path)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        from plaincrm.exchange.workbooks import workbook  # noqa: PLC0415 (an extra)

        return workbook(path, told.sheet)
    if _is_json(start):
        from plaincrm.exchange.json_rows import json_rows  # noqa: PLC0415 (for such files only)

        return json_rows(path)
    from plaincrm.exchange.delimited import delimited  # noqa: PLC0415 (for such files only)

    return delimited(path, told.delimiter, told.encoding)


def _is_json(start: bytes) -> bool:
    text = start[:1000].decode(json.detect_encoding(start), "ignore").lstrip("\ufeff \t\r\n")
    return text.startswith(("[", "{"))


def clean(cell: str) -> str:
    """A cell without the blanks around it, and without the signs that keep it from being taken for a formula."""
    cell = cell.strip(" \t\r\n\u00a0\ufeff")
    return _GUARD.sub("", cell) if "'" in cell else cell


def _first(raw: Raw, count: int) -> Iterator[tuple[int, list[str] | str]]:
    for _number, row in zip(range(count), raw.rows(), strict=False):
        yield row


def _header(raw: Raw, told: int, known: Callable[[str], bool]) -> tuple[int, list[str]]:
    """The line of the header and its cells: as told, else the row of most known words, else the first full one."""
    rows = [(line, row) for line, row in _first(raw, max(30, told)) if not isinstance(row, str) and any(row)]
    if told:
        found = next(((line, row) for line, row in rows if line == told), None)
        if found is None:
            raise UsageError(f"There is no header in line {told}.", "Name the line that has the names of the columns.")
        return found
    if not rows:
        raise UsageError("There is no table in the file.", "Export it once more.")
    usual = sorted(_filled(row) for _line, row in rows)[len(rows) // 2]
    likely = [(line, row) for line, row in rows if _is_header(row)]
    if not likely:
        raise UsageError("No row has the names of the columns.", "Put them into the first row, or see --header-row.")
    return max(likely, key=lambda found: (sum(map(known, found[1])), _filled(found[1]) >= usual, -found[0]))


def _filled(row: list[str]) -> int:
    return sum(map(bool, row))


def _is_header(row: list[str]) -> bool:
    """Whether no cell looks like a value: a header has words."""
    return all(any(map(str.isalpha, cell)) and "@" not in cell and len(cell) < 200 for cell in row if cell)


def _named(cells: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """Each header once, a second one with a number, one without a name with its column's; and which stand twice."""
    names, doubled = dict[str, None](), list[str]()
    for column, cell in enumerate(cells, 1):
        name = " ".join(cell.split()).removesuffix("*") or f"column {column}"  # by which some mark what must be there
        if name in names:
            doubled.append(name)
            number = 2
            while f"{name} ({number})" in names:
                number += 1
            name = f"{name} ({number})"
        names[name] = None
    return tuple(names), list(dict.fromkeys(doubled))


def _is_undecoded(cell: str) -> bool:
    return not cell.isascii() and any("\ud800" <= character <= "\udfff" for character in cell)
