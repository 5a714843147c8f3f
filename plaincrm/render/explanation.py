"""Why a report says what it says of one customer."""

from __future__ import annotations

from typing import Any

from plaincrm.render.lines import Column
from plaincrm.render.sheet import Cell, Grid, Item, Items, Sheet
from plaincrm.reports.evidence import Evidence, Explanation

FIELDS = Evidence._fields
_FIGURES = (Column("Figure"), Column("Value", "right"), Column("How", least=20, style="sentence"))


def data(told: Explanation) -> dict[str, Any]:
    """The explanation as JSON has it."""
    return told._asdict()


def rows(told: Explanation) -> list[Evidence]:
    """The lines as CSV has them."""
    return list(told.lines)


def sheet(told: Explanation) -> Sheet:
    """The figures with how they were reckoned, then the lines of the note."""
    figures = tuple((figure.name, figure.value, figure.how) for figure in told.figures)
    lines = tuple(Item("", Cell(line.counts), "", (line.text,), f"{line.file}:{line.line}") for line in told.lines)
    return Sheet(
        f"{told.name}: {told.report}",
        told.about,
        (
            Grid("Figures", _FIGURES, figures),
            Items("Lines", lines, "" if lines else "No line of the note counts."),
        ),
    )
