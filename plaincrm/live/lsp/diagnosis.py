"""What is wrong with an open note: its own faults as it is typed, the register's as the index last knew them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from lsprotocol import types

from plaincrm.checks.baseline import Known, read_baseline, subtract
from plaincrm.checks.check import Scope, check
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.checks.excerpt import lines_of
from plaincrm.checks.one_note import judged
from plaincrm.checks.policy import Policy
from plaincrm.checks.rules import BY_CODE, comments
from plaincrm.errors import Fault, UsageError
from plaincrm.index.index import open_index
from plaincrm.live.lsp.note import Note
from plaincrm.vault.vault import Vault

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "hint": types.DiagnosticSeverity.Hint,
}
_OF_COMMENTS = frozenset(rule.code for rule in comments.RULES)  # which the index judges


class Found(NamedTuple):
    """A fault that only the register knows, and the line of the saved note that it stands on."""

    item: Diagnostic
    line: str


class Register(NamedTuple):
    """What a check of the whole vault said of some notes, by path, and what its baseline knows."""

    found: Mapping[str, tuple[Found, ...]]
    known: Known
    notice: str = ""


def register(vault: Vault, paths: frozenset[str], today: date) -> Register:
    """Bring a vault's index up to its files, and ask what the register says of these notes."""
    with open_index(vault) as index:
        items = check(index, today, Scope(files=paths)).diagnostics
        notice = index.notice
    only = [item for item in items if BY_CODE[item.code].find or item.code in _OF_COMMENTS]
    lines = lines_of(vault.files, only)
    found = {
        path: tuple(Found(item, lines.get((path, item.line), "")) for item in only if item.file == path)
        for path in paths
    }
    try:
        known = read_baseline(vault.files)
    except UsageError as error:
        known, notice = {}, error.message
    return Register(found, known, notice)


def faults(note: Note) -> list[tuple[Fault, Diagnostic]]:
    """What the text says of itself."""
    read = note.reading
    return [*judged(note.path, read.document, read.record.faults, Policy(note.vault.config))]


def diagnostics(note: Note, told: Register | None) -> list[types.Diagnostic]:
    """All that is wrong, as the protocol has it, in the order of the text."""
    if not note.is_record:
        return []
    own = [item for _fault, item in faults(note)]
    placed = [*_moved(note, told.found.get(note.path, ()))] if told else []
    left = sorted([*own, *placed], key=lambda item: (item.place, item.code))
    new, _held, _gone = subtract(left, told.known if told else {}, frozenset((note.path,)))
    return [_as_told(note, item) for item in new]


def _moved(note: Note, found: tuple[Found, ...]) -> Iterator[Diagnostic]:
    """The register's faults where their lines stand now; one whose line was edited is gone until the note is saved."""
    lines = note.text.split("\n")
    for item, line in found:
        at = item.line - 1
        if item.of_file or (at < len(lines) and lines[at].rstrip("\r") == line):
            yield item
            continue
        places = [number for number, text in enumerate(lines) if text.rstrip("\r") == line]
        if places:
            moved = min(places, key=lambda number: abs(number - at)) - at
            yield item._replace(line=item.line + moved, end_line=item.end_line + moved)


def _as_told(note: Note, item: Diagnostic) -> types.Diagnostic:
    starts = note.reading.document.source.line_starts

    def offset(line: int, column: int) -> int:
        return min(starts[min(line, len(starts)) - 1] + column - 1, len(note.text))

    span = note.lines.range(offset(item.line, item.column), offset(item.end_line, item.end_column))
    return types.Diagnostic(
        range=span,
        message=f"{item.message}\n{item.help}".strip(),
        severity=_SEVERITIES[item.severity],
        code=item.code,
        source="plaincrm",
    )
