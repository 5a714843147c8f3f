"""A sheet as a note: Markdown that reads well in Obsidian, the names of customers leading to their notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plaincrm.render.escape import markdown_text, wiki_link
from plaincrm.render.notes import unread_words
from plaincrm.render.sheet import Cell, Grid, Items, Sheet

_BARE = re.compile(r"(?<!\\)\|")


def markdown(sheet: Sheet) -> str:
    """Headings, tables and sentences; bars and charts are left to pages that can draw."""
    return "\n".join(blocks(sheet, 1)) + "\n"


def blocks(sheet: Sheet, top: int) -> Iterator[str]:
    """The sheet as part of a note: its title is a heading of a level, those of its parts are one below."""
    yield f"{'#' * top} {markdown_text(sheet.title)}"
    if sheet.about:
        yield f"\n{markdown_text(sheet.about)}"
    for part in sheet.parts:
        if part.title:
            yield f"\n{'#' * (top + 1)} {markdown_text(part.title)}"
        yield ""
        if isinstance(part, Grid):
            yield from _table(part)
        elif isinstance(part, Items):
            yield from _items(part)
        else:
            yield from (f"- {markdown_text(sentence)}" for sentence in part.sentences)
    yield from (f"\n{markdown_text(remark)}" for remark in sheet.remarks)
    head, *files = unread_words(sheet.unread) or [""]
    if head:
        yield f"\n{markdown_text(head)}\n"
        yield from (f"- {markdown_text(file)}" for file in files)


def _table(grid: Grid) -> Iterator[str]:
    kept = [at for at, column in enumerate(grid.columns) if column.style != "bar"]
    if grid.rows or grid.sums:
        yield _row([markdown_text(grid.columns[at].title) for at in kept])
        yield _row(["--:" if grid.columns[at].align == "right" else "---" for at in kept])
        yield from (_row([_cell(row[at]) for at in kept]) for row in grid.rows)
        yield from (_row([_strong(row[at]) for at in kept]) for row in grid.sums)
    if grid.rest:
        yield f"\n{markdown_text(grid.rest)}"


def _items(part: Items) -> Iterator[str]:
    for item in part.items:
        name = wiki_link(item.customer.customer, item.customer.text)
        lead = f"{markdown_text(item.lead)} " if item.lead else ""
        yield f"- {lead}{name}{f': {markdown_text(item.text)}' if item.text else ''}"
        yield from (f"  - {markdown_text(more)}" for more in (*item.more, item.place) if more)
    if part.rest:
        yield f"\n{markdown_text(part.rest)}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell | str) -> str:
    """A cell; the bar in a link stands behind a backslash, as tables of Obsidian want it."""
    if isinstance(cell, Cell):
        return _BARE.sub(r"\\|", wiki_link(cell.customer, cell.text)) if cell.customer else markdown_text(cell.text)
    return markdown_text(cell)


def _strong(cell: Cell | str) -> str:
    shown = _cell(cell)
    return f"**{shown}**" if shown else ""
