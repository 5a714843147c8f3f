"""What each check is about: the rows of the table of faults as answers."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from typing import NamedTuple

from plaincrm.checks.check import sound_codes
from plaincrm.checks.rule import FIELDS, Rule, Severity
from plaincrm.checks.rules import BY_CODE, RULES


class Explained(NamedTuple):
    """One check: what it finds, why that matters, what to do, an example of a note with the fault and without it.

    Words in angle brackets stand for what a fault fills in. `fixable` says whether `plaincrm fix` can often mend it.
    """

    code: str
    severity: Severity
    message: str
    why: str
    help: str
    bad: str
    good: str
    fixable: bool


def explain(codes: Iterable[str] = ()) -> tuple[Explained, ...]:
    """The checks of these codes, or all of them, in the order of the table.

    Raises:
        UsageError: there is no such check.
    """
    wanted = sound_codes(codes) or BY_CODE.keys()
    return tuple(_explained(rule) for rule in RULES if rule.code in wanted)


def _explained(rule: Rule) -> Explained:
    return Explained(
        rule.code,
        rule.severity,
        _open(rule.message),
        rule.why,
        _open(rule.help),
        example(rule.bad),
        example(rule.good),
        rule.fixable,
    )


def _open(sentence: str) -> str:
    """A sentence with its gaps as people know them from manuals; a hint that a fault may add is left out."""
    words = sentence.replace("{hint}", "").replace("{other}", "<another note>")
    return re.sub(r"\{(\w+)\}", lambda gap: gap[1] if gap[1] in FIELDS else f"<{gap[1]}>", words)


def example(text: str) -> str:
    """An example without the indent it has among the rules."""
    return textwrap.dedent(text).strip("\n")
