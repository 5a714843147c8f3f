"""Rules: what can be wrong with a file as a whole."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "unreadable-file",
        "error",
        "The file cannot be read: {reason}.",
        "See to its rights, then check again.",
    ),
    Rule(
        "not-a-file",
        "warning",
        "This is named like a note and is no plain file.",
        "Rename it or move it away.",
    ),
    Rule(
        "too-large",
        "error",
        "The file is too large for a note ({size} bytes).",
        "Notes are read up to {limit} bytes: split it.",
    ),
    Rule(
        "conflict-copy",
        "warning",
        "This is a copy that a sync program made of a conflict.",
        "Take over what it has more than the original, then delete it.",
    ),
    Rule(
        "dangling-link",
        "warning",
        "This file is a link that leads nowhere.",
        "Mend the link or delete it.",
    ),
    Rule(
        "link-out-of-vault",
        "warning",
        "This link leads out of the vault and is not followed.",
        "Copy the note into the vault.",
    ),
    Rule(
        "linked-folder",
        "warning",
        "This folder is a link and is not followed.",
        "Move its notes into the vault, or name the folder in [vault] records.",
    ),
    Rule(
        "odd-file-name",
        "warning",
        "The file name holds a character that cannot be seen.",
        "Rename the file.",
    ),
    Rule(
        "unlinkable-name",
        "warning",
        "The file name {problem}.",
        "Rename the file with letters, digits, spaces and hyphens.",
    ),
)
