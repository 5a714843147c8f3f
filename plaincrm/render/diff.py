"""A unified diff of one note, as git shows it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from plaincrm.render.lines import Line, Piece, line

_STYLES = {"---": "bold", "+++": "bold", "@@": "cyan", "-": "red", "+": "green"}
_NOTHING = "/dev/null"
_NO_END = "\\ No newline at end of file"


def diff(file: str, old: str | None, new: str | None) -> str:
    """The diff as text, each line with its end; `old` is None where the note is new, `new` where it is gone."""
    return "".join(f"{row}\n" for row in _rows(file, old, new))


def styled_diff(file: str, old: str | None, new: str | None, was: str = "") -> Iterator[Line]:
    """The diff as lines of the terminal; of a file that `was` another one against that, as git shows a renaming."""
    if was:
        yield line(Piece(f"rename from {was}", "bold"))
        yield line(Piece(f"rename to {file}", "bold"))
    for row in _rows(file, old, new, was):
        style = next((style for mark, style in _STYLES.items() if row.startswith(mark)), "")
        yield line(Piece(row.replace("\t", "    "), style))


def _rows(file: str, old: str | None, new: str | None, was: str = "") -> Iterator[str]:
    """Line by line; carriage returns at line ends, which both sides have, are left out."""
    before, after = ([] if side is None else _lines(side) for side in (old, new))
    names = (_NOTHING if old is None else f"a/{was or file}", _NOTHING if new is None else f"b/{file}")
    for row in unified_diff(before, after, *names, lineterm=""):
        yield from row.split("\n")


def _lines(side: str) -> list[str]:
    """The lines of a text, where git sees them; a last line without an end is marked as git marks it."""
    *whole, last = side.split("\n")
    lines = [row.removesuffix("\r") for row in whole]
    return [*lines, f"{last}\n{_NO_END}"] if last else lines
