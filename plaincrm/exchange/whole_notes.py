"""Our own export as JSON Lines: whole customers, whose notes come back as they were."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from plaincrm.exchange.bytes_in import opened
from plaincrm.records.incoming import is_whole_note

_LONGEST = 64 * 1024 * 1024  # bytes of one line; a note has 16 MiB at most


def is_export(path: Path) -> bool:
    """Whether the first line of a file is a whole customer."""
    with opened(path) as file:
        try:
            return is_whole_note(json.loads(file.readline(_LONGEST)))
        except (ValueError, RecursionError):
            return False


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Each line that is not blank, with its number."""
    with opened(path) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line.decode("utf-8", "replace")
