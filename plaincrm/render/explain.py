"""Checks explained: what each finds, why that matters, what to do, and an example with the fault and without it."""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.render.check.full import COLORS
from plaincrm.render.lines import BLANK, Line, Piece, line, width_of, wrapped
from plaincrm.reports.explain import Explained

FIELDS = Explained._fields


def text(rows: tuple[Explained, ...], width: int) -> Iterator[Line]:
    """One check after the other."""
    for number, row in enumerate(rows):
        if number:
            yield BLANK
        yield from _one(row, width)


def _one(row: Explained, width: int) -> Iterator[Line]:
    yield line(Piece(row.code, "bold"), " (", Piece(row.severity, f"bold {COLORS[row.severity]}"), ")")
    remedy = f"{row.help} plaincrm fix can often do it." if row.fixable else row.help
    parts = (("Finds", row.message), ("Why it matters", row.why), ("What to do", remedy))
    for title, words in parts:
        yield line(Piece(title, "bold cyan"))
        yield from (line(f"  {part}") for part in wrapped(words, width - 2))
    for title, example in (("Bad", row.bad), ("Good", row.good)):
        yield line(Piece(title, "bold cyan"))
        for shown in example.split("\n"):
            fits = width_of(shown) <= width - 2
            yield from (line(f"  {part}") for part in ([shown] if fits else wrapped(shown, width - 2)))
