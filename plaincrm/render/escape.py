"""One escape function an output kind: nothing that a file says may act on a terminal or a spreadsheet."""

from __future__ import annotations

import re

# Kept though not printable: joiners inside emoji and Indic words, and spaces that do not break.
_HARMLESS = frozenset("\u200c\u200d\u00a0\u202f\u2009")
# What a spreadsheet begins a formula with, at the start of a cell or of what it may take for one.
_FORMULA = re.compile("(?:^|(?<=[;\n]))(?=[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")


def terminal(text: str) -> str:
    """Text for one line of a terminal: every control, bidi mark and line break is shown as an escape."""
    if text.isprintable():
        return text
    return "".join(character if is_harmless(character) else _shown(character) for character in text)


def is_harmless(character: str) -> bool:
    """Whether a character does nothing but be seen."""
    return character.isprintable() or character in _HARMLESS


def _shown(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def json_text(text: str, *, ascii_only: bool) -> str:
    """JSON that may be looked at: the same values, with JSON's own escapes for whatever a terminal could act on."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    kept = str.isascii if ascii_only else is_harmless
    return "".join(
        character if character == "\n" or (character.isprintable() and kept(character)) else _json_escape(character)
        for character in text
    )


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def csv_cell(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula, and no terminal for a command; numbers are not passed here.

    An apostrophe stands before what could begin a formula, as OWASP's ASVS 1.2.10 asks: at the start, and behind the
    semicolons and line ends at which some spreadsheets split a cell.
    """
    kept = text if text.isprintable() else "".join(map(_in_cell, text.replace("\r\n", "\n")))
    return _FORMULA.sub("'", kept)


def _in_cell(character: str) -> str:
    return character if character in "\n\t" or is_harmless(character) else _shown(character)
