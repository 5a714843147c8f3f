"""Places as the protocol counts them, in lines and code units, and as we do, in characters of the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from lsprotocol.types import Position, Range

_LINE_END = re.compile(r"\r\n|\n|\r")
_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}  # bytes of a code unit


class Lines:
    """A text by lines, which end at LF, CRLF or CR (Language Server Protocol 3.17, Position)."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self.text = text
        self._encoding, self._size = _UNITS[encoding]

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line begins."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def span(self, line: int) -> tuple[int, int]:
        """Where a line (from 0) begins and ends, its line end not included; behind the last one the text's end."""
        if line >= len(self.starts):
            return len(self.text), len(self.text)
        start = self.starts[line]
        end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
        return start, start + len(self.text[start:end].rstrip("\r\n"))

    def offset(self, place: Position) -> int:
        """The character at a place; one behind its line's end is that end, one within a character is behind it."""
        start, end = self.span(place.line)
        text = self.text[start:end]
        if text.isascii():
            return min(start + place.character, end)
        left = place.character
        for at, character in enumerate(text):
            if left <= 0:
                return start + at
            left -= self._units(character)
        return end

    def line_of(self, offset: int) -> int:
        """The number of the line, from 0, that holds an offset."""
        return bisect_right(self.starts, offset) - 1

    def place(self, offset: int) -> Position:
        """Line and code unit of a character."""
        line = self.line_of(offset)
        return Position(line, self._units(self.text[self.starts[line] : offset]))

    def range(self, start: int, end: int) -> Range:
        """The same for a span."""
        return Range(self.place(start), self.place(end))

    def _units(self, text: str) -> int:
        return len(text) if text.isascii() else len(text.encode(self._encoding, "surrogatepass")) // self._size
