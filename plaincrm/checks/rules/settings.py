"""Rules: what can be wrong with plaincrm.toml."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "bad-toml",
        "error",
        "plaincrm.toml cannot be read: {problem}.",
        "Mend the line; until then every setting has its default.",
    ),
    Rule(
        "unknown-setting",
        "error",
        "There is no setting {setting}.{hint}",
        "See docs/configuration.md for all settings.",
    ),
    Rule(
        "bad-setting",
        "error",
        "{setting} is not as it should be; its default is used.",
        "It takes {wanted}.",
    ),
)
