"""Comments in a note that silence a check there: `<!-- plaincrm: ignore CODE: reason -->`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from plaincrm.document.hidden import without_hidden

_IGNORE = re.compile(
    r"(?:<!--|%%)[ \t]*plaincrm:[ \t]*ignore[ \t]+(?P<codes>[a-z0-9-]+(?:[ \t]*,[ \t]*[a-z0-9-]+)*)[ \t]*"
    r"(?::[ \t]*(?P<reason>(?:(?!-->|%%)[^\n])*?))?[ \t]*(?:-->|%%)"
)


class Ignore(NamedTuple):
    """One code that a note silences, why, and where its comment stands."""

    code: str
    reason: str
    start: int
    end: int


def find_ignores(text: str, start: int) -> Iterator[Ignore]:
    """The codes that comments behind `start` silence; a comment shown as code is none."""
    if "plaincrm:" not in text:
        return
    for match in _IGNORE.finditer(text, start):
        visible = f"{text[: match.start()]}{'x' * len(match[0])}{text[match.end() :]}"
        if without_hidden(visible, start)[0][match.start()] != "x" or _is_in_backticks(text, *match.span()):
            continue
        for code in match["codes"].split(","):
            yield Ignore(code.strip(), (match["reason"] or "").strip(), *match.span())


def _is_in_backticks(text: str, start: int, end: int) -> bool:
    """Whether a stretch of a line stands in code within the line."""
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    before, behind = text[line_start:start], text[end : line_end if line_end >= 0 else len(text)]
    return before.count("`") % 2 == 1 and "`" in behind
