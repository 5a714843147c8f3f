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
    Rule(
        "bad-query",
        "error",
        "{setting}: {problem}",
        "{remedy} docs/queries.md tells how a query is written.",
        why="A segment that is no query cannot be asked for, and a playbook with such a query does nothing.",
        bad="""
            === plaincrm.toml
            [segments]
            cafes = "tag:café stge:customer"
            """,
        good="""
            === plaincrm.toml
            [segments]
            cafes = "tag:café stage:customer"
            """,
    ),
    Rule(
        "missing-material",
        "warning",
        "{setting}: there is no note {target}.{hint}",
        "Write the name of a note of the vault, with its folder, without .md.",
        why="The agenda tells you to send what is not there.",
        bad="""
            === plaincrm.toml
            [playbooks.care]
            on = "sale"
            do = "Send the care card"
            material = "materials/care-crad"
            === materials/care-card.md
            Oil it once a year.
            """,
        good="""
            === plaincrm.toml
            [playbooks.care]
            on = "sale"
            do = "Send the care card"
            material = "materials/care-card"
            === materials/care-card.md
            Oil it once a year.
            """,
    ),
    Rule(
        "unused-glob",
        "hint",
        "No note stands where {glob} looks for one.",
        "Mend the path, from the vault's folder on; ** stands for any folders. Or take the table out.",
        why="What you have set for these notes holds for none; often a folder was renamed.",
        bad="""
            === plaincrm.toml
            [check.paths."customers/formr/**"]
            no-next-step = "off"
            === customers/former/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            """,
        good="""
            === plaincrm.toml
            [check.paths."customers/former/**"]
            no-next-step = "off"
            === customers/former/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            """,
    ),
)
