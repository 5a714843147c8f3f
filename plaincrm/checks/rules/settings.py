"""Rules: what can be wrong with plaincrm.toml."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "bad-toml",
        "error",
        "plaincrm.toml cannot be read: {problem}.",
        "Mend the line; until then every setting has its default.",
        why="Your stages, owners and folders are not known, so notes may be left out and sound values called wrong.",
        bad="""
            === plaincrm.toml
            [vault]
            name = "Maalaus ja remontti Sävy Oy
            """,
        good="""
            === plaincrm.toml
            [vault]
            name = "Maalaus ja remontti Sävy Oy"
            """,
    ),
    Rule(
        "unknown-setting",
        "error",
        "There is no setting {setting}.{hint}",
        "See docs/configuration.md for all settings.",
        why="What you meant to set has its default.",
        bad="""
            === plaincrm.toml
            [vault]
            curency = "SEK"
            """,
        good="""
            === plaincrm.toml
            [vault]
            currency = "SEK"
            """,
    ),
    Rule(
        "bad-setting",
        "error",
        "{setting} is not as it should be; its default is used.",
        "It takes {wanted}.",
        why="What you meant to set has its default.",
        bad="""
            === plaincrm.toml
            [agenda]
            days = "seven"
            """,
        good="""
            === plaincrm.toml
            [agenda]
            days = 7
            """,
    ),
)
