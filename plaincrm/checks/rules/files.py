"""Rules: what can be wrong with a file as a whole."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "unreadable-file",
        "error",
        "The file cannot be read: {reason}.",
        "Give yourself the right to read it: chmod u+r on the file.",
        why="Its customer stands in lists by the file name alone, and nothing that the note says is counted.",
        bad="(a note that you have no right to read)",
        good="(the same note after chmod u+r)",
    ),
    Rule(
        "not-a-file",
        "warning",
        "This is named like a note, but is no plain file.",
        "Give it a name that does not end in .md.",
        why="It looks like a customer in your folder and is none in any answer.",
        bad="(a folder, a pipe or a device whose name ends in .md)",
        good="(the same folder without .md in its name)",
    ),
    Rule(
        "too-large",
        "error",
        "The file is too large for a note ({size}).",
        "Split it: notes are read up to {limit}.",
        why="It is not read, so that one file cannot hold up all answers; its customer is known by the file name only.",
        bad="(a note of 20 MB, as a picture pasted as text makes it)",
        good="(the same note with the picture in a file of its own)",
    ),
    Rule(
        "conflict-copy",
        "warning",
        "A sync program made this copy of {original} when it was changed in two places.",
        "Take it over into the original: plaincrm merge ORIGINAL COPY loses nothing of either.",
        why="Copies are not read, so what was written in the other place is in no answer.",
        bad="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            === customers/kahvila-aurinko.sync-conflict-20261120-101500-ABCDEFG.md
            ---
            name: Kahvila Aurinko Oy
            city: Turku
            ---
            """,
        good="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            city: Turku
            ---
            """,
    ),
    Rule(
        "dangling-link",
        "warning",
        "This file is a link that leads nowhere.",
        "Point the link at a note, or delete it.",
        why="The note behind it was moved or deleted, and its customer is missing from every answer.",
        bad="(a symbolic link customers/leipomo-vehna.md to a file that is gone)",
        good="(the note itself in its place)",
    ),
    Rule(
        "link-out-of-vault",
        "warning",
        "This link leads out of the vault and is not followed.",
        "Put a copy of the note in the place of the link.",
        why="Nothing outside the vault is read, whoever put the link there, so this customer is in no answer.",
        bad="(a symbolic link customers/leipomo-vehna.md to /home/liisa/leipomo-vehna.md)",
        good="(the note itself in its place)",
    ),
    Rule(
        "linked-folder",
        "warning",
        "This folder is a link and is not followed.",
        "Move its notes into the vault, or name the folder in [vault] records.",
        why="A link can lead in a circle or out of the vault, so no note behind it is read.",
        bad="(a symbolic link customers/old to another folder)",
        good="(the folder itself in its place)",
    ),
    Rule(
        "odd-file-name",
        "warning",
        "The file name holds a character that cannot be seen.",
        "Rename the file.",
        why="You cannot type the name, so neither a link nor a command finds the note.",
        bad="(a note whose name has a tab in it, or a character that turns the direction of writing)",
        good="(the same note under a name of letters, digits and hyphens)",
    ),
    Rule(
        "not-downloaded",
        "warning",
        "iCloud keeps {original} elsewhere: its content is not here.",
        "Download it: open its folder in Finder, and choose to keep it downloaded.",
        why="The customer is in no answer until the note is on this machine.",
        bad="""
            === customers/.kahvila-aurinko.md.icloud
            bplist00
            """,
        good="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            """,
    ),
    Rule(
        "odd-file-ending",
        "warning",
        "The file name ends in {ending}; notes end in .md.",
        "Rename the file, so that it ends in .md.",
        why="A note that ends in .markdown is not read; other programs pass over one that ends in .MD.",
        bad="""
            === customers/kahvila-aurinko.markdown
            ---
            name: Kahvila Aurinko Oy
            ---
            """,
        good="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            """,
    ),
    Rule(
        "unlinkable-name",
        "warning",
        "The file name {problem}.",
        "Rename the file with letters, digits, spaces and hyphens.",
        why="Obsidian cannot link to such a note, or Windows cannot hold it and a copy of the vault there lacks it.",
        bad="""
            === customers/kahvila #2.md
            ---
            name: Kahvila Aurinko Oy
            ---
            """,
        good="""
            === customers/kahvila-aurinko.md
            ---
            name: Kahvila Aurinko Oy
            ---
            """,
    ),
)
