"""Rules: what can be wrong with the characters of a file."""

from __future__ import annotations

from plaincrm.checks.rule import Rule

RULES = (
    Rule(
        "wrong-encoding",
        "error",
        "The file is written in {encoding}, not in UTF-8.",
        "Save it as UTF-8.",
    ),
    Rule(
        "not-text",
        "error",
        "The file is {what}.",
        "Move it away, or put the note's text back.",
    ),
    Rule(
        "only-nul-bytes",
        "error",
        "The file holds nothing but NUL bytes: it was damaged by a crash.",
        "Take it back from git or a backup.",
    ),
    Rule(
        "unresolved-merge",
        "error",
        "Here stand both sides of a merge that nobody has finished.",
        "Keep what is right and delete the lines of markers.",
    ),
    Rule(
        "not-utf8",
        "error",
        "A byte here is no UTF-8 ({character}).",
        "Save the file as UTF-8.",
    ),
    Rule(
        "not-utf8-in-text",
        "warning",
        "A byte here is no UTF-8 ({character}).",
        "Save the file as UTF-8.",
    ),
    Rule(
        "nul-byte",
        "error",
        "A NUL byte stands in the front matter.",
        "Delete it.",
    ),
    Rule(
        "nul-byte-in-text",
        "warning",
        "A NUL byte stands in the text.",
        "Delete it.",
    ),
    Rule(
        "control-character",
        "error",
        "A control character ({character}) stands in the front matter.",
        "Delete it.",
    ),
    Rule(
        "odd-line-separator",
        "warning",
        "{character} is no line end for plaincrm, though it may look like one.",
        "Make it a real line end, or a space.",
    ),
    Rule(
        "stray-byte-order-mark",
        "warning",
        "A byte order mark stands inside the file.",
        "Delete it; it shows in no editor, so type the line anew.",
    ),
    Rule(
        "mixed-line-ends",
        "warning",
        "Lines end in different ways in this file.",
        "Set one kind of line end in your editor and save.",
    ),
)
