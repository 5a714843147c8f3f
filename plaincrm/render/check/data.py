"""A check for programs: the whole report as JSON has it, a row a diagnostic as CSV has it."""

from __future__ import annotations

from typing import Any

from plaincrm.checks.check import CheckReport

FIELDS = (
    *("file", "line", "column", "end_line", "end_column"),
    *("severity", "code", "message", "help", "fixable", "fix"),
)


def data(report: CheckReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {**counts(report), "diagnostics": [dict(zip(FIELDS, row, strict=True)) for row in rows(report)]}


def counts(report: CheckReport) -> dict[str, int]:
    """The numbers at its head."""
    return {name: getattr(report, name) for name in ("files", "errors", "warnings", "hints", "known", "gone")}


def rows(report: CheckReport) -> list[list[Any]]:
    """The diagnostics as CSV has them."""
    return [[getattr(item, name) for name in FIELDS] for item in report.diagnostics]
