"""Lines of styled text, and tables that fit a width: what every text answer is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from plaincrm.render.escape import terminal


class Piece(NamedTuple):
    """A stretch of text with a style: "", "bold", "dim", "red", "yellow", "green", "cyan" or two with a space."""

    text: str
    style: str = ""


Line = tuple[Piece, ...]
BLANK: Line = ()
_BLANKS = " \t\r\n"  # at which text may be broken; no-break spaces and odd line ends are shown
_NARROW = re.compile("[ -\u02ff\u2010-\u2027\u20a0-\u20bf]*")  # Latin letters, dashes, quotes, ellipsis, currencies
GAP = 2  # blanks between the columns of a table


class Column(NamedTuple):
    """A column of a table that may be too wide for the page: it is clipped down to `least` columns, 0 being never.

    Where that is not enough, `spare` columns are left out.
    """

    title: str
    align: Literal["left", "right"] = "left"
    least: int = 0
    spare: bool = False
    style: str = ""


def line(*parts: str | Piece) -> Line:
    """A line of pieces; bare text has no style. Whatever comes from files is made harmless here at the latest."""
    pieces = (part if isinstance(part, Piece) else Piece(part) for part in parts)
    return tuple(Piece(terminal(piece.text), piece.style) for piece in pieces if piece.text)


def width_of(text: str) -> int:
    """How many columns of a terminal a text takes; wide and combining characters count as they are drawn."""
    if text.isascii() or _NARROW.fullmatch(text):
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 (for text beyond Latin only)

    return cell_len(text)


def clipped(text: str, width: int) -> str:
    """A text cut to a width, an ellipsis showing that there is more. Escapes count as they are shown."""
    text = terminal(text)
    return text if width_of(text) <= width else text[: _fitting(text, width - 1)].rstrip() + "…" if width > 0 else ""


def _fitting(text: str, width: int) -> int:
    """How many of the first characters of a text fit a width."""
    end = min(len(text), max(width, 0))
    while end and width_of(text[:end]) > width:
        end -= 1
    return end


def wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    """A text broken at blanks into lines of a width, those after the first indented; a wider word is broken too."""
    text = text.strip(_BLANKS)
    if width_of(text) <= width and text.isprintable():
        return [text] if text else []
    lines: list[str] = []
    current = ""
    for word in re.split(r"[ \t\r\n]+", text):
        rest = terminal(word)
        if current.strip() and width_of(current) + 1 + width_of(rest) <= width:
            current = f"{current} {rest}"
            continue
        if current.strip():
            lines.append(current)
            current = " " * indent
        while width_of(rest) > width - len(current):
            end = max(1, _fitting(rest, width - len(current)))
            lines.append(current + rest[:end])
            current, rest = " " * indent, rest[end:]
        current += rest
    return [*lines, current] if current.strip() else lines


# Compiled when first used: few answers show Markdown.
_OWN_LINE = r"\s*(?:[-*+>]|\d+[.)])\s"  # begins a line of its own, which may go on
_ALONE = r"\s*(?:#|\||```|~~~|$)"  # stands on a line of its own


def paragraphs(text: str, width: int) -> Iterator[str]:
    """Markdown wrapped to a width: lines of one paragraph are joined, list items and headings stand by themselves."""
    import textwrap  # noqa: PLC0415 (for Markdown only)

    joined: list[str] = []
    for row in textwrap.dedent(text).split("\n") if text else ():
        alone = re.match(_ALONE, row) is not None
        if joined and (alone or re.match(_OWN_LINE, row)):
            yield from _indented(joined, width)
            joined = []
        if not row.strip(_BLANKS):
            yield ""
        elif alone:
            yield from _indented([row], width)
        else:
            joined.append(row)
    if joined:
        yield from _indented(joined, width)


def _indented(rows: Sequence[str], width: int) -> Iterator[str]:
    """Rows joined and wrapped, with the indent of the first one."""
    indent = " " * min(len(rows[0]) - len(rows[0].lstrip(" \t")), width // 2)
    hanging = 2 if re.match(_OWN_LINE, rows[0]) else 0
    yield from (
        indent + part for part in wrapped(" ".join(row.strip(_BLANKS) for row in rows), width - len(indent), hanging)
    )


def padded(text: str, width: int, align: str = "left") -> str:
    """A text filled up with blanks to a width."""
    if text.isascii():
        return text.rjust(width) if align == "right" else text.ljust(width)
    gap = " " * max(0, width - width_of(text))
    return f"{gap}{text}" if align == "right" else f"{text}{gap}"


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[Line]:
    """A table with its titles that is never wider than the page.

    Where it would be, columns that may be are clipped, the widest first; else spare ones are left out, the last
    first; and at the end every column gives way.
    """
    cells = _cells(columns, rows)
    widths = [_natural(column, of) for column, of in zip(columns, cells, strict=True)]
    kept = list(range(len(columns)))
    while _least(columns, widths, kept) > width and any(columns[at].spare for at in kept[1:]):
        kept.remove(max(at for at in kept[1:] if columns[at].spare))
    kept = kept[: (width + GAP) // (GAP + 1)]  # a column takes one place at least
    fitted = _fitted([columns[at] for at in kept], [widths[at] for at in kept], width)
    filled = [
        _filled(columns[at], [terminal(columns[at].title), *cells[at]], own, last=at == kept[-1])
        for at, own in zip(kept, fitted, strict=True)
    ]
    titles, *lines = zip(*filled, strict=True)
    styles = [columns[at].style for at in kept]
    return [(Piece("".join(titles), "dim"),), *(_styled(texts, styles) for texts in lines)]


def fits(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether a table can be shown in a width without clipping any column below its least."""
    widths = [_natural(column, of) for column, of in zip(columns, _cells(columns, rows), strict=True)]
    return _least(columns, widths, range(len(columns))) <= width


def _cells(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The cells column by column, fit for a terminal."""
    return [[terminal(cell) for cell in of] for of in zip(*rows, strict=True)] or [[] for _column in columns]


def _natural(column: Column, cells: Sequence[str]) -> int:
    """The width of a column in which nothing is clipped."""
    return max([width_of(terminal(column.title)), *map(width_of, cells)])


def _least(columns: Sequence[Column], widths: Sequence[int], kept: Sequence[int]) -> int:
    """The width of a table whose columns are as narrow as may be."""
    return sum(min(widths[at], columns[at].least or widths[at]) for at in kept) + GAP * (len(kept) - 1)


def _fitted(columns: Sequence[Column], widths: list[int], width: int) -> list[int]:
    """The widths of columns, narrowed until they fit the page: none below its least, or if it must be all alike."""
    room = width - GAP * (len(widths) - 1)
    giving = [at for at, column in enumerate(columns) if column.least]
    fitted = list(widths)
    while giving:
        cap = _cap([widths[at] for at in giving], room - sum(fitted) + sum(fitted[at] for at in giving))
        at_least = [at for at in giving if cap < columns[at].least < widths[at]]
        for at in at_least or giving:
            fitted[at] = columns[at].least if at_least else min(widths[at], cap)
        giving = [at for at in giving if at not in at_least] if at_least else []
    if sum(fitted) > room:
        cap = max(1, _cap(widths, room))
        fitted = [min(own, cap) for own in widths]
    return fitted


def _cap(widths: Sequence[int], room: int) -> int:
    """The most that each of some columns may take, so that they fit together."""
    ascending = sorted(widths)
    for at, own in enumerate(ascending):
        share = max(0, room) // (len(ascending) - at)
        if own > share:
            return share
        room -= own
    return max(ascending, default=0)


def _filled(column: Column, cells: Sequence[str], width: int, *, last: bool) -> list[str]:
    """The cells of a column at its width; behind the last one nothing is filled up."""
    if last and column.align == "left":
        return [clipped(cell, width) for cell in cells]
    gap = "" if last else " " * GAP
    if column.align == "left" and all(map(str.isascii, cells)) and max(map(len, cells)) <= width:
        return [cell.ljust(width) + gap for cell in cells]
    return [padded(clipped(cell, width), width, column.align) + gap for cell in cells]


def _styled(texts: Sequence[str], styles: Sequence[str]) -> Line:
    """One line of a table; where no column has a style, it is one piece."""
    return tuple(map(Piece, texts, styles)) if any(styles) else (Piece("".join(texts)),)


def plain(lines: Sequence[Line]) -> str:
    """The lines as text without styles, each ended by a line feed."""
    return "".join("".join(piece.text for piece in one).rstrip() + "\n" for one in lines)
