"""An import told before it is written: how each file was read, and what becomes of each record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from plaincrm.changes.import_note import FieldChange
from plaincrm.changes.import_outcome import Outcome, State
from plaincrm.changes.import_plan import ImportReport
from plaincrm.records.incoming import Source
from plaincrm.render.lines import BLANK, Line, Piece, line, wrapped

FIELDS = ("state", "name", "places", "file", "shared", "field", "old", "new", "why")
_TITLES: dict[State, str] = {
    "new": "New",
    "changed": "Changed",
    "same": "The same",
    "unclear": "Unclear: not taken over",
    "rejected": "Rejected",
}
_STYLES: dict[State, str] = {"new": "green", "changed": "cyan", "unclear": "yellow", "rejected": "red", "same": "dim"}


def data(report: ImportReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "written": not report.written.dry_run,
        "sources": [
            {
                "file": source.file,
                "kind": source.kind,
                "read_as": list(source.read_as),
                "columns": [{"column": header, "field": target} for header, target in source.columns.items()],
                "unmapped": list(source.unmapped),
            }
            for source in report.sources
        ],
        "records": [_outcome(outcome) for outcome in report.outcomes],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "state": outcome.state,
        "name": outcome.name,
        "places": list(outcome.places),
        "file": outcome.path or None,
        "shared": outcome.shared,
        "changes": [change._asdict() for change in outcome.changes],
        "why": outcome.why,
        "candidates": [
            {"customer": other.customer, "name": other.name, "shared": other.shared, "file": other.path}
            for other in outcome.candidates
        ],
        "left_out": list(outcome.left_out),
    }


def rows(report: ImportReport) -> Iterator[tuple[object, ...]]:
    """One row a change of a field, and one a record without any."""
    for found in report.outcomes:
        head = (found.state, found.name, " ".join(found.places), found.path, found.shared)
        for change in found.changes or (FieldChange("", "", ""),):
            yield (*head, *change, found.why)


def text(report: ImportReport, width: int, limit: int) -> Iterator[Line]:
    """Each file, then the records by what becomes of them, and what to do next."""
    for source in report.sources:
        yield from _source(source, width)
    counts, shown, left_out = Counter[State](), dict[State, list[Outcome]](), _Left(limit)
    for outcome in report.outcomes:
        counts[outcome.state] += 1
        if not limit or counts[outcome.state] <= limit:
            shown.setdefault(outcome.state, []).append(outcome)
        left_out.add(outcome.left_out)
    for state, title in _TITLES.items():
        if state in shown and state != "same":
            yield BLANK
            yield line(Piece(f"{title} ({counts[state]:,})", f"bold {_STYLES[state]}"))
            for outcome in shown[state]:
                yield from _lines(outcome, width)
            yield from _more(counts[state] - len(shown[state]))
    if left_out.count:
        yield BLANK
        yield line(Piece(f"Left out ({left_out.count:,})", "bold yellow"))
        for told in left_out.shown:
            yield from _wrapped(told, width, 2)
        yield from _more(left_out.count - len(left_out.shown))
    yield BLANK
    yield from _wrapped(_sum(report, counts), width, 0)


class _Left:
    """What is left out: how much, and the first of it; all of it without a limit."""

    def __init__(self, limit: int) -> None:
        self.count, self.shown, self._limit = 0, list[str](), limit

    def add(self, told: Iterable[str]) -> None:
        for text in told:
            self.count += 1
            if not self._limit or self.count <= self._limit:
                self.shown.append(text)


def _more(count: int) -> Iterator[Line]:
    if count:
        yield line(Piece(f"  and {count:,} more; --limit 0 shows all", "dim"))


def _source(source: Source, width: int) -> Iterator[Line]:
    how = f" ({', '.join(source.read_as)})" if source.read_as else ""
    yield from _wrapped(f"{source.file}: {source.kind}{how}", width, 0)
    if source.unmapped:
        shown = ", ".join(source.unmapped[:12])
        more = f" and {len(source.unmapped) - 12:,} more" if len(source.unmapped) > 12 else ""
        yield from _wrapped(f"Columns that are not taken over: {shown}{more}. --map HEADER=FIELD takes one.", width, 2)


def _lines(outcome: Outcome, width: int) -> Iterator[Line]:
    places = (
        outcome.places[0] if len(outcome.places) == 1 else f"{outcome.places[0]} and {len(outcome.places) - 1} more"
    )
    if outcome.state in ("rejected", "unclear"):
        name = f" {outcome.name}" if outcome.name else ""
        yield from _wrapped(f"{places}{name}: {outcome.why}", width, 2)
        for other in outcome.candidates[:5]:
            shared = f": {other.shared}" if other.shared else ""
            where = "of this import" if other.new else f"{other.path}:{other.line}"
            yield from _wrapped(f"{other.customer}  {other.name}{shared}  ({where})", width, 4)
        return
    told = f"{outcome.shared}, {places}" if outcome.shared else places
    yield line("  ", Piece(outcome.name, "bold"), Piece(f"  {outcome.path}", "dim"))
    yield from _wrapped(told, width, 4, "dim")
    if outcome.state == "new":
        shown = "; ".join(f"{change.field} {change.new}" for change in outcome.changes)
        yield from _wrapped(shown, width, 4) if shown else ()
        return
    for change in outcome.changes:
        yield from _wrapped(f"{change.field}: {change.old} → {change.new}" if change.old else _added(change), width, 4)


def _added(change: FieldChange) -> str:
    return f"{change.field}: + {change.new}"


def _sum(report: ImportReport, counts: Mapping[State, int]) -> str:
    words = {"same": "the same", "unclear": "unclear"}
    told = ", ".join(f"{count:,} {words.get(state, state)}" for state in _TITLES if (count := counts[state]))
    parts = [f"{told or 'No records'}."[0].upper() + f"{told or 'No records'}."[1:]]
    if counts["unclear"]:
        parts.append("Decide with --is FILE:LINE=CUSTOMER or --is FILE:LINE=new.")
    if not report.written.dry_run:
        count = len(report.written.files)
        parts.append(f"{count:,} note{'s' if count != 1 else ''} written." if count else "Nothing to write.")
    elif counts["new"] or counts["changed"]:
        parts.append("Nothing was written: --apply writes it.")
    return " ".join(parts)


def _wrapped(text: str, width: int, indent: int, style: str = "") -> Iterable[Line]:
    return [line(" " * indent, Piece(part, style)) for part in wrapped(text, width - indent, 2)]
