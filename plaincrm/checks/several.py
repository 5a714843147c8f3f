"""Reports of several vaults as one, with paths from the folder one stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plaincrm.checks.check import CheckReport

Lines = Mapping[tuple[str, int], str]  # the text of lines by file and number


def joined(reports: Iterable[tuple[str, CheckReport]]) -> CheckReport:
    """One report of all; each comes with what is put before its paths, such as `notes/`."""
    told = list(reports)
    if len(told) == 1 and not told[0][0]:
        return told[0][1]
    items = (item._replace(file=prefix + item.file) for prefix, report in told for item in report.diagnostics)
    heads = zip(*(report[:6] for _prefix, report in told), strict=True)
    files, errors, warnings, hints, known, gone = map(sum, heads)
    limited = any(report.limited for _prefix, report in told)
    return CheckReport(files, errors, warnings, hints, known, gone, tuple(items), limited)


def joined_lines(lines: Iterable[tuple[str, Lines]]) -> dict[tuple[str, int], str]:
    """The lines of all, by the paths that stand in the joined report."""
    return {(prefix + file, number): text for prefix, of in lines for (file, number), text in of.items()}
