"""The check: every fault the notes and the settings hold, with its place and its words, sorted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from plaincrm.checks.rules import BY_CODE, ERRORS, Severity
from plaincrm.document.source import decode
from plaincrm.index.index import Index
from plaincrm.vault.config import NAME


class Diagnostic(NamedTuple):
    """One fault with its place (line and column from 1, the end behind the last character) and its words."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    severity: Severity
    code: str
    message: str
    help: str
    fixable: bool


class CheckReport(NamedTuple):
    """What a check found: how many notes were looked at, and the diagnostics in the order of files and lines."""

    files: int
    errors: int
    warnings: int
    diagnostics: tuple[Diagnostic, ...]


def check(index: Index) -> CheckReport:
    """Check a whole vault. Faults of one note are stored with its rows, so that a warm check reads no note."""
    files = index.rows("select count(*) from files")[0][0]
    found = sorted([*_settings(index), *_notes(index), *_duplicate_ids(index)])
    errors = sum(item.severity == "error" for item in found)
    return CheckReport(files, errors, len(found) - errors, tuple(found))


def diagnostic(file: str, place: tuple[int, int, int, int], code: str, facts: dict[str, str]) -> Diagnostic:
    """A fault with its words. Facts are put into our own sentences by name; no text of a user is a format."""
    rule = BY_CODE[code]
    known = _Facts(facts)
    message, remedy = rule.message.format_map(known), rule.help.format_map(known)
    return Diagnostic(file, *place, rule.severity, code, message, remedy, False)


class _Facts(dict[str, str]):
    """Facts by name; one that a fault does not carry is left out of the sentence."""

    def __missing__(self, _key: str) -> str:
        return ""


def _notes(index: Index) -> Iterator[Diagnostic]:
    for path, code, *place, facts in index.rows(
        "select path, code, line, column, end_line, end_column, facts from diagnostics join files using (file)"
    ):
        yield diagnostic(path, (place[0], place[1], place[2], place[3]), code, json.loads(facts))


def _settings(index: Index) -> Iterator[Diagnostic]:
    source = decode(index.vault.config_bytes)
    for fault in index.vault.config.faults:
        yield diagnostic(NAME, _place(source.place(fault.start), source.place(fault.end)), fault.code, dict(fault.facts))


def _place(start: tuple[int, int], end: tuple[int, int]) -> tuple[int, int, int, int]:
    return (*start, *end)


def _duplicate_ids(index: Index) -> Iterator[Diagnostic]:
    """File names that are one id twice: equal as NFC whatever their case, as disks that fold names take them."""
    for (paths,) in index.rows(
        "select group_concat(path, char(10)) from customers join files using (file) group by key having count(*) > 1"
    ):
        first, *others = sorted(paths.split("\n"))
        for path in others:
            yield diagnostic(path, (1, 1, 1, 1), "duplicate-id", {"other": first})


def unread(index: Index) -> dict[str, str]:
    """The notes that could not be read in full, with the code of their first error: what an answer may lack."""
    marks = ", ".join("?" * len(ERRORS))
    found: dict[str, str] = {}
    for path, code in index.rows(
        f"select path, code from diagnostics join files using (file) where code in ({marks}) order by path, position",  # noqa: S608
        ERRORS,
    ):
        found.setdefault(path, code)
    return found


