"""The evidence: the lines of the notes that the figures of one customer come from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from plaincrm.index.index import Index


class Figure(NamedTuple):
    """One figure with its value as people read it, and how it was reckoned in one sentence."""

    name: str
    value: str
    how: str


class Evidence(NamedTuple):
    """A line of a note, the user's own, and what it counts as: `revenue 3,200.00, cost 2,100.00`."""

    file: str
    line: int
    text: str
    counts: str


class Explanation(NamedTuple):
    """What a report says of one customer, and why: its figures, and the lines they come from by file and line."""

    report: str
    customer: str
    name: str
    file: str
    about: str
    figures: tuple[Figure, ...]
    lines: tuple[Evidence, ...]


def amount(value: Decimal) -> str:
    """An amount as explanations tell it: to the cent, thousands apart."""
    return f"{value:,.2f}"


def percent(share: Decimal | None) -> str:
    """A share as explanations tell it; nothing where there is none."""
    return "" if share is None else f"{share * 100:.1f}%"


def evidence(index: Index, counted: Iterable[tuple[int, int, str]]) -> tuple[Evidence, ...]:
    """Lines of notes with their own words: each a file of the index, a line from 1, and what it counts as.

    What a line counts as several times is told in one.
    """
    found: dict[tuple[int, int], list[str]] = {}
    for file, line, counts in counted:
        found.setdefault((file, line), []).append(counts)
    files = json.dumps(sorted({file for file, _line in found}))
    notes = {
        file: (path, text.split("\n"))
        for file, path, text in index.rows(
            "select n.file, f.path, n.text from notes n join files f using (file)"
            " where n.file in (select value from json_each(?))",
            (files,),
        )
    }
    return tuple(
        sorted(
            Evidence(notes[file][0], line, notes[file][1][line - 1].strip(), ", ".join(dict.fromkeys(counts)))
            for (file, line), counts in found.items()
        )
    )
