"""What was mended: a unified diff of each note, what had to be left, and one line with the counts."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from typing import Any

from plaincrm.changes.fix import FixReport, Mended
from plaincrm.render.lines import BLANK, Line, Piece, line

FIELDS = ("file", "code")
_STYLES = {"---": "bold", "+++": "bold", "@@": "cyan", "-": "red", "+": "green"}
_NO_END = "\\ No newline at end of file"


def data(report: FixReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "dry_run": report.dry_run,
        "mended": report.mended,
        "left": report.left,
        "files": [
            {"file": item.file, "codes": item.codes, "diff": "".join(f"{row}\n" for row in diff(item))}
            for item in report.files
        ],
        "refused": report.refused,
    }


def rows(report: FixReport) -> Iterator[tuple[str, str]]:
    """One row a fault that is gone."""
    return ((item.file, code) for item in report.files for code in item.codes)


def text(report: FixReport) -> Iterator[Line]:
    """The diffs, the refusals, the counts."""
    for item in report.files:
        yield from map(_styled, diff(item))
        yield BLANK
    for refused in report.refused:
        yield line(Piece(refused.message, "yellow"))
        yield line(Piece(f"  {refused.remedy}", "dim"))
        yield BLANK
    yield summary(report)


def diff(item: Mended) -> Iterator[str]:
    """A unified diff of one note, line by line; carriage returns at line ends, which both sides have, are left out."""
    old, new = (_lines(side) for side in (item.old, item.new))
    for row in unified_diff(old, new, f"a/{item.file}", f"b/{item.file}", lineterm=""):
        yield from row.split("\n")


def _lines(side: str) -> list[str]:
    """The lines of a text, where git sees them; a last line without an end is marked as git marks it."""
    *whole, last = side.split("\n")
    lines = [row.removesuffix("\r") for row in whole]
    return [*lines, f"{last}\n{_NO_END}"] if last else lines


def _styled(row: str) -> Line:
    style = next((style for mark, style in _STYLES.items() if row.startswith(mark)), "")
    return line(Piece(row.replace("\t", "    "), style))


def summary(report: FixReport) -> Line:
    """One line with the counts."""
    files = len(report.files)
    verb = "Would mend" if report.dry_run else "Mended"
    done = f"{verb} {_count(report.mended, 'fault')} in {_count(files, 'note')}" if files else "Nothing to mend"
    left = f"; {_count(report.left, 'fault')} {'is' if report.left == 1 else 'are'} left for you: see plaincrm check"
    return line(Piece(f"{done}{left if report.left else ''}.", "bold" if files or report.left else "green"))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
