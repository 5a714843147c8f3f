"""Rules: what can be wrong with the ties between notes, and with where the vault lies."""

from __future__ import annotations

from plaincrm.checks import register
from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "dead-relation",
        "warning",
        "{field}: there is no note {target}.{hint}",
        "Write the file name of a note of the vault, without .md.",
        why="Who brought whom, and who belongs to whom, is not counted; often a note was renamed and its link was not.",
        bad="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            referred_by: "[[salo]]"
            ---
            === customers/salo-consulting.md
            ---
            name: Salo Consulting Oy
            ---
            """,
        good="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            referred_by: "[[salo-consulting]]"
            ---
            === customers/salo-consulting.md
            ---
            name: Salo Consulting Oy
            ---
            """,
        find=register.dead_relations,
    ),
    Rule(
        "dead-link",
        "hint",
        "There is no note or file {target} in the vault.{hint}",
        "Write the note, or mend the link.",
        why="Whoever follows the link finds nothing; often the note was renamed and the link was not.",
        bad="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---

            The terrace is in [[quote-terrace-2027]].
            """,
        good="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---

            The terrace is in [[quote-terrace-2026]].
            === materials/quote-terrace-2026.md
            Three decks, oiled.
            """,
        find=register.dead_links,
    ),
    Rule(
        "ambiguous-link",
        "warning",
        "{count} notes are called {target}, so nobody knows which one is meant.",
        "Rename the notes, so that each has a name of its own.",
        why="Obsidian opens one of them, and nobody sees that it is the wrong one.",
        bad="""
            === customers/companies/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            === customers/leads/kahvila-aurinko.md
            ---
            name: Kesäkahvila Saaristo
            ---
            === customers/laine-pekka.md
            ---
            name: Pekka Laine
            company: "[[kahvila-aurinko]]"
            ---
            """,
        good="""
            === customers/companies/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            === customers/leads/kahvila-saaristo.md
            ---
            name: Kesäkahvila Saaristo
            ---
            === customers/laine-pekka.md
            ---
            name: Pekka Laine
            company: "[[kahvila-aurinko]]"
            ---
            """,
        find=register.ambiguous_links,
    ),
    Rule(
        "referral-circle",
        "warning",
        "Who brought whom goes round in a circle: {way}.",
        "Take out the referral that is not true.",
        why="What a customer's word has brought you is summed along the way, and a circle has no beginning.",
        bad="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            referred_by: "[[salo-consulting]]"
            ---
            === customers/salo-consulting.md
            ---
            name: Salo Consulting Oy
            referred_by: "[[kahvila-aurinko]]"
            ---
            """,
        good="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            referred_by: "[[salo-consulting]]"
            ---
            === customers/salo-consulting.md
            ---
            name: Salo Consulting Oy
            ---
            """,
        find=register.referral_circles,
    ),
    Rule(
        "parent-circle",
        "warning",
        "Who belongs to whom goes round in a circle: {way}.",
        "Take out the parent that is not true.",
        why="No company can own its own owner, so sums over a group of companies cannot be right.",
        bad="""
            === customers/isannointi-aura.md
            ---
            name: Isännöinti Aura Oy
            parent: "[[kiinteisto-meri]]"
            ---
            === customers/kiinteisto-meri.md
            ---
            name: Kiinteistö Oy Meri
            parent: "[[isannointi-aura]]"
            ---
            """,
        good="""
            === customers/isannointi-aura.md
            ---
            name: Isännöinti Aura Oy
            ---
            === customers/kiinteisto-meri.md
            ---
            name: Kiinteistö Oy Meri
            parent: "[[isannointi-aura]]"
            ---
            """,
        find=register.parent_circles,
    ),
    Rule(
        "unknown-dependency",
        "warning",
        "No promise has the id {task}, for which this one waits.",
        "Write 🆔 {task} at the one that comes first, or take the ⛔ away.",
        why="A promise that waits for nothing anybody will do waits for ever.",
        bad="""
            - [ ] Order the oak ⛔ mesaure
            - [ ] Measure the terrace 🆔 measure
            """,
        good="""
            - [ ] Order the oak ⛔ measure
            - [ ] Measure the terrace 🆔 measure
            """,
        find=register.unknown_dependencies,
    ),
    Rule(
        "world-readable",
        "hint",
        "Every user of this machine can read the vault.",
        "Take the right away:\nchmod -R o-rwx {folder}",
        why="It holds names, numbers and what people told you, and anybody with an account here may look.",
        bad="(a vault that other users of the machine may list and read)",
        good="(the same vault after chmod -R o-rwx)",
        find=register.world_readable,
    ),
    Rule(
        "public-remote",
        "hint",
        "A git remote is reached by {scheme}://, where anyone can read along.",
        "Give the remote an address that begins with https:// or ssh://.",
        why="Every push and pull sends your customers' data unencrypted over the net.",
        bad="(a remote with the address git://git.example/vault.git)",
        good="(a remote with the address ssh://git@git.example/vault.git)",
        find=register.public_remotes,
    ),
)
