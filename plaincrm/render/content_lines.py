"""Lines of calendars and address cards (RFC 5545, 3.1; RFC 6350, 3.2): folded at 75 octets, ended by CR LF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_WIDTH = 75  # octets of a line, without its end


def content_lines(lines: Iterable[str]) -> str:
    """Lines as they stand in a file."""
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _folded(line: str) -> Iterator[str]:
    """The lines that one is written as: no longer than may be, cut between characters."""
    start = size = 0
    for at, character in enumerate(line):
        octets = len(character.encode())
        if size + octets > _WIDTH:
            yield f"{' ' if start else ''}{line[start:at]}"
            start, size = at, 1  # the blank in front
        size += octets
    yield f"{' ' if start else ''}{line[start:]}"
