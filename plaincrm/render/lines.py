"""Lines of styled text, and tables that fit a width: what every text answer is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from plaincrm.render.escape import terminal


class Piece(NamedTuple):
    """A stretch of text with a style: "", "bold", "dim", "red", "yellow", "green", "cyan" or two with a space."""

    text: str
    style: str = ""


Line = tuple[Piece, ...]
BLANK: Line = ()


class Column(NamedTuple):
    """A column of a table. `flexible` ones give way when the table is wider than the page."""

    title: str
    align: Literal["left", "right"] = "left"
    flexible: bool = False
    style: str = ""


def line(*parts: str | Piece) -> Line:
    """A line of pieces; bare text has no style. What comes from files is escaped here, and nowhere else."""
    pieces = (part if isinstance(part, Piece) else Piece(part) for part in parts)
    return tuple(Piece(terminal(piece.text), piece.style) for piece in pieces if piece.text)


def width_of(text: str) -> int:
    """How many columns of a terminal a text takes; wide and combining characters count as they are drawn."""
    if text.isascii() or max(text, default="") < "\u0300":
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 (for text beyond Latin only)

    return cell_len(text)


def clipped(text: str, width: int) -> str:
    """A text cut to a width, an ellipsis showing that there is more."""
    if width_of(text) <= width:
        return text
    end = min(len(text), width)
    while end and width_of(text[:end]) > width - 1:
        end -= 1
    return text[:end].rstrip() + "…" if width > 0 else ""


def wrapped(text: str, width: int) -> list[str]:
    """A text broken at blanks into lines of a width; a word that is wider is cut."""
    lines: list[str] = []
    current = ""
    for word in text.split():
        joined = f"{current} {word}" if current else word
        if width_of(joined) <= width:
            current = joined
            continue
        if current:
            lines.append(current)
        current = clipped(word, width)
    return [*lines, current] if current else lines


def padded(text: str, width: int, align: str = "left") -> str:
    """A text filled up with blanks to a width."""
    gap = " " * max(0, width - width_of(text))
    return f"{gap}{text}" if align == "right" else f"{text}{gap}"


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[Line]:
    """A table with its titles; flexible columns are clipped so that it fits the width, the widest first."""
    safe = [[terminal(cell) for cell in row] for row in rows]
    widths = [
        max([width_of(column.title), *(width_of(row[at]) for row in safe)]) for at, column in enumerate(columns)
    ]
    excess = sum(widths) + 2 * (len(columns) - 1) - width
    while excess > 0:
        flexible = [at for at, column in enumerate(columns) if column.flexible and widths[at] > 8]
        if not flexible:
            break
        widest = max(flexible, key=lambda at: widths[at])
        cut = min(excess, max(1, widths[widest] - max([8, *(widths[at] for at in flexible if at != widest)])))
        widths[widest] -= cut
        excess -= cut
    head = [Column(column.title, column.align, column.flexible, "dim") for column in columns]
    titles = _row(head, [column.title for column in columns], widths)
    return [titles, *(_row(columns, row, widths) for row in safe)]


def _row(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int]) -> Line:
    pieces: list[Piece] = []
    last = len(columns) - 1
    for at, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        text = clipped(cell, widths[at]) if column.flexible else cell
        fill = text if at == last and column.align == "left" else padded(text, widths[at], column.align)
        pieces.append(Piece(fill if at == last else f"{fill}  ", column.style))
    return tuple(pieces)


def plain(lines: Sequence[Line]) -> str:
    """The lines as text without styles, each ended by a line feed."""
    return "".join("".join(piece.text for piece in one).rstrip() + "\n" for one in lines)
