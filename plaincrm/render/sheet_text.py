"""A sheet in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plaincrm.render.bars import bar
from plaincrm.render.lines import BLANK, GAP, Column, Line, Piece, clipped, line, table, width_of, wrapped
from plaincrm.render.notes import unread_lines
from plaincrm.render.period import heading, remarks
from plaincrm.render.sheet import Grid, Items, Row, Sheet, level_of, text_of


def lines(sheet: Sheet, width: int) -> Iterator[Line]:
    """The title, each part under its own, and the remarks; never wider than the page."""
    yield from heading(sheet.title, f" · {sheet.about}" if sheet.about else "", width)
    for part in sheet.parts:
        yield BLANK
        if part.title:
            yield from (line(Piece(piece, "bold")) for piece in wrapped(part.title, width, 2))
        if isinstance(part, Grid):
            yield from _table(part, width)
        elif isinstance(part, Items):
            yield from _items(part, width)
        else:
            yield from (line(piece) for sentence in part.sentences for piece in wrapped(sentence, width, 2))
    yield from remarks(list(sheet.remarks), width)
    yield from unread_lines(sheet.unread, width)


def _table(grid: Grid, width: int) -> Iterator[Line]:
    if grid.rows or grid.sums:
        rows = [_cells(grid.columns, row) for row in (*grid.rows, *grid.sums)]
        if grid.columns[-1].style == "sentence":
            rows = list(_wrapped(grid.columns, rows, width))
        columns = [column._replace(style="cyan") if column.style == "bar" else column for column in grid.columns]
        yield from table(columns, rows, width)
    if grid.rest:
        yield from map(line, wrapped(grid.rest, width, 2))


def _wrapped(columns: Sequence[Column], rows: Sequence[list[str]], width: int) -> Iterator[list[str]]:
    """Rows whose last cell goes on below, in the room that the columns before it leave."""
    before = [max(map(width_of, [column.title, *of])) for column, *of in zip(columns[:-1], *rows, strict=False)]
    room = max(columns[-1].least, width - sum(before) - GAP * len(before))
    for *cells, last in rows:
        first, *more = wrapped(last, room) or [""]
        yield [*cells, first]
        yield from ([*("" for _cell in cells), part] for part in more)


def _items(part: Items, width: int) -> Iterator[Line]:
    for item in part.items:
        head = ": ".join(filter(None, (item.customer.text, item.text)))
        yield line(clipped(f"  {item.lead} {head}".rstrip() if item.lead else f"  {head}", width))
        for more in item.more:
            yield from (line(f"    {piece}") for piece in wrapped(more, width - 4, 2))
        if item.place:
            yield line(Piece(f"    {item.place}", "dim"))
    if part.rest:
        yield line(f"  {part.rest}")


def _cells(columns: tuple[Column, ...], row: Row) -> list[str]:
    return [
        bar(level_of(cell)) if column.style == "bar" else text_of(cell)
        for column, cell in zip(columns, row, strict=True)
    ]
