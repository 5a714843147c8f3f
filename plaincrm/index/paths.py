"""Paths as people see them: bytes that are no UTF-8 stand as escapes, which can be told from typed ones."""

from __future__ import annotations

import os
import re

# Compiled when first used: nearly all names are plain.
_AMBIGUOUS = r"(\\+)(?=x[0-9a-f]{2}|[\udc80-\udcff])"
_ESCAPED = r"(\\+)x([0-9a-f]{2})"


def shown_path(path: str) -> str:
    r"""A path of the system as text: the byte E9 alone is shown as `\xe9`.

    No two paths are shown alike: backslashes that were typed before what looks like an escape are doubled.
    """
    if path.isascii() and "\\x" not in path:
        return path
    doubled = re.sub(_AMBIGUOUS, r"\1\1", path)
    return doubled.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def disk_path(shown: str) -> str:
    """The path of the system that is shown so."""
    if "\\x" not in shown:
        return shown
    return os.fsdecode(re.sub(_ESCAPED, _unescaped, shown).encode("utf-8", "surrogateescape"))


def _unescaped(match: re.Match[str]) -> str:
    typed = match[1][: len(match[1]) // 2]
    escaped = len(match[1]) % 2
    return typed + (chr(0xDC00 + int(match[2], 16)) if escaped else f"x{match[2]}")
