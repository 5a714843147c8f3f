"""The check: every fault of the notes, the register and the settings, with its place and its words, sorted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from plaincrm.checks.baseline import Known, subtract
from plaincrm.checks.diagnostic import Diagnostic, diagnostic
from plaincrm.checks.ignores import without_ignored
from plaincrm.checks.near import near_hint
from plaincrm.checks.place import Places
from plaincrm.checks.policy import Policy
from plaincrm.checks.rule import FIELDS, Register, Severity
from plaincrm.checks.rules import BY_CODE, RULES
from plaincrm.checks.settings import setting_faults
from plaincrm.errors import UsageError, named_field
from plaincrm.index.index import Index
from plaincrm.vault.config import NAME

_RANK = {"error": 0, "warning": 1, "hint": 2}


class Scope(NamedTuple):
    """What of the faults is wanted.

    `select` are the only codes wanted, where there are any; those of `ignore` are not; nothing less grave than
    `least`; `files` are the only paths wanted, None for all.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    least: Severity = "hint"
    files: frozenset[str] | None = None

    @property
    def all_codes(self) -> bool:
        """Whether nothing is left out by its code or severity."""
        return not self.select and not self.ignore and self.least == "hint"

    @property
    def asks_all(self) -> bool:
        """Whether every rule has to be asked: what silences nothing is known only then."""
        return not self.select or "unused-ignore" in self.select

    def holds(self, item: Diagnostic) -> bool:
        """Whether a diagnostic is among them."""
        return (
            item.code not in self.ignore
            and (not self.select or item.code in self.select)
            and _RANK[item.severity] <= _RANK[self.least]
            and (self.files is None or item.file in self.files)
        )


EVERYTHING = Scope()


class CheckReport(NamedTuple):
    """What a check found: how many files were looked at, and the diagnostics in the order of files and lines.

    `known` counts faults that the baseline knows and that are not among the diagnostics, `gone` what it knows and is
    no longer found, told only where every rule was asked.
    """

    files: int
    errors: int
    warnings: int
    hints: int
    known: int
    gone: int
    diagnostics: tuple[Diagnostic, ...]
    limited: bool = False


def check(
    index: Index, today: date | None = None, scope: Scope = EVERYTHING, known: Known | None = None
) -> CheckReport:
    """Check a whole vault. Faults of one note are stored with its rows, so that a warm check reads no note.

    Without `today` nothing is named whose finding depends on the day.
    """
    judged = _judged(index, [*setting_faults(index), *_stored(index), *_in_register(index, today, scope)])
    heard = without_ignored(index, judged, all_asked=today is not None and scope.asks_all)
    left, held, gone = subtract(
        [item for item in sorted(heard, key=_order) if scope.holds(item)], known or {}, scope.files
    )
    counts = Counter(item.severity for item in left)
    files = index.rows("select count(*) from files")[0][0] if scope.files is None else len(scope.files - {NAME})
    told = gone if today is not None and scope.all_codes else 0
    numbers = counts["error"], counts["warning"], counts["hint"]
    return CheckReport(files, *numbers, held, told, tuple(left), not scope.all_codes)


def _order(item: Diagnostic) -> tuple[Any, ...]:
    """Settings first, since one may be the cause of others; then by file and place."""
    return (item.file != NAME, item.file, item.place, item.code, item.message)


def sound_codes(codes: Iterable[str]) -> frozenset[str]:
    """Codes that a user named.

    Raises:
        UsageError: one is none of the table's.
    """
    named = frozenset(codes)
    for code in sorted(named - BY_CODE.keys()):
        remedy = near_hint(code).strip() or "plaincrm explain --all lists all codes."
        raise UsageError(f"There is no check {code}.", remedy)
    return named


_STORED = """
    select path, line, column, end_line, end_column, code, facts, fix
    from diagnostics cross join files using (file)
    """


def _stored(index: Index, where: str = "", *parameters: object) -> Iterator[Diagnostic]:
    """What was found while notes were read."""
    for path, line, column, end_line, end_column, code, facts, fix in index.rows(_STORED + where, parameters):
        yield diagnostic(path, (line, column, end_line, end_column), code, json.loads(facts), fix)


def diagnostics_of(index: Index, path: str) -> tuple[Diagnostic, ...]:
    """What was found while one note was read, sorted, without what is silenced and without mere hints."""
    judged = _judged(index, _stored(index, "where path = ?", path))
    heard = without_ignored(index, judged, all_asked=False)
    return tuple(sorted((item for item in heard if item.file == path and item.severity != "hint"), key=_order))


def _judged(index: Index, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Diagnostics with the severity they have in this vault; those that are switched off are left out."""
    policy = Policy(index.vault.config)
    return [item._replace(severity=severity) for item in found if (severity := policy.severity(item.code, item.file))]


def _in_register(index: Index, today: date | None, scope: Scope) -> Iterator[Diagnostic]:
    """What no note tells alone: each rule is asked that is wanted and not switched off everywhere."""
    register = Register(index, _given(index, today))
    places = Places(index)
    off = {code for code, severity in index.vault.config.severities.items() if severity == "off"}
    lifted = {code for codes in index.vault.config.path_severities.values() for code in codes}
    for rule in RULES:
        wanted = scope.asks_all or (rule.code in scope.select and rule.code not in scope.ignore)
        if rule.find and wanted and rule.code not in off - lifted:
            named = [field for field in FIELDS if f"{{{field}}}" in rule.help]
            for found in rule.find(register):
                facts = dict(found.facts) | {field: places.typed(found.path, field) for field in named}
                if "field" in facts:
                    facts |= named_field(facts["field"], places.typed(found.path, facts["field"]))
                yield diagnostic(found.path, places.of(found), rule.code, facts)


def _given(index: Index, today: date | None) -> dict[str, str | int | None]:
    """The days and numbers that queries name; None where the day or the setting is not told."""
    config = index.vault.config
    verified = today and config.verify_after and config.verify_after.before(today)
    kept = today and config.keep_leads and config.keep_leads.before(today)
    return {
        "today": today.isoformat() if today else None,
        "far": config.far_future.after(today).isoformat() if today else None,
        "verified_from": verified.isoformat() if verified else None,
        "leads_from": kept.isoformat() if kept else None,
        "lead": config.stages[0],
        "alone": int(len(config.owners) < 2),
        "active": json.dumps(config.active),
    }
