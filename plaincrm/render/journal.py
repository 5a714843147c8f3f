"""The journal shown: what commands wrote, each with the number by which it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from plaincrm.changes.journal import Entry
from plaincrm.changes.recover import words_of
from plaincrm.render.lines import BLANK, Line, Piece, clipped, line, padded

FIELDS = ("number", "when", "what", "files")


def data(entries: Sequence[Entry]) -> dict[str, list[dict[str, object]]]:
    """The journal as JSON has it; `when` is in UTC (ISO 8601)."""
    return {
        "commands": [
            {"number": number, "when": _utc(when), "what": words_of(entry), "files": _files(entry)}
            for entry in entries
            for number, when, _steps in [entry]
        ]
    }


def rows(entries: Sequence[Entry]) -> Iterator[tuple[int, str, str, str]]:
    """One row a command."""
    for entry in entries:
        yield entry.number, _utc(entry.when), "; ".join(words_of(entry)), " ".join(_files(entry))


def text(entries: Sequence[Entry], width: int) -> Iterator[Line]:
    """Two lines a command: number, when by the clock on the wall, what; and the files."""
    left = max((len(str(entry.number)) for entry in entries), default=0)
    for entry in entries:
        when = f"{datetime.fromtimestamp(entry.when):%Y-%m-%d %H:%M}"
        room = width - left - len(when) - 4
        number = padded(str(entry.number), left, "right")
        yield line(Piece(number, "bold"), f"  {when}  ", clipped("; ".join(words_of(entry)), room))
        first, *more = _files(entry) or [""]
        others = f" and {len(more)} more" if more else ""
        yield line(" " * (left + len(when) + 4), Piece(f"{clipped(first, room - len(others))}{others}", "dim"))
    if entries:
        yield BLANK
        yield line(Piece("plaincrm undo NUMBER takes one back; without a number the last.", "dim"))
    else:
        yield line("Nothing was written in the last 30 days.")


def _files(entry: Entry) -> list[str]:
    return [step.change.path for step in entry.steps]


def _utc(when: float) -> str:
    return f"{datetime.fromtimestamp(when, UTC):%Y-%m-%dT%H:%M:%SZ}"
