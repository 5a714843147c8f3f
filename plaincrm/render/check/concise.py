"""Diagnostics for editors and grep: exactly one line each, `file:line:column: severity code: message`."""

from __future__ import annotations

from plaincrm.checks.check import CheckReport
from plaincrm.render.escape import log_line


def concise(report: CheckReport) -> str:
    """A line a diagnostic, and nothing where nothing was found."""
    return "".join(
        log_line(f"{item.file}:{item.line}:{item.column}: {item.severity} {item.code}: {item.message}") + "\n"
        for item in report.diagnostics
    )
