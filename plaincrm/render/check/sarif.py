"""Diagnostics as SARIF 2.1.0, the form that code scanning services and editors take from any checker."""

from __future__ import annotations

import re
from typing import Any

from plaincrm.checks.check import CheckReport
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.checks.rules import BY_CODE, Rule
from plaincrm.index.paths import disk_path
from plaincrm.render.escape import sarif_text, uri_path

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "hint": "note"}
_ROOT = "%SRCROOT%"  # by this name services know the top of what was checked out
_FACT = re.compile(r"\{\w+\}")  # stands in the words of a rule for a fact of one fault


def sarif(report: CheckReport, version: str) -> dict[str, Any]:
    """The report as a SARIF log of one run; `version` is the program's own."""
    codes = sorted({item.code for item in report.diagnostics})
    driver = {"name": "plaincrm", "version": version, "rules": [_rule(BY_CODE[code]) for code in codes]}
    at = {code: number for number, code in enumerate(codes)}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that the notes' paths begin in."}}},
        "results": [_result(item, at[item.code]) for item in report.diagnostics],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    """A rule in words that name no fact of any fault."""
    return {
        "id": rule.code,
        "shortDescription": {"text": f"{rule.code.replace('-', ' ').capitalize()}."},
        **({"fullDescription": {"text": rule.why}} if rule.why else {}),
        "help": {"text": _FACT.sub("…", rule.help)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(item: Diagnostic, rule: int) -> dict[str, Any]:
    place = {"artifactLocation": _file(item), "region": _region(item)}
    return {
        "ruleId": item.code,
        "ruleIndex": rule,
        "level": _LEVELS[item.severity],
        "message": {"text": sarif_text(f"{item.message} {item.help}".strip())},
        "locations": [{"physicalLocation": place}],
        **_fixes(item),
    }


def _fixes(item: Diagnostic) -> dict[str, Any]:
    """The text that should stand there instead; none where a byte that is no UTF-8 is part of it."""
    if item.fix is None or (not item.fix.isascii() and item.fix != item.fix.encode("utf-8", "replace").decode()):
        return {}
    replacement = {"deletedRegion": _region(item), "insertedContent": {"text": item.fix}}
    change = {"artifactLocation": _file(item), "replacements": [replacement]}
    return {"fixes": [{"description": {"text": sarif_text(item.help or item.message)}, "artifactChanges": [change]}]}


def _file(item: Diagnostic) -> dict[str, str]:
    return {"uri": uri_path(disk_path(item.file)), "uriBaseId": _ROOT}


def _region(item: Diagnostic) -> dict[str, int]:
    return {
        "startLine": item.line,
        "startColumn": item.column,
        "endLine": item.end_line,
        "endColumn": item.end_column,
    }
