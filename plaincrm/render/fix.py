"""What was mended: a unified diff of each note, what had to be left, and one line with the counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaincrm.changes.fix import FixReport
from plaincrm.render.diff import diff, styled_diff
from plaincrm.render.lines import BLANK, Line, Piece, line

FIELDS = ("file", "code")


def data(report: FixReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "dry_run": report.dry_run,
        "mended": report.mended,
        "left": report.left,
        "files": [
            {"file": item.file, "codes": item.codes, "diff": diff(item.file, item.old, item.new)}
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
        yield from styled_diff(item.file, item.old, item.new)
        yield BLANK
    for refused in report.refused:
        yield line(Piece(refused.message, "yellow"))
        yield line(Piece(f"  {refused.remedy}", "dim"))
        yield BLANK
    yield summary(report)


def summary(report: FixReport) -> Line:
    """One line with the counts."""
    files = len(report.files)
    verb = "Would mend" if report.dry_run else "Mended"
    done = f"{verb} {_count(report.mended, 'fault')} in {_count(files, 'note')}" if files else "Nothing to mend"
    left = f"; {_count(report.left, 'fault')} {'is' if report.left == 1 else 'are'} left for you: see plaincrm check"
    return line(Piece(f"{done}{left if report.left else ''}.", "bold" if files or report.left else "green"))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
