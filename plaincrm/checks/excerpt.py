"""The user's own lines that diagnostics point at, read when they are to be shown."""

from __future__ import annotations

from collections.abc import Iterable

from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.document.source import Unreadable, decode
from plaincrm.index.paths import disk_path
from plaincrm.vault.files import Files


def lines_of(files: Files, diagnostics: Iterable[Diagnostic]) -> dict[tuple[str, int], str]:
    """The text of each line named, by file and number; a line that is gone or no text is left out."""
    wanted: dict[str, set[int]] = {}
    for item in diagnostics:
        wanted.setdefault(item.file, set()).add(item.line)
    return {place: text for path, numbers in wanted.items() for place, text in _lines(files, path, numbers)}


def _lines(files: Files, path: str, numbers: set[int]) -> list[tuple[tuple[str, int], str]]:
    try:
        if files.follow(disk_path(path)).path is None:  # a link out of the vault: its lines are none of ours
            return []
        source = decode(files.read(disk_path(path)))
    except (Unreadable, OSError, ValueError):
        return []
    if source.refusal:
        return []
    lines = source.text[source.start :].split("\n")
    return [((path, number), lines[number - 1].rstrip("\r")) for number in numbers if number <= len(lines)]
