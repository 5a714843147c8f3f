"""How many faults of each code there are, and how many of them can be mended by the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.checks.rule import Severity


class Count(NamedTuple):
    """The faults of one code; settings may make it graver in one folder than in another, so the severity is told too.

    `fixable` is the number of those that `plaincrm fix` can mend.
    """

    code: str
    severity: Severity
    faults: int
    fixable: int


def statistics(diagnostics: Iterable[Diagnostic]) -> tuple[Count, ...]:
    """A count a code and severity, the most frequent first."""
    all_of: Counter[tuple[str, Severity]] = Counter()
    fixable: Counter[tuple[str, Severity]] = Counter()
    for item in diagnostics:
        all_of[item.code, item.severity] += 1
        fixable[item.code, item.severity] += item.fixable
    counts = [Count(code, severity, count, fixable[code, severity]) for (code, severity), count in all_of.items()]
    return tuple(sorted(counts, key=lambda one: (-one.faults, one.code, one.severity)))
