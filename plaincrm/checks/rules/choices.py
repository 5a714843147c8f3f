"""Rules: values of which there are only so many, as stages, owners and channels."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "unknown-type",
        "error",
        "{field}: {value} is no type.{hint}",
        "Write company or person.",
        why="The customer is missing from lists of companies and of people.",
        bad="type: compny",
        good="type: company",
    ),
    Rule(
        "unknown-stage",
        "error",
        "{field}: there is no stage {value}.{hint}",
        "Write one of the stages; those of your own are listed in [stages] of plaincrm.toml.",
        why="The customer stands at no stage, so the rules of the agenda for stages pass them over.",
        bad="stage: laed",
        good="stage: lead",
    ),
    Rule(
        "unknown-tier",
        "error",
        "{field}: there is no tier {value}.{hint}",
        "Write one of the tiers; those of your own are listed in [tiers] of plaincrm.toml.",
        why="The tier sets how often to be in touch and how soon to answer; without it the default counts.",
        bad="tier: kye",
        good="tier: key",
    ),
    Rule(
        "unknown-owner",
        "error",
        "{field}: nobody here is called {value}.{hint}",
        "Write one of the owners that [vault] of plaincrm.toml lists, or add the name there.",
        why="The customer is on nobody's agenda.",
        bad="""
            === plaincrm.toml
            [vault]
            owners = ["liisa", "matti", "noora"]
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            owner: lissa
            ---
            """,
        good="""
            === plaincrm.toml
            [vault]
            owners = ["liisa", "matti", "noora"]
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            owner: liisa
            ---
            """,
    ),
    Rule(
        "unknown-channel",
        "error",
        "{field}: there is no channel {value}.{hint}",
        "Write one of the channels; those of your own are named in [channels] of plaincrm.toml.",
        why="Nobody knows from it how to reach the customer, nor what they have forbidden.",
        bad="prefers: emial",
        good="prefers: email",
    ),
    Rule(
        "unknown-choice",
        "error",
        "{field}: {value} is none of the choices.{hint}",
        "Write one of the choices that [fields] of plaincrm.toml lists, or add it there.",
        why="The value is not read, so no query and no list has it.",
        bad="""
            === plaincrm.toml
            [fields]
            paint_system = { type = "choice", choices = ["linseed", "acrylic"] }
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            paint_system: linsed
            ---
            """,
        good="""
            === plaincrm.toml
            [fields]
            paint_system = { type = "choice", choices = ["linseed", "acrylic"] }
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            paint_system: linseed
            ---
            """,
    ),
    Rule(
        "unknown-mood",
        "error",
        "{field}: {value} is no mood.{hint}",
        "Write +, 0 or -.",
        why="The agenda does not see that a customer was angry.",
        bad="- 2026-11-20 call in, Pekka: a stain on the counter [mood:: hapy]",
        good="- 2026-11-20 call in, Pekka: a stain on the counter [mood:: -]",
    ),
    Rule(
        "unknown-step",
        "error",
        "{field}: {value} is no step of the journey.{hint}",
        "Write need, comparison, decision, order, delivery, use, support or end.",
        why="What happened there is missing from what you know of the customer's way.",
        bad="- 2026-09-30 visit: painting done [step:: delivry]",
        good="- 2026-09-30 visit: painting done [step:: delivery]",
    ),
)
