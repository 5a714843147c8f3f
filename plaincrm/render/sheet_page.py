"""A sheet as a page to read and to print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from plaincrm.render.escape import html_days, html_text
from plaincrm.render.lines import Column
from plaincrm.render.notes import unread_words
from plaincrm.render.page import page
from plaincrm.render.sheet import Cell, Grid, Items, Prose, Sheet, level_of

Link = Callable[[Cell], str]  # the address of a customer's note, empty where there is none

SHADES = 8  # of a heat map

STYLE = """
body { max-width: 62rem; overflow-wrap: normal; }
main, article { display: flex; flex-wrap: wrap; column-gap: 3.5rem; align-items: flex-start; }
main > *, article > * { flex: 0 0 100%; min-width: 0; max-width: 100%; }
main > .table, article > .table { flex: 0 1 auto; }
h2 { margin-top: 1.6rem; font-size: 1.2rem; }
h3 { margin: 1.2rem 0 0.4rem; font-size: 1rem; }
h1, h2, h3, p, li { overflow-wrap: anywhere; }
p { margin: 0.3rem 0; }
h1 + p, h2 + p { break-after: avoid; }
.wide { overflow-x: auto; margin-bottom: 0.8rem; }
.wide { background:
  linear-gradient(var(--paper) 0 0) 0 0 / 0.9rem 100% no-repeat local,
  linear-gradient(var(--paper) 0 0) 100% 0 / 0.9rem 100% no-repeat local,
  linear-gradient(to right, var(--rule), transparent) 0 0 / 0.6rem 100% no-repeat scroll,
  linear-gradient(to left, var(--rule), transparent) 100% 0 / 0.6rem 100% no-repeat scroll; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.9rem 0.25rem 0; text-align: left; vertical-align: baseline; }
th, thead td { border-bottom: 1px solid var(--rule); }
th { color: var(--soft); font-weight: 600; font-size: 0.85rem; white-space: nowrap; }
tbody tr + tr td { border-top: 1px solid color-mix(in srgb, var(--rule) 45%, transparent); }
tfoot td { border-top: 2px solid var(--ink); font-weight: 600; }
tr { break-inside: avoid; }
.right { text-align: right; white-space: nowrap; }
.name { min-width: 10rem; }
ul { margin: 0.3rem 0; padding-left: 1.2rem; }
li { margin: 0.3rem 0; break-inside: avoid; }
.bar { width: 7rem; height: 0.7rem; fill: var(--bar); vertical-align: middle; }
.heat td, .heat th { padding-right: 0.5rem; padding-left: 0.5rem; }
.note { font-size: 0.85rem; color: var(--soft); }
@media print {
  body { line-height: 1.35; }
  main, article { display: block; }
  .wide { overflow: visible; background: none; break-inside: avoid; }
  .wide:has(tr:nth-child(15)) { break-inside: auto; }
  tfoot { display: table-row-group; }
  .note { break-before: avoid; }
  th, td { padding: 0.12rem 0.8rem 0.12rem 0; }
  .bar { width: 5rem; }
  ul { columns: 2; column-gap: 2.5rem; }
  li { margin: 0 0 0.3rem; }
}
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
    yield f"<h{top}>{html_days(sheet.title)}</h{top}>"
    if sheet.about:
        yield f"<p>{html_days(sheet.about)}</p>"
    for part in sheet.parts:
        yield '<section class="table">' if isinstance(part, Grid) and not part.chart else "<section>"
        if part.title:
            yield f"<h{top + 1}>{html_days(part.title)}</h{top + 1}>"
        if isinstance(part, Grid):
            yield from _grid(part, link)
        else:
            yield from _items(part, link) if isinstance(part, Items) else _prose(part)
        yield "</section>"
    yield from sheet_notes(sheet)


def sheet_notes(sheet: Sheet) -> Iterator[str]:
    """What one has to know to read a sheet, and what it may lack."""
    notes = (*sheet.remarks, *unread_words(sheet.unread))
    yield from (f'<p class="note">{html_days(note)}</p>' for note in notes)


def _prose(part: Prose) -> Iterator[str]:
    yield from (f'<p dir="auto">{html_days(sentence)}</p>' for sentence in part.sentences)


def _items(part: Items, link: Link) -> Iterator[str]:
    yield "<ul>"
    for item in part.items:
        head = f"{html_days(item.lead)} {_named(item.customer, link)}{html_days(f': {item.text}' if item.text else '')}"
        more = "".join(f'<br><span dir="auto">{html_days(more)}</span>' for more in item.more)
        place = f'<br><span class="note">{html_text(item.place)}</span>' if item.place else ""
        yield f'<li dir="auto">{head.strip()}{more}{place}</li>'
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
    shown = _named(cell, link) if isinstance(cell, Cell) else html_days(cell)
    named = "name" if isinstance(cell, Cell) and cell.customer else shade
    return f"<td{_side(align, named)}{direction}>{shown}</td>"


def _named(cell: Cell, link: Link) -> str:
    """A cell's text, which leads to the note where it is a customer's name."""
    shown = html_days(cell.text)
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
