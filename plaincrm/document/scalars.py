"""One YAML scalar written: as it stands where every program reads it so, else in quotes."""

from __future__ import annotations

import re

# A plain scalar here begins with a letter, holds no sign that means more in a block or in a flow list, and is no word
# that some program takes for something else than a text.
_PLAIN = re.compile(r"[^\W\d_](?:[^\s:#,\[\]{}\"'&*!|>%@`\\]|[ ](?=\S)|(?<=\S)[:#&*!|>%@'](?=\S))*+")
_NO_TEXT = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
_TYPED = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}|0|-?[1-9][0-9]{0,14}(?:\.[0-9]*[1-9])?|[1-9][0-9]{0,3}[dwmy]|[0-9]{7}-[0-9]"
)
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def scalar(text: str, *, typed: bool = False) -> str:
    """A text as a YAML scalar of one line; what is `typed` (a date, a number, an id) stands bare where it can."""
    if _PLAIN.fullmatch(text) and text.isprintable() and text.casefold() not in _NO_TEXT:
        return text
    if typed and _TYPED.fullmatch(text):
        return text
    return f'"{in_double_quotes(text)}"'


def scalar_like(old: str, new: str, *, typed: bool = False) -> str:
    """A text in the quotes of the scalar that it takes the place of; bare where that stood bare and it can."""
    if old.startswith('"'):
        return f'"{in_double_quotes(new)}"'
    if old.startswith("'") and (single := in_single_quotes(new)) is not None:
        return f"'{single}'"
    return scalar(new, typed=typed)


def in_double_quotes(text: str) -> str:
    """The same between double quotes."""
    return "".join(_ESCAPED.get(character) or _shown(character) for character in text)


def in_single_quotes(text: str) -> str | None:
    """The same between single quotes, which know no escape but their own doubling; None where it cannot stand there."""
    return text.replace("'", "''") if text.isprintable() else None


def _shown(character: str) -> str:
    """A character, or its escape where it is a control or nothing that can be seen."""
    if character.isprintable() or character in "\u00a0\u202f\u200d\u200c":
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
