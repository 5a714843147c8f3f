"""Where things stand in plaincrm.toml: tomllib tells values, and no places."""

from __future__ import annotations

import re

from plaincrm.document.source import Source
from plaincrm.errors import Fault, fault


def toml_fault(message: str, source: Source) -> Fault:
    """The words of tomllib with the place taken out and turned into an offset."""
    problem, _, place = message.partition(" (at ")
    end = at = len(source.text)
    match = re.match(r"line (\d+), column (\d+)", place)
    if match:
        line, column = int(match[1]), int(match[2])
        at = source.line_starts[line - 1] + column - 1 + (source.start if line == 1 else 0)
    letter = source.text[at : at + 1]
    if letter.isalpha() and not letter.isascii():
        problem = f"a name with the letter {letter} needs quotes around it"
    return fault("bad-toml", min(at, end), min(at + 1, end), problem=problem)


def setting_place(text: str, table: str, key: str) -> tuple[int, int]:
    """Where a setting stands: its key in its table, or the heading of the table; where neither is, the first line."""
    quoted = r"\.".join(rf"[\"']?{re.escape(part)}[\"']?" for part in (table or key).split("."))
    heading = re.search(rf"^[ \t]*\[+[ \t]*({quoted})[ \t.\]]", text, re.MULTILINE)
    outer, _, name = table.rpartition(".")
    if outer and not heading:
        return setting_place(text, outer, name)
    if heading and not table:
        return heading.span(1)
    named = re.search(rf"^[ \t]*\[[^\n]*[\"']({re.escape(key)})[\"'][ \t]*\]", text, re.MULTILINE) if key else None
    if named:  # a table by the name of the key, as [check.paths."customers/**"]
        return named.span(1)
    begin = heading.end() if heading else 0
    others = re.compile(rf"^[ \t]*\[(?!\[?[ \t]*{quoted}[ \t.\]])", re.MULTILINE).search(text, begin)
    word = rf"(?:^|[{{,.])[ \t]*[\"']?({re.escape(key)})[\"']?[ \t]*="
    match = re.compile(word, re.MULTILINE).search(text, begin, others.start() if others else len(text))
    return match.span(1) if match else heading.span(1) if heading else (0, 0)
