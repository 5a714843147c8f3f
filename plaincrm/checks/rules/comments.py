"""Rules: what can be wrong with the comments that silence a check in their note."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "unknown-code",
        "warning",
        "There is no check {code}, so nothing is silenced.{hint}",
        "plaincrm explain --all lists all codes.",
        why="The comment looks as if it silenced something.",
        bad="""
            email: pekka@aurinko.example

            <!-- plaincrm: ignore same-emial: Pekka owns both -->
            """,
        good="email: pekka@aurinko.example",
    ),
    Rule(
        "ignore-without-reason",
        "hint",
        "{code} is silenced without a reason.",
        "Say why, behind the code and a colon.",
        why="In a year nobody knows whether it may be taken out again.",
        bad="""
            postcode: 00100

            <!-- plaincrm: ignore unquoted-number -->
            """,
        good="""
            postcode: 00100

            <!-- plaincrm: ignore unquoted-number: we do not use Obsidian -->
            """,
    ),
    Rule(
        "unused-ignore",
        "hint",
        "{code} is silenced here and does not occur.",
        "Take {code} out of the comment; delete the comment if it names nothing else.",
        why="A comment that silences nothing today hides a real fault tomorrow.",
        bad="""
            postcode: "00100"

            <!-- plaincrm: ignore unquoted-number: we do not use Obsidian -->
            """,
        good='postcode: "00100"',
    ),
)
