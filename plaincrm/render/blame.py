"""Who said last what a note says, shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.history.blame import Blame, Blamed
from plaincrm.render.history_words import short, when_words
from plaincrm.render.lines import Column
from plaincrm.render.sheet import Grid, Row, Sheet

FIELDS = ("line", "kind", "key", "text", "commit", "author", "email", "when", "subject", "older")


def data(report: Blame) -> dict[str, Any]:
    """The parts of the note as JSON has them."""
    return {
        "customer": report.customer,
        "name": report.name,
        "file": report.file,
        "unread": report.unread or None,
        "parts": [dict(zip(FIELDS, row, strict=True)) for row in rows(report)],
    }


def rows(report: Blame) -> Iterator[tuple[object, ...]]:
    """One row a part."""
    for part in report.parts:
        who = (part.commit or None, part.author or None, part.email or None, part.when, part.subject or None)
        yield (part.line, part.kind, part.key, part.text, *who, part.is_older)


def sheet(report: Blame) -> Sheet:
    """The parts in the order of the note."""
    columns = (
        Column("Line", "right"),
        Column("When"),
        Column("Who", least=8),
        Column("Commit"),
        Column("What", least=24, style="sentence"),
    )
    remarks = []
    if any(part.is_older for part in report.parts):
        remarks.append("< or earlier: this is a shallow clone (git fetch --unshallow brings the rest).")
    if report.unread:
        remarks.append(f"The note could not be read in full ({report.unread}); see plaincrm check.")
    parts = (Grid("", columns, tuple(map(_row, report.parts))),) if report.parts else ()
    return Sheet(f"Who wrote what of {report.name}", report.file, parts, tuple(remarks))


def _row(part: Blamed) -> Row:
    when = f"{part.when:%Y-%m-%d}" if part.when else when_words(None)
    mark = "<" if part.is_older else ""
    return str(part.line), mark + when, part.author, short(part.commit), _what(part)


def _what(part: Blamed) -> str:
    if part.kind == "field":
        return f"{part.key}: {part.text}"
    if part.kind == "text":
        return part.key or "notes"
    return part.text if part.kind == "entry" else f"{part.kind}: {part.text}"
