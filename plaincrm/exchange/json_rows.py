"""Rows from JSON: a list of objects, one that stands alone under a key, or an object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plaincrm.errors import UsageError
from plaincrm.exchange.bytes_in import opened
from plaincrm.exchange.tables import Raw, clean

_DEPTH = 20
# Numbers as they are written: of any length, with the decimals they have; what is none (NaN) says nothing.
_AS_WRITTEN: Any = {"parse_int": str, "parse_float": str, "parse_constant": lambda _word: None}
Objects = list[tuple[int, object]]


def json_rows(path: Path) -> Raw:
    """The objects of a JSON file as rows: the names of their values are the header, inner ones with a point.

    Raises:
        UsageError: it is no JSON, or holds no list of objects.
    """
    objects = [(line, _flat(found)) for line, found in _objects(path) if isinstance(found, dict)]
    if not objects:
        raise UsageError(f"{path.name} holds no list of objects.", 'Write [{"name": "Acme"}, ...].')
    headers = list(dict.fromkeys(key for _line, row in objects for key in row))

    def rows() -> Iterator[tuple[int, list[str] | str]]:
        yield 0, headers
        for line, row in objects:
            yield line, [row.get(header, "") for header in headers]

    return Raw(("JSON",), rows, dotted=True)


def read_json(path: Path) -> object:
    """All of a JSON file.

    Raises:
        UsageError: it is none.
    """
    return _parsed(_text(path), path)


def _text(path: Path) -> str:
    with opened(path) as file:
        data = file.read()
    try:
        return data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is no UTF-8 (byte {error.start + 1:,}).", "Export it as UTF-8.") from None


def _parsed(text: str, path: Path) -> object:
    try:
        return json.loads(text, **_AS_WRITTEN)
    except RecursionError:
        raise UsageError(f"{path.name} is nested too deep.", "Export it once more.") from None
    except ValueError as error:
        raise UsageError(f"{path.name} is no JSON: {error}.", "Export it once more.") from None


def _objects(path: Path) -> Iterator[tuple[int, object]]:
    """Each object with the line where it begins."""
    text = _text(path).lstrip("\ufeff")
    begin = len(text) - len(text.lstrip())
    if text[begin] == "{" and "\n" in text.strip():
        first = text[begin:].split("\n", 1)[0]
        try:
            json.loads(first)
        except (ValueError, RecursionError):
            pass
        else:  # an object a line
            yield from ((n, _parsed(line, path)) for n, line in enumerate(text.split("\n"), 1) if line.strip())
            return
    found = _parsed(text, path)
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else [found]
    if not isinstance(found, list):
        return
    decoder, at, line = json.JSONDecoder(**_AS_WRITTEN), text.find("["), 1 + text.count("\n", 0, begin)
    if at != begin:  # inside of an object: its members are counted
        yield from enumerate(found, 1)
        return
    seen = begin
    for _item in found:
        while text[at] in "[, \t\r\n":
            at += 1
        line, seen = line + text.count("\n", seen, at), at
        item, at = decoder.raw_decode(text, at)
        yield line, item


def _flat(found: dict[str, object], before: str = "", depth: int = 0) -> dict[str, str]:
    cells = dict[str, str]()
    for key, value in found.items():
        name = f"{before}{key}"
        if isinstance(value, dict) and depth < _DEPTH:
            cells |= _flat(value, f"{name}.", depth + 1)
        elif isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
            cells[name] = "; ".join(map(_cell, value))
        elif isinstance(value, dict | list):
            cells[name] = json.dumps(value, ensure_ascii=False)
        else:
            cells[name] = _cell(value)
    return cells


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return clean(str(value))
