"""What a command wrote: each place with what was done there, or the diff of what would be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.changes.carry_out import WriteReport, Written
from plaincrm.render.diff import diff, styled_diff
from plaincrm.render.lines import BLANK, Line, Piece, line

FIELDS = ("file", "line", "what")
_SHOWN = 5  # places of a note; one more is shown, too, where it would be the only one that is not


def data(report: WriteReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "dry_run": report.dry_run,
        "files": [
            {
                "file": item.file,
                "line": item.line,
                "what": item.what,
                "places": [{"line": place.line, "what": place.what} for place in item.places],
                "diff": diff(item.file, item.old, item.new),
            }
            for item in report.files
        ],
    }


def rows(report: WriteReport) -> Iterator[tuple[str, int, str]]:
    """One row a thing that was done, and a line where it was."""
    return ((item.file, place.line, what) for item in report.files for place in item.places for what in place.what)


def text(report: WriteReport) -> Iterator[Line]:
    """The diff of a dry run; else a line a place: where, and what."""
    before = {item.file: item.old for item in report.files if item.new is None}
    told = {item.was for item in report.files if item.was in before}  # by the files that take their places
    for item in report.files:
        if item.file in told:
            continue
        if report.dry_run:
            was = item.was if item.was in told else ""
            yield from styled_diff(item.file, before[was] if was else item.old, item.new, was)
            yield BLANK
        else:
            yield from _places(item)
    if not report.files:
        yield line("Nothing to write: it stands there already.")
    elif report.dry_run:
        count = len(report.files) - len(told)
        yield line(f"Would write {count} note{'s' if count > 1 else ''}; nothing was written.")


def _places(item: Written) -> Iterator[Line]:
    count = len(item.places) if len(item.places) <= _SHOWN + 1 else _SHOWN
    for place in item.places[:count]:
        yield line(Piece(f"{item.file}:{place.line}", "bold"), f": {'; '.join(place.what)}")
    if count < len(item.places):
        yield line(f"  … and {len(item.places) - count} more places in this note")
