"""The foot of an answer: which notes it may lack because they could not be read in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plaincrm.render.lines import BLANK, Line, Piece, line, wrapped

_SHOWN = 5


def unread_words(unread: Mapping[str, str]) -> list[str]:
    """A sentence, and the files that were not read in full, the first few by name; nothing where all were read."""
    count = len(unread)
    if not count:
        return []
    head = f"{count} file{'s' if count > 1 else ''} not read in full; see plaincrm check:"
    rest = [f"and {count - _SHOWN} more"] if count > _SHOWN else []
    return [head, *(f"{path}: {code}" for path, code in list(unread.items())[:_SHOWN]), *rest]


def unread_lines(unread: Mapping[str, str], width: int) -> Iterator[Line]:
    """The same as lines of text."""
    if told := unread_words(unread):
        yield BLANK
        yield from (line(Piece(part, "yellow")) for part in wrapped(told[0], width))
        yield from (line(f"  {part}") for part in told[1:])
