"""The check: every fault the notes and the settings hold, with its place and its words, sorted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import starmap
from typing import Any, NamedTuple

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
    found = [*sorted(_settings(index)), *sorted([*_notes(index), *_duplicate_ids(index)])]  # a setting may be the cause
    errors = sum(item.severity == "error" for item in found)
    return CheckReport(files, errors, len(found) - errors, tuple(found))


def diagnostic(file: str, place: tuple[int, int, int, int], code: str, facts: dict[str, str]) -> Diagnostic:
    """A fault with its words. Facts are put into our own sentences by name; no text of a user is a format."""
    rule = BY_CODE[code]
    known = _Facts(facts)
    message, remedy = rule.message.format_map(known), rule.help.format_map(known)
    return Diagnostic(file, *place, rule.severity, code, message, remedy, False)


class _Facts(dict[str, str]):
    """Facts by name; one that a fault does not carry is left out of the sentence, a long one is cut."""

    def __missing__(self, _key: str) -> str:
        return ""

    def __getitem__(self, key: str) -> str:
        fact = super().__getitem__(key)
        return fact if len(fact) <= _LONGEST or key in _OURS else f"{fact[:_LONGEST]}…"


_LONGEST = 80  # characters of a fact in a message
_OURS = ("hint", "wanted", "problem")  # facts in our own words
_STORED = "select path, code, line, column, end_line, end_column, facts from diagnostics join files using (file)"


def _notes(index: Index) -> Iterator[Diagnostic]:
    return starmap(_stored, index.rows(_STORED))


def diagnostics_of(index: Index, path: str) -> tuple[Diagnostic, ...]:
    """The faults of one note."""
    return tuple(sorted(starmap(_stored, index.rows(f"{_STORED} where path = ?", (path,)))))


def _stored(path: str, code: str, *rest: Any) -> Diagnostic:  # noqa: ANN401 (a row of the table diagnostics)
    *place, facts = rest
    return diagnostic(path, (place[0], place[1], place[2], place[3]), code, json.loads(facts))


def _settings(index: Index) -> Iterator[Diagnostic]:
    source = decode(index.vault.config_bytes)
    for fault in index.vault.config.faults:
        place = (*source.place(fault.start), *source.place(fault.end))
        yield diagnostic(NAME, place, fault.code, dict(fault.facts))


def _duplicate_ids(index: Index) -> Iterator[Diagnostic]:
    """File names that are one id twice: equal as NFC whatever their case, as disks that fold names take them."""
    for (paths,) in index.rows(
        "select group_concat(path, '//') from customers join files using (file) group by key having count(*) > 1"
    ):
        first, *others = sorted(paths.split("//"))
        for path in others:
            yield diagnostic(path, (1, 1, 1, 1), "duplicate-id", {"other": first})


def unread(index: Index) -> dict[str, str]:
    """What an answer may lack: files that could not be read in full, with the code of their first error.

    Settings that were not read are among them, since their defaults may leave customers out.
    """
    wrong = [fault.code for fault in index.vault.config.faults if BY_CODE[fault.code].severity == "error"]
    found = {NAME: wrong[0]} if wrong else {}
    marks = ", ".join("?" * len(ERRORS))
    for path, code in index.rows(
        f"select path, code from diagnostics join files using (file) where code in ({marks}) order by path, position",
        ERRORS,
    ):
        found.setdefault(path, code)
    return found
