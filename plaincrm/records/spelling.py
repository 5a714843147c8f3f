"""How front matter is written: values that are read as they are meant here, and otherwise by other programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plaincrm.document.document import Document
from plaincrm.document.nodes import Node
from plaincrm.errors import Fault, fault
from plaincrm.language import fold, spellings
from plaincrm.records.fields import Field
from plaincrm.records.schema import Schema

_COMMENTED = re.compile(r"[ \t]*(#[^\s#][^\n]*?)[ \t]*\r?$", re.MULTILINE)
_ZONE = re.compile(r"[T ][0-9:.]+ ?(?:Z|[+-][0-9:]{2,6})$")
_ITEM = re.compile(r"([ \t]*-)([^\s#-](?:(?! -)[^\n])*)")  # one item a line; none looks like two
_DASHES = re.compile(r"-(?=[^\s-])")


def odd_spellings(document: Document, schema: Schema) -> Iterator[Fault]:
    """What other programs, Obsidian first, would read otherwise in the fields of a note."""
    for key, node in document.fields:
        if not isinstance(key.value, str):
            continue
        known = schema.table.find(key.value)
        if node.value is None:
            yield from _commented_out(document.source.text, key, node)
        elif isinstance(node.value, str) and node.value.startswith("-") and node.plain:
            yield from _dashes(document.source.text, node, key.value)
        elif known is not None:
            for item in node.items:
                yield from _of_type(item, known, schema)
            if known.many and node.text:
                yield from _list_as_text(node, known)


def _of_type(item: Node, known: Field, schema: Schema) -> Iterator[Fault]:
    if item.text is None:
        return
    if known.type == "choice" and isinstance(known.choices, str):
        yield from _choice(item, item.text.strip(), known, schema)
    elif known.type == "date" and len(item.text) > 10 and _ZONE.search(item.text):
        facts = {"field": known.key, "value": item.text, "day": item.text[:10]}
        yield fault("date-with-zone", item.start, item.end, **facts)


def _commented_out(text: str, key: Node, node: Node) -> Iterator[Fault]:
    """`tags: #vip`: for YAML a field without a value, and a comment."""
    match = _COMMENTED.match(text, node.end)
    if match and node.start == node.end:
        fix = f'"{match[1]}"' if '"' not in match[1] and "\\" not in match[1] else None
        yield fault("value-is-comment", match.start(1), match.end(1), fix, field=str(key.value), value=match[1])


def _dashes(text: str, node: Node, key: str) -> Iterator[Fault]:
    """Items of a list whose dashes have no blank behind them: for YAML one text."""
    if len(_DASHES.findall(node.text or "")) > 1:
        lines = text[node.start : node.end].split("\n")
        fix = "\n".join(_ITEM.sub(r"\1 \2", line) for line in lines) if all(map(_ITEM.fullmatch, lines)) else None
        yield fault("dash-without-space", node.start, node.end, fix, field=key)


def _list_as_text(node: Node, known: Field) -> Iterator[Fault]:
    """Several tags or names in one text, which Obsidian takes for one; only where nothing but commas parts them."""
    parts = [part.strip() for part in (node.text or "").split(",")]
    if known.key in ("tags", "aliases") and len(parts) > 1 and all(parts) and node.plain:
        plain = all(re.fullmatch(r"[\w-][\w /-]*", part) for part in parts)
        fix = f"[{', '.join(parts)}]" if plain else None
        yield fault("list-as-text", node.start, node.end, fix, field=known.key)


def _choice(item: Node, text: str, known: Field, schema: Schema) -> Iterator[Fault]:
    """A choice that is told by its letters, though not written as the vault or the vocabulary writes it."""
    kind = str(known.choices)
    found = schema.choice(kind, text)
    if found is None or text == found:
        return
    same = [spelling for spelling in spellings(kind, found) if fold(spelling) == fold(text)]
    if same and text not in same:
        yield fault("odd-spelling", item.start, item.end, same[0], field=known.key, value=text, usual=same[0])
