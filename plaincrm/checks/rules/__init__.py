"""The table of faults, ordered from the file to the register: what each is, why it matters, what to do."""

from __future__ import annotations

from collections.abc import Mapping

from plaincrm.checks.rule import Rule, Severity
from plaincrm.checks.rules import (
    amounts,
    characters,
    choices,
    comments,
    days,
    files,
    front,
    register,
    settings,
    text,
    twins,
    values,
)

RULES: tuple[Rule, ...] = (
    *files.RULES,
    *characters.RULES,
    *front.RULES,
    *values.RULES,
    *amounts.RULES,
    *choices.RULES,
    *text.RULES,
    *twins.RULES,
    *register.RULES,
    *days.RULES,
    *comments.RULES,
    *settings.RULES,
)
BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in RULES}
ERRORS = tuple(rule.code for rule in RULES if rule.severity == "error")

__all__ = ["BY_CODE", "ERRORS", "RULES", "Rule", "Severity"]
