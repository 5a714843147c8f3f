"""docs/format.md lists everything that `plaincrm check` can find. Renew it with UPDATE_PAGES=1."""

from __future__ import annotations

from plaincrm.checks.rules import RULES
from tests.docs.marked import check_part, code, table


def test_the_page_shows_every_fault() -> None:
    rows = ([code(rule.code), rule.severity, rule.message, rule.help] for rule in RULES)
    check_part("format.md", "faults", table(["code", "severity", "message", "what to do"], rows))
