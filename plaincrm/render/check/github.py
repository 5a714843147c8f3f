"""Diagnostics as commands of a GitHub Actions log, which shows them beside the lines of a pull request."""

from __future__ import annotations

from plaincrm.checks.check import CheckReport
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.render.escape import github_data, github_property

_COMMANDS = {"error": "error", "warning": "warning", "hint": "notice"}


def github(report: CheckReport) -> str:
    """A workflow command a diagnostic: message and remedy, titled by the code."""
    return "".join(map(_command, report.diagnostics))


def _command(item: Diagnostic) -> str:
    properties = {
        "file": item.file,
        "line": item.line,
        "col": item.column,
        "endLine": item.end_line,
        "endColumn": item.end_column,
        "title": item.code,
    }
    told = ",".join(f"{name}={github_property(str(value))}" for name, value in properties.items())
    words = "\n".join(part for part in (item.message, item.help) if part)
    return f"::{_COMMANDS[item.severity]} {told}::{github_data(words)}\n"
