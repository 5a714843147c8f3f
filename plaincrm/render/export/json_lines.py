"""JSON Lines: an object a line, with every value as docs/json.md writes it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO

from plaincrm.render.data import plain_value
from plaincrm.render.escape import json_text
from plaincrm.render.export.forms import How
from plaincrm.reports.export import Export


def write(file: BinaryIO, export: Export, _how: How) -> list[str]:
    """Write the rows, each with all its keys."""
    keys = [column.key for column in export.columns]
    write_objects(file, (dict(zip(keys, row, strict=True)) for row in export.rows))
    return []


def write_objects(file: BinaryIO, objects: Iterable[object]) -> int:
    """Write objects, one a line; how many they were."""
    count = 0
    for count, found in enumerate(objects, 1):  # noqa: B007 (told below)
        text = json.dumps(plain_value(found), ensure_ascii=False, allow_nan=False)
        file.write(json_text(text, ascii_only=False).encode() + b"\n")
    return count
