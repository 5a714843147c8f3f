"""Where in its note a finding of the register stands: the line is known, the columns are looked up in its text."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile

from plaincrm.checks.diagnostic import Place
from plaincrm.checks.rule import Finding
from plaincrm.index.index import Index
from plaincrm.language import key_beside

_VALUE = re.compile(r"\s*(?:- +)?(?:[^\s:\"'\[\]{}][^:\"'\[\]{}]*:(?=\s) *)?[\"']?(.*?)[\"']?\s*$", re.DOTALL)
_KEY = re.compile(r"([^\s:#\"'\[\]{}-][^:\"'\[\]{}]*?) *:(?:\s|$)")


class Places:
    """Looks findings up in the texts that the index keeps; only notes in which something was found are looked at."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lines = lru_cache(maxsize=64)(self._lines_of)

    def of(self, found: Finding) -> Place:
        """From the mark's first character to behind its last one; of a line without it, the whole of it."""
        if found.line is None:
            return 1, 1, 1, 1
        lines = self._lines(found.path)
        text = lines[found.line - 1].rstrip() if found.line <= len(lines) else ""
        start, end = _span(text, found.mark)
        return found.line, start + 1, found.line, end + 1

    def typed(self, path: str, field: str) -> str:
        """The key by which a note calls a front matter field; of one it lacks, as the others are spelt there."""
        find = self._index.vault.config.schema.table.find
        fence, *lines = self._lines(path) or [""]
        front = takewhile(lambda text: not text.startswith("---"), lines if fence.startswith("---") else ())
        keys = [key[1] for text in front if (key := _KEY.match(text))]
        named = (key for key in keys if (known := find(key)) and known.key == field)
        return next(named, None) or key_beside(field, keys)

    def _lines_of(self, path: str) -> list[str]:
        rows = self._index.rows("select text from notes join files using (file) where path = ?", (path,))
        return rows[0][0].removeprefix("\ufeff").split("\n") if rows else []


def _span(text: str, mark: str | None) -> tuple[int, int]:
    """Where a text stands in its line as a word of its own, in any case; else the value, else the line.

    The last such place is taken: values stand behind keys, and fields and ids behind the words of a line.
    """
    if mark is None:
        return len(text) - len(text.lstrip()), len(text)
    alone = re.compile(rf"(?<![\w-]){re.escape(mark)}(?![\w-])", re.IGNORECASE) if mark else None
    found = list(alone.finditer(text)) if alone else []
    if found:
        return found[-1].span()
    match = None if text.startswith(("- ", "* ", "+ ", "#")) else _VALUE.match(text)
    return match.span(1) if match else (0, len(text))
