"""Groups by what people type, such as products and reasons, however it is spelt."""

from __future__ import annotations


def one_spelling(text: str) -> tuple[str, str]:
    """SQL for what to group a text by that people type, and for the group's name: case and accents make no other one.

    The name is the last of the spellings by its letters: with its accents, in small letters where anybody wrote so.
    """
    return f"fold({text})", f"max({text})"
