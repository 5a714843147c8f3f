"""docs/checks.md shows every check with what is found in its bad example. Renew it with UPDATE_PAGES=1."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

from plaincrm.checks.rules import (
    RULES,
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
from plaincrm.render.check import full as shown
from plaincrm.render.lines import plain
from plaincrm.reports.explain import Explained, explain
from tests.checks.examples import is_described, vault_of_example
from tests.docs.marked import check_part, table

TODAY = date(2026, 11, 21)
GROUPS = {
    "Files": files,
    "Characters": characters,
    "Front matter": front,
    "Values": values,
    "Dates, numbers and amounts": amounts,
    "Choices": choices,
    "The text": text,
    "What stands twice": twins,
    "Links, and where the vault lies": register,
    "What the day makes wrong": days,
    "Silencing comments": comments,
    "Settings": settings,
}


def test_the_page_shows_every_check() -> None:
    assert tuple(rule for module in GROUPS.values() for rule in module.RULES) == RULES
    check_part("checks.md", "checks", "".join(page()))


def page() -> Iterator[str]:
    """All codes by the alphabet; then, by themes, an overview and each check with its example."""
    rows = {row.code: row for row in explain()}
    yield "\n### All codes\n\n"
    for _letter, codes in groupby(sorted(rows), key=lambda code: code[0]):
        yield f"- {', '.join(f'[{code}](#{code})' for code in codes)}\n"
    for title, module in GROUPS.items():
        yield f"\n### {title}\n"
        listed = [rows[rule.code] for rule in module.RULES]
        yield table(
            ["check", "severity", "fixable", "finds"],
            ([f"[{row.code}](#{row.code})", row.severity, "often" * row.fixable, row.message] for row in listed),
        ).rstrip("\n")
        yield "\n"
        for row in listed:
            yield from section(row)


def section(row: Explained) -> Iterator[str]:
    fixed = " `plaincrm fix` can often do it." if row.fixable else ""
    yield f"\n#### {row.code}\n\n{row.why.replace('<', '&lt;')}\n\n{row.help.replace('<', '&lt;')}{fixed}\n"
    if is_described(row.bad):
        yield f"\nBad: {row.bad[1:-1]}.\n"
    else:
        yield f"\nBad:\n\n{block(row.bad)}\n{block(found(row.bad))}"
    yield f"\nGood: {row.good[1:-1]}.\n" if is_described(row.good) else f"\nGood:\n\n{block(row.good)}"


def found(example: str) -> str:
    """What check prints of an example, without the summary."""
    with tempfile.TemporaryDirectory() as folder:
        vault = vault_of_example(Path(folder), example)
        report = vault.check(TODAY)
        lines = plain(list(shown.text(report, vault.lines_of(report.diagnostics), 80)))
    return lines.rpartition("\n\n")[0]


def block(text: str) -> str:
    fence = "````" if "```" in text else "```"
    return f"{fence}text\n{text}\n{fence}\n"
