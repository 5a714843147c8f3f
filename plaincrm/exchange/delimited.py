"""CSV, TSV and the like: delimiter and encoding found out from the file, rows read one after the other."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from plaincrm.errors import UsageError
from plaincrm.exchange.bytes_in import opened, start_of
from plaincrm.exchange.tables import Raw, clean

_DELIMITERS = {";": "semicolons", ",": "commas", "\t": "tabs", "|": "bars"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SHOWN = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "cp1252": "Windows-1252"}
_CHUNK = 1 << 20


def delimited(path: Path, delimiter: str = "", encoding: str = "") -> Raw:
    """The rows of a text file with a delimiter.

    Raises:
        UsageError: the encoding is none, or the file is no text.
    """
    found = _sound(encoding) if encoding else _encoding(path)
    sign = {"tab": "\t", "\\t": "\t"}.get(delimiter.lower(), delimiter) or _delimiter(path, found)
    if len(sign) != 1 or sign in '\r\n"':
        raise UsageError(f"{delimiter} is no delimiter.", "It is one sign: ; or , or tab.")
    what = _DELIMITERS.get(sign, f"the sign {sign}")
    words = (f"columns parted by {what}", _SHOWN.get(found, found.upper()))
    return Raw(words, lambda: _rows(path, found, sign))


def _sound(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, ValueError):
        raise UsageError(f"There is no encoding {encoding}.", "Say utf-8, cp1252, iso-8859-15 or utf-16.") from None
    return "utf-8-sig" if name == "utf-8" else name


def _encoding(path: Path) -> str:
    """The encoding: by its mark, by the NULs of UTF-16, as UTF-8 where nearly all of it is, else that of Windows."""
    start = start_of(path)
    marked = next((name for mark, name in _BOMS if start.startswith(mark)), None)
    if marked:
        return marked
    if start.count(b"\0") * 3 > len(start):
        return "utf-16-le" if start[1::2].count(b"\0") > start[::2].count(b"\0") else "utf-16-be"
    if start.startswith((b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"PAR1", b"SQLite format 3")):
        raise UsageError(f"{path.name} is no table.", "Name a file of CSV, Excel, ODS, JSON or vCard.")
    bad = good = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    with opened(path) as file:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            if not text.isascii():
                odd = sum("\udc80" <= character <= "\udcff" for character in text if character > "\x7f")
                bad, good = bad + odd, good + sum(character > "\x7f" for character in text) - odd
    return "utf-8" if bad * 4 <= good else "cp1252"


def _delimiter(path: Path, encoding: str) -> str:
    """The sign that parts the first rows into most columns, as many in each as in the others."""

    def agreement(sign: str) -> tuple[int, int]:
        rows = _rows(path, encoding, sign)
        widths = Counter(len(row) for _number, (_line, row) in zip(range(100), rows, strict=False) if _parted(row))
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        return count, width

    return max(_DELIMITERS, key=agreement)


def _parted(row: list[str] | str) -> bool:
    return not isinstance(row, str) and len(row) > 1


def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each row with the line where it begins; of one that cannot be read the reason."""
    with opened(path) as file, io.TextIOWrapper(file, encoding, "surrogateescape", newline="") as text:
        reader = csv.reader(text, delimiter=delimiter)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, _why(str(error), line, reader.line_num)
                continue
            except UnicodeError:
                yield line, f"from here on it is no {_SHOWN.get(encoding, encoding.upper())}"
                return
            if cells:
                yield line, [clean(cell) for cell in cells]


def _why(error: str, first: int, last: int) -> str:
    if "field larger" in error:
        rows = f"; it reaches to line {last}: is a quote not closed?" if last > first else ""
        return f"a cell is longer than {csv.field_size_limit():,} characters{rows}"
    return error
