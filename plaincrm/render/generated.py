"""What became of the generated notes: those that were written, those that are fresh, and those that were left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from plaincrm.changes.carry_out import WriteReport
from plaincrm.render import written
from plaincrm.render.lines import BLANK, Line, Piece, line, wrapped

FIELDS = ("file", "line", "state", "what")


class Refused(NamedTuple):
    """A note, or a line of one, that was left as it is: why, and what to do. Line 0 is the whole note."""

    file: str
    line: int
    why: str
    remedy: str


class Refreshed(NamedTuple):
    """What was done so that all generated notes are fresh.

    `report` has the notes that were written, `pulled` those in which promises were ticked off, `fresh` the notes that
    were so already, `refused` what was left as it is, `unclear` the boxes that stand for no promise.
    """

    report: WriteReport
    pulled: WriteReport
    fresh: tuple[str, ...]
    refused: tuple[Refused, ...]
    unclear: tuple[Refused, ...]


def data(told: Refreshed) -> dict[str, Any]:
    """The same as JSON has it."""
    return {
        "dry_run": told.report.dry_run,
        "files": written.data(told.report)["files"],
        "pulled": written.data(told.pulled)["files"],
        "fresh": told.fresh,
        "refused": told.refused,
        "unclear": told.unclear,
    }


def rows(told: Refreshed) -> Iterator[tuple[str, int, str, str]]:
    """One row a thing that was done or left."""
    for state, report in (("pulled", told.pulled), ("written", told.report)):
        yield from ((file, number, state, what) for file, number, what in written.rows(report))
    yield from ((file, 0, "fresh", "") for file in told.fresh)
    for state, left in (("refused", told.refused), ("unclear", told.unclear)):
        yield from ((one.file, one.line, state, one.why) for one in left)


def text(told: Refreshed, width: int, *, brief: bool = False) -> Iterator[Line]:
    """What was written, the diff of a dry run (in `brief` its files), what was left, and how many are fresh."""
    for report in (told.pulled, told.report):
        if report.files and not (brief and report.dry_run):
            yield from written.text(report)
        else:
            yield from (
                line(Piece(item.file, "bold"), ": not fresh; plaincrm notes writes it") for item in report.files
            )
    for one in (*told.unclear, *told.refused):
        yield from left_lines(one, width)
    count = len(told.fresh)
    if count or not (told.report.files or told.refused):
        if told.report.dry_run and told.report.files and not brief:
            yield BLANK
        words = f"{count} note{'s' if count != 1 else ''} fresh already" if count else _NONE
        yield line(Piece(words, "dim"))


_NONE = "No note is generated; [notes] in plaincrm.toml names those that should be."


def left_lines(one: Refused, width: int) -> Iterator[Line]:
    """What was left as it is, why, and what to do."""
    place = f"{one.file}:{one.line}" if one.line else one.file
    first, *rest = wrapped(f"{place}: {one.why}", width)
    yield line(Piece(first, "yellow"))
    yield from (line(Piece(f"  {part}", "yellow")) for part in rest)
    if one.remedy:
        yield from (line(f"  {part}") for part in wrapped(one.remedy, width - 2))
