"""What a command wrote, place by place."""

from __future__ import annotations

import pytest

from plaincrm.changes.carry_out import Place, WriteReport, Written
from plaincrm.render.terminal import as_text
from plaincrm.render.written import rows, text


def report(places: int) -> WriteReport:
    found = tuple(Place(10 * number, ("link to b",)) for number in range(1, places + 1))
    return WriteReport((Written("a.md", 10, ("link to b",), "x", "y", "", found),), dry_run=False)


@pytest.mark.parametrize(("places", "shown", "more"), [(1, 1, ""), (6, 6, ""), (7, 5, "2"), (30, 5, "25")])
def test_a_few_places_are_shown_and_the_others_counted(places: int, shown: int, more: str) -> None:
    lines = as_text(list(text(report(places))), color=False, width=80).splitlines()
    assert lines[:shown] == [f"a.md:{10 * number}: link to b" for number in range(1, shown + 1)]
    assert lines[shown:] == ([f"  … and {more} more places in this note"] if more else [])
    assert len(list(rows(report(places)))) == places


def test_what_is_done_on_one_line_stands_on_one_line() -> None:
    written = Written("a.md", 2, ("one", "two"), "x", "y", "", (Place(2, ("one", "two")),))
    shown = as_text(list(text(WriteReport((written,), dry_run=False))), color=False, width=80)
    assert shown == "a.md:2: one; two\n"
