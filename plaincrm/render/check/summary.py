"""The last words on a check: how many faults of which kind in how many notes, and what the baseline knows."""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.checks.baseline import NAME
from plaincrm.checks.check import CheckReport
from plaincrm.render.lines import Line, Piece, line, wrapped


def summary(report: CheckReport, width: int) -> Iterator[Line]:
    """The counts, and whatever there is to say of the baseline."""
    style = "bold" if report.diagnostics else "green"
    yield from (line(Piece(part, style)) for part in wrapped(found_words(report), width))
    yield from (line(part) for part in wrapped(baseline_words(report), width))


def written(report: CheckReport, width: int) -> Iterator[Line]:
    """What a baseline that was just written knows."""
    files = len({item.file for item in report.diagnostics})
    faults = f"{counted(len(report.diagnostics), 'fault')} in {counted(files, 'file')}"
    words = f"{NAME} knows {faults if report.diagnostics else 'no fault'}. Only new ones are shown from now on."
    yield from (line(part) for part in wrapped(words, width))


def found_words(report: CheckReport) -> str:
    """What was found, in a sentence."""
    notes = counted(report.files, "note")
    if not report.diagnostics:
        how = "nothing new" if report.known else "none of these faults" if report.limited else "all is well"
        return f"{notes} checked: {how}." if report.files else "There are no notes to check."
    numbers = ((report.errors, "error"), (report.warnings, "warning"), (report.hints, "hint"))
    *first, last = (counted(number, what) for number, what in numbers if number)
    found = f"{', '.join(first)} and {last}" if first else last
    fixable = sum(item.fixable for item in report.diagnostics)
    mended = f"; {fixable} can be mended with plaincrm fix" if fixable else ""
    return f"{found} in {notes}{mended}." if report.files else f"{found}{mended}."


def baseline_words(report: CheckReport) -> str:
    """How many faults the baseline holds back, and whether it knows some that are gone; empty without any."""
    words = []
    if report.known:
        stand = "stands" if report.known == 1 else "stand"
        words.append(f"{counted(report.known, 'known fault')} {stand} in {NAME}.")
    if report.gone:
        are = "is" if report.gone == 1 else "are"
        words.append(
            f"{counted(report.gone, 'fault')} that it knows {are} gone: plaincrm check --write-baseline writes it anew."
            if report.known
            else f"{counted(report.gone, 'fault')} that {NAME} knows {are} gone: plaincrm check --write-baseline"
            " writes it anew."
        )
    return " ".join(words)


def counted(number: int, what: str) -> str:
    """A number of things in words."""
    return f"{number} {what}{'' if number == 1 else 's'}"
