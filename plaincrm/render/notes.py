"""The foot of an answer: which notes it may lack because they could not be read in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plaincrm.render.lines import BLANK, Line, Piece, line, wrapped

_SHOWN = 5


def unread_lines(unread: Mapping[str, str], width: int) -> Iterator[Line]:
    """The files that were not read in full, the first few by name."""
    if not unread:
        return
    yield BLANK
    count = len(unread)
    head = f"{count} file{'s' if count > 1 else ''} not read in full; see plaincrm check:"
    yield from (line(Piece(part, "yellow")) for part in wrapped(head, width))
    for path, code in list(unread.items())[:_SHOWN]:
        yield line(f"  {path}: {code}")
    if count > _SHOWN:
        yield line(f"  and {count - _SHOWN} more")
