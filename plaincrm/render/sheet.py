"""A report as a sheet: tables, charts and sentences under titles, which each form shows in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from plaincrm.render.lines import Column


class Cell(NamedTuple):
    """What stands at one place of a table.

    `customer` is the id of the customer whose name it is and `file` the note, so that pages can link to it. `level` is
    how full a bar is or how dark the cell of a heat map, from 0 to 1; forms that draw none leave it out.
    """

    text: str
    customer: str = ""
    file: str = ""
    level: Decimal | None = None


Row = tuple["Cell | str", ...]


class Series(NamedTuple):
    """One line or one colour of a chart; `low` and `high` bound its values where there is an interval."""

    name: str
    values: tuple[Decimal | None, ...]
    low: tuple[Decimal | None, ...] = ()
    high: tuple[Decimal | None, ...] = ()


class Chart(NamedTuple):
    """The values of a table to look at: a place on the axis for each label.

    `bars` stand beside each other, `lines` join their values, a `pareto` has bars and one line of cumulative shares, a
    `bridge` leads from the first value to the last by what is added and taken away, a `pyramid` lies on its side.
    """

    kind: Literal["bars", "lines", "pareto", "bridge", "pyramid"]
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""


class Grid(NamedTuple):
    """A table: its rows, those that sum them up, and what a limit left out in words.

    In a column of style `bar` stand bars, as full as their cell's level. The last column may be of style `sentence`:
    in a terminal its cells go on below instead of being cut. With `heat` a cell is shaded by its level.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sums: tuple[Row, ...] = ()
    rest: str = ""
    heat: bool = False
    chart: Chart | None = None


class Item(NamedTuple):
    """One thing told by itself: a customer, what there is about it, more sentences, and where it stands.

    `lead` stands before the name, such as a day.
    """

    lead: str
    customer: Cell
    text: str
    more: tuple[str, ...]
    place: str


class Items(NamedTuple):
    """Things told one by one, and what a limit left out in words."""

    title: str
    items: tuple[Item, ...]
    rest: str = ""


class Prose(NamedTuple):
    """Sentences under a title."""

    title: str
    sentences: tuple[str, ...]


class Sheet(NamedTuple):
    """A whole answer: what it is and of how much, its parts, what one has to know to read it, and what it may lack.

    `unread` names notes that could not be read in full, each with the code of its fault.
    """

    title: str
    about: str
    parts: tuple[Grid | Items | Prose, ...]
    remarks: tuple[str, ...] = ()
    unread: Mapping[str, str] = {}


def text_of(cell: Cell | str) -> str:
    """The text of a cell."""
    return cell if isinstance(cell, str) else cell.text


def level_of(cell: Cell | str) -> Decimal | None:
    """How full or dark a cell is."""
    return None if isinstance(cell, str) else cell.level
