"""Parts of a note that a query may be limited to, besides its fields: `log:terrace`, `deal:roof`."""

from __future__ import annotations

import re
from typing import NamedTuple

from plaincrm.index.condition import Condition
from plaincrm.index.search import is_sought_within, matching_files
from plaincrm.language import unaccented


class PartOfNote(NamedTuple):
    """A part of the note: what it is, and the table and column of its texts.

    Without a column they are the lines of the note from `line` to `end_line` of each row.
    """

    about: str
    table: str
    column: str = ""


PARTS = {
    "log": PartOfNote("words of an entry of the log", "entries"),
    "promise": PartOfNote("words of a promise, ours or theirs", "tasks", "text"),
    "deal": PartOfNote("a part of the name of a deal", "deals", "name"),
    "product": PartOfNote("a part of what was sold", "sales", "product"),
}


def has_part(part: PartOfNote) -> Condition:
    """The condition that there is such a part."""
    return Condition(f"exists (select 1 from {part.table} p where p.file = c.file)", ())


def part_holds(part: PartOfNote, text: str) -> Condition:
    """The condition that one row of a part holds a text, which is folded: in the log as search finds words."""
    if part.column:
        sql = f"exists (select 1 from {part.table} p where p.file = c.file and instr(fold(p.{part.column}), ?) > 0)"
        return Condition(sql, (text,))
    narrowed, values = matching_files(text)
    spans = f"(select group_concat(p.line || ' ' || p.end_line) from {part.table} p where p.file = c.file)"
    sql = f"c.file in ({narrowed}) and holds((select text from notes n where n.file = c.file), {spans}, ?)"
    return Condition(sql, (*values, text))


def holds(text: str, spans: str | None, word: str) -> bool:
    """Whether lines of a note hold a word within one of some spans (`12 14,20 20`), as full-text search compares."""
    lines = text.split("\n")
    sought = _tokens(word) if is_sought_within(word) else f" {_tokens(word)}"
    for span in (spans or "").split(",") if spans else ():
        first, last = map(int, span.split())
        if sought in f" {_tokens(unaccented(' '.join(lines[first - 1 : last])))}":
            return True
    return False


def _tokens(folded: str) -> str:
    """The words of a text, a blank between them."""
    return " ".join(re.findall(r"[^\W_]+", folded))
