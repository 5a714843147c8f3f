"""Comments in a note that silence a check there: `<!-- plaincrm: ignore CODE: reason -->`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from plaincrm.document.hidden import without_hidden

# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_IGNORE = (
    r"(?:<!--|%%)[ \t]*plaincrm:[ \t]*ignore[ \t]+(?P<codes>[a-z0-9-]+(?:[ \t]*,[ \t]*[a-z0-9-]+)*)[ \t]*"
    r"(?::[ \t]*(?P<reason>(?:(?!-->|%%)[^\n])*?))?[ \t]*(?:-->|%%)"
)
_CODE = r"`[^`\n]+`"


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
    visible = without_hidden(text[:start] + re.sub(_IGNORE, _stand_in, text[start:]), start)[0]
    outside = re.sub(_CODE, _stand_in, text)
    for match in re.compile(_IGNORE).finditer(text, start):
        if visible[match.start()] != "x" or outside[match.start()] == "x":
            continue
        for code in match["codes"].split(","):
            yield Ignore(code.strip(), (match["reason"] or "").strip(), *match.span())


def _stand_in(match: re.Match[str]) -> str:
    return "x" * len(match[0])
