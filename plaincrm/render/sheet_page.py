"""A sheet as a page to read and to print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from plaincrm.render.escape import html_text
from plaincrm.render.lines import Column
from plaincrm.render.notes import unread_words
from plaincrm.render.page import page
from plaincrm.render.sheet import Cell, Grid, Items, Prose, Sheet, level_of

Link = Callable[[Cell], str]  # the address of a customer's note, empty where there is none

SHADES = 8  # of a heat map

STYLE = """
:root { --ink: #1b1b1b; --soft: #595959; --rule: #c9c9c9; --paper: #fff; --bar: #1f6f8b; --heat: 31 111 139;
  --second: #b3541e; --third: #7a7a7a; --good: #3d7a46; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e6e3; --soft: #aaa8a4; --rule: #4a4a4a; --paper: #1a1a1c; --bar: #6db9d4; --heat: 109 185 212;
    --second: #e8a06a; --third: #a0a0a0; --good: #7cbf86; }
}
@media print {
  :root { --ink: #000; --soft: #444; --rule: #bbb; --paper: #fff; --bar: #1f6f8b; --heat: 31 111 139; }
}
@page { size: A4; margin: 15mm 16mm; }
* { box-sizing: border-box; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; font: 0.95rem/1.45 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 2rem 0 0.4rem; padding-bottom: 0.2rem; border-bottom: 2px solid var(--ink); font-size: 1.2rem; }
h3 { margin: 1.4rem 0 0.4rem; font-size: 1rem; }
h1, h2, h3 { break-after: avoid; overflow-wrap: anywhere; }
p { margin: 0.3rem 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin-bottom: 0.8rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.9rem 0.25rem 0; text-align: left; vertical-align: baseline; }
th, thead td { border-bottom: 1px solid var(--rule); }
th { color: var(--soft); font-weight: 600; font-size: 0.85rem; white-space: nowrap; }
tbody tr + tr td { border-top: 1px solid color-mix(in srgb, var(--rule) 45%, transparent); }
tfoot td { border-top: 2px solid var(--ink); font-weight: 600; }
tr { break-inside: avoid; }
.right { text-align: right; white-space: nowrap; }
a { color: inherit; text-decoration-color: var(--rule); text-underline-offset: 0.2em; }
ul { margin: 0.3rem 0; padding-left: 1.2rem; }
li { margin: 0.3rem 0; overflow-wrap: anywhere; break-inside: avoid; }
.bar { width: 7rem; height: 0.7rem; fill: var(--bar); vertical-align: middle; }
.heat td, .heat th { padding-right: 0.5rem; padding-left: 0.5rem; }
.note { font-size: 0.85rem; color: var(--soft); }
footer { margin-top: 2rem; padding-top: 0.6rem; border-top: 1px solid var(--rule); }
@media print { html { font-size: 9pt; } body { max-width: none; margin: 0; padding: 0; } .wide { overflow: visible; } }
""" + "\n".join(f".h{n} {{ background: rgb(var(--heat) / {n * 0.05:.2f}); }}" for n in range(1, SHADES + 1))


def as_page(sheet: Sheet, link: Link) -> str:
    """The sheet as a document of its own."""
    style = STYLE
    if any(isinstance(part, Grid) and part.chart for part in sheet.parts):
        from plaincrm.render import charts  # noqa: PLC0415 (for pages with charts only)

        style += charts.STYLE
    return page(sheet.title, style, sheet_parts(sheet, link, top=1))


def sheet_parts(sheet: Sheet, link: Link, top: int) -> Iterator[str]:
    """The sheet as part of a page: its title is a heading of a level, those of its parts are one below."""
    yield f"<h{top}>{html_text(sheet.title)}</h{top}>"
    if sheet.about:
        yield f"<p>{html_text(sheet.about)}</p>"
    for part in sheet.parts:
        yield "<section>"
        if part.title:
            yield f"<h{top + 1}>{html_text(part.title)}</h{top + 1}>"
        if isinstance(part, Grid):
            yield from _grid(part, link)
        else:
            yield from _items(part, link) if isinstance(part, Items) else _prose(part)
        yield "</section>"
    notes = (*sheet.remarks, *unread_words(sheet.unread))
    yield from (f'<p class="note">{html_text(note)}</p>' for note in notes)


def _prose(part: Prose) -> Iterator[str]:
    yield from (f'<p dir="auto">{html_text(sentence)}</p>' for sentence in part.sentences)


def _items(part: Items, link: Link) -> Iterator[str]:
    yield "<ul>"
    for item in part.items:
        head = f"{html_text(item.lead)} {_named(item.customer, link)}{html_text(f': {item.text}' if item.text else '')}"
        more = "".join(f'<br><span dir="auto">{html_text(more)}</span>' for more in item.more)
        yield f'<li dir="auto">{head.strip()}{more}<br><span class="note">{html_text(item.place)}</span></li>'
    yield "</ul>"
    if part.rest:
        yield f'<p class="note">{html_text(part.rest)}</p>'


def _grid(grid: Grid, link: Link) -> Iterator[str]:
    if grid.chart:
        from plaincrm.render.charts import figure  # noqa: PLC0415 (for pages with charts only)

        yield figure(grid.chart)
    if grid.rows or grid.sums:
        shaded = ' class="heat"' if grid.heat else ""
        yield f'<div class="wide" tabindex="0"><table{shaded}>'
        yield f"<thead><tr>{''.join(map(_title, grid.columns))}</tr></thead>"
        yield from _rows("tbody", grid, grid.rows, link)
        yield from _rows("tfoot", grid, grid.sums, link)
        yield "</table></div>"
    if grid.rest:
        yield f'<p class="note">{html_text(grid.rest)}</p>'


def _title(column: Column) -> str:
    """The head of a column; that of bars has none."""
    if not column.title:
        return "<td></td>"
    return f'<th{_side(column.align)} scope="col">{html_text(column.title)}</th>'


def _rows(name: str, grid: Grid, rows: Iterable[tuple[Cell | str, ...]], link: Link) -> Iterator[str]:
    listed = list(rows)
    if listed:
        yield f"<{name}>"
        for row in listed:
            cells = (
                _bar(level_of(cell)) if column.style == "bar" else _cell(cell, column.align, grid.heat, link)
                for column, cell in zip(grid.columns, row, strict=True)
            )
            yield f"<tr>{''.join(cells)}</tr>"
        yield f"</{name}>"


def _cell(cell: Cell | str, align: str, heat: bool, link: Link) -> str:
    shade = _shade(level_of(cell)) if heat else ""
    direction = ' dir="auto"' if align == "left" else ""
    shown = _named(cell, link) if isinstance(cell, Cell) else html_text(cell)
    return f"<td{_side(align, shade)}{direction}>{shown}</td>"


def _named(cell: Cell, link: Link) -> str:
    """A cell's text, which leads to the note where it is a customer's name."""
    shown = html_text(cell.text)
    address = link(cell) if cell.customer else ""
    return f'<a href="{html_text(address)}">{shown}</a>' if address else shown


def _bar(level: Decimal | None) -> str:
    """A bar drawn; the figure that it shows stands beside it."""
    width = round(min(max(level or Decimal(0), Decimal(0)), Decimal(1)) * 100)
    drawn = f'<rect width="{width}" height="10"/>' if width else ""
    return f'<td><svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg></td>'


def _side(align: str, shade: str = "") -> str:
    names = " ".join(filter(None, ("right" if align == "right" else "", shade)))
    return f' class="{names}"' if names else ""


def _shade(level: Decimal | None) -> str:
    """The class of a shade; what is there has at least the lightest."""
    if level is None or level <= 0:
        return ""
    return f"h{max(1, min(SHADES, round(level * SHADES)))}"
