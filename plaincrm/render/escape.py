"""One escape function an output kind: nothing that a file says may act on a terminal or a spreadsheet."""

from __future__ import annotations

# Kept though not printable: joiners inside emoji and Indic words, and spaces that do not break.
_HARMLESS = frozenset("\u200c\u200d\u00a0\u202f\u2009")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def terminal(text: str) -> str:
    """Text for one line of a terminal: every control, bidi mark and line break is shown as an escape."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() or character in _HARMLESS else _shown(character) for character in text)


def _shown(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def csv_cell(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula (OWASP ASVS 1.2.10); numbers of ours are not passed here."""
    return f"'{text}" if text.startswith(_FORMULA) else text
