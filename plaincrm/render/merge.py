"""Two notes made one, shown: whose value each field has, what became of the log, and what was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.changes.merge import MergeReport
from plaincrm.changes.merge_fields import Choice
from plaincrm.render import written
from plaincrm.render.lines import BLANK, Column, Line, Piece, line, table, wrapped

FIELDS = Choice._fields


def data(report: MergeReport) -> dict[str, Any]:
    """The report as JSON has it."""
    sides = {"survivor": report.a, "gone": report.b}
    return {
        "dry_run": report.written.dry_run,
        **{key: {"customer": who.customer, "name": who.name, "file": who.path} for key, who in sides.items()},
        "choices": report.choices,
        "entries_added": report.log.added,
        "entries_joined": report.log.joined,
        "entries_same": report.log.same,
        "entries_twice": report.log.twice,
        "links": report.linking,
        "base": report.base and {"commit": report.base.commit, "day": report.base.day, "used": report.base.is_used},
        "files": written.data(report.written)["files"],
    }


def text(report: MergeReport, width: int) -> Iterator[Line]:
    """What was decided, then the files; of a dry run the diff."""
    yield from summary(report, width)
    yield BLANK
    yield from written.text(report.written)


def summary(report: MergeReport, width: int) -> Iterator[Line]:
    """Who stays, whose value each field has, and what comes into the log."""
    a, b = report.a, report.b
    how = ", by the version that both came from" if report.base and report.base.is_used else ""
    for piece in wrapped(f"{b.name} ({b.path}) goes into {a.name} ({a.path}){how}.", width, 2):
        yield line(Piece(piece, "bold"))
    if report.choices:
        columns = (Column("Field"), Column("A", least=12), Column("B", least=12), Column("Kept"))
        rows = [(choice.field, choice.a, choice.b, choice.kept) for choice in report.choices]
        yield BLANK
        yield from table(columns, rows, width)
    if sentences := list(_sentences(report)):
        yield BLANK
    for sentence in sentences:
        yield from map(line, wrapped(sentence, width, 2))


def _sentences(report: MergeReport) -> Iterator[str]:
    if report.base and not report.base.is_used:
        yield (
            f"Not merged three ways with the version of {report.base.day} ({report.base.commit[:8]}) that both came"
            " from: both changed the same since, or a log entry of one would go."
        )
    decided = [choice.field for choice in report.choices if choice.kept == "a" and choice.field != "name"]
    if decided:
        yield f"What is not kept goes into the text of the note; --take {decided[0]}=b would keep B's."
    added, joined, same, twice = report.log
    if added or joined or same:
        yield f"Log entries of B: {added} put in, {joined} joined with one of A, {same} there already."
    if twice:
        days = ", ".join(dict.fromkeys(map(str, twice)))
        yield f"Look at {days}: two entries have the same words and differ in a field. Keep one."
    if report.linking:
        yield f"Links to {report.b.customer} in {len(report.linking)} other note{_s(report.linking)} lead to A."


def _s(items: tuple[str, ...]) -> str:
    return "" if len(items) == 1 else "s"
