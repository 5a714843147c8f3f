"""How front matter is written: values that are read as they are meant here, and otherwise by other programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plaincrm.dates import parse_date
from plaincrm.document.nodes import Node, in_its_quotes, plain_node
from plaincrm.errors import Fault, fault, named_field
from plaincrm.language import fold, spellings
from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema

# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_COMMENTED = r"(?m)[ \t]*(#[^\s#][^\n]*?)[ \t]*\r?$"
_DAY = 10  # characters of a date
_CLOCK = r"[T ](?P<clock>[0-9:.]+) ?(?P<zone>Z|[+-][0-9:]{2,6})?"
_ITEM = r"([ \t]*-)([\w+][^\n:#|>&*!%@`\"'\[\]{}]*)(?<! -)"  # one item a line, nothing that means more to YAML
_TAG = r"#[\w/-]+"
_TEXT = r"[^\W\d_][\w ./@-]*"
_NO_TEXT = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))  # to one program or another
_CURLY_MARKS = "“”„«»‘‚"
_CURLY = f"[{_CURLY_MARKS}]([^“”„«»\n]+)[“”«»’‘]"
_PROSE = frozenset(("needs", "next_action", "lost_reason"))
_DASHES = r"-(?=[^\s-])"


def odd_spelling(text: str, key: Node, node: Node, known: Field | None, schema: Schema) -> Iterator[Fault]:
    """What other programs, Obsidian first, would read otherwise in a field of a note's `text`."""
    typed = str(key.value)
    if node.value is None:
        yield from _commented_out(text, key, node, tag=known is not None and known.type == "tag")
    elif known:
        yield from _curly(node, known, typed)
        if known.type == "choice":
            yield from _choice(text, node, known, typed, schema)
        elif known.type == "date":
            yield from _behind_the_day(node, known, typed)
        elif known.many and isinstance(node.value, str):
            yield from _list_as_text(text, node, known, typed)
        elif known.many:
            for item in node.items:
                if item.value is None:
                    yield from _commented_out(text, key, item, tag=known.type == "tag")


def is_oddly_spelt(known: Field, text: str, schema: Schema) -> bool:
    """Whether there may be something to tell of one text without quotes."""
    if known.type not in ("choice", "date") and text[0] not in _CURLY_MARKS:  # nearly always
        return False
    node = plain_node(text, 0)
    return next(odd_spelling(text, plain_node(known.key, 0), node, known, schema), None) is not None


def _behind_the_day(node: Node, known: Field, typed: str) -> Iterator[Fault]:
    """A time behind a date, which nothing counts; midnight says nothing, and many programs write it."""
    text = (node.text or "").strip()
    match = re.compile(_CLOCK).fullmatch(text, _DAY)
    if match and parse_date(text[:10]):
        facts = {**named_field(known.key, typed), "value": text, "day": text[:10]}
        if match["zone"]:
            yield fault("date-with-zone", node.start, node.end, **facts)
        elif match["clock"].strip("0:."):
            yield fault("time-in-date", node.start, node.end, **facts)


def _curly(node: Node, known: Field, typed: str) -> Iterator[Fault]:
    """Quotes as word processors and phones set them, which stand around a whole value; in prose somebody is quoted."""
    for item in node.items if known.key not in _PROSE else ():
        match = re.fullmatch(_CURLY, item.text or "") if item.plain else None
        if match:
            fix = None if "\\" in match[1] or '"' in match[1] else f'"{match[1]}"'
            yield fault("curly-quotes", item.start, item.end, fix, **named_field(known.key, typed))


def _commented_out(text: str, key: Node, node: Node, *, tag: bool) -> Iterator[Fault]:
    """`tags: #vip`: for YAML a field without a value, and a comment."""
    match = re.compile(_COMMENTED).match(text, node.end)
    if match and node.start == node.end:  # not after ~ or null, which say that there is none
        fix = f'"{match[1]}"' if tag and re.fullmatch(_TAG, match[1]) else None  # elsewhere it may be a real comment
        yield fault("value-is-comment", match.start(1), match.end(1), fix, field=str(key.value), value=match[1])


def _list_as_text(text: str, node: Node, known: Field, typed: str) -> Iterator[Fault]:
    """Items whose dashes have no blank behind them, and several tags or names in one text: for YAML one value each."""
    value = node.text or ""
    if node.plain and value.startswith("-") and len(re.findall(_DASHES, value)) > 1:
        lines = text[node.start : node.end].split("\n")
        plain = all(re.fullmatch(_ITEM, line) and line.strip("- \t\r").casefold() not in _NO_TEXT for line in lines)
        fix = "\n".join(re.sub(_ITEM, r"\1 \2", line) for line in lines) if plain else None
        yield fault("dash-without-space", node.start, node.end, fix, **named_field(known.key, typed))
        return
    parts = [part.strip() for part in value.split(",")]
    if known.type == "tag" and len(parts) > 1 and all(parts) and node.plain:
        plain = all(map(_is_text, parts))
        fix = f"[{', '.join(parts)}]" if plain else None
        yield fault("list-as-text", node.start, node.end, fix, **named_field(known.key, typed))


def _choice(source: str, node: Node, known: Field, typed: str, schema: Schema) -> Iterator[Fault]:
    """A choice that is told by its letters, though not written as the vault or the vocabulary writes it."""
    kind, text = known.choices, (node.text or "").strip()
    found = schema.choice(kind, text) if isinstance(kind, str) else None
    if found is None or text == found:
        return
    same = [spelling for spelling in spellings(str(kind), found) if fold(spelling) == fold(text)]
    if same and text not in same:
        fix = in_its_quotes(same[0], node, source)
        facts = named_field(known.key, typed) | {"value": text, "usual": same[0]}
        yield fault("odd-spelling", node.start, node.end, fix, **facts)


def _is_text(word: str) -> bool:
    """Whether a word means nothing but itself to YAML, wherever it stands."""
    return re.fullmatch(_TEXT, word) is not None and word.casefold() not in _NO_TEXT
