"""Front matter read by the field table: known fields with their values, the user's own keys as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from plaincrm.document.document import Document
from plaincrm.document.nodes import Node, Pairs
from plaincrm.document.source import Source
from plaincrm.errors import Fault, fault
from plaincrm.language import canonical, fold
from plaincrm.records.fields import Field
from plaincrm.records.model import Contact, LinkTo, Value
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, checked_contact, nearest, read_value

_TEMPLATE = re.compile(r"\{\{[^{}\n]{0,80}\}\}|<%[^\n]{0,200}%>")
_LISTED = frozenset(("tag", "channel", "permission", "email"))  # types of which several may stand in one text
_DAMAGED = re.compile(r"\+[0-9]+|-?0[0-9]+|[0-9]+\.[0-9]*0|[0-9]+[eE][0-9]+|0[xo][0-9A-Fa-f]+|[0-9]{17,}", re.ASCII)
_TEXTS = frozenset(("text", "phone", "business_id", "vat_id"))
_CONTACT_PARTS = {"name": "name", "email": "email", "phone": "phone", "role": "role"}


@dataclass(slots=True)
class Front:
    """What the front matter says. `fields` by canonical key, `other` by the key as typed."""

    name: str = ""
    fields: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    other: dict[str, Any] = field(default_factory=dict)
    links: list[LinkTo] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_front_matter(document: Document, schema: Schema) -> Front:
    """Read every field; a bad value is named and left out, and the others stand."""
    front = Front()
    reader = _FieldReader(document.source, schema, front)
    for key, node in document.fields:
        if isinstance(key.value, str):
            reader.read(key, node)
    name = front.fields.get("name")
    front.name = str(name[0].value) if name else ""
    if document.front and not name and not any(fault.code == "wrong-shape" for fault in front.faults):
        start = document.front.start
        front.faults.append(fault("no-name", start, start + 3, hint=_name_hint(document)))
    return front


def _name_hint(document: Document) -> str:
    """The key that looks like `name` and is not, as one with a Cyrillic or a full-width letter does."""
    for key, _node in document.fields:
        if isinstance(key.value, str) and not key.value.isascii() and canonical("fields", key.value) is None:
            near = nearest(key.value, ["name", "nimi"])
            if near:
                return f" The key {key.value} is not written in plain letters."
    return ""


class _FieldReader:
    """Reads one field after the other into a `Front`."""

    def __init__(self, source: Source, schema: Schema, front: Front) -> None:
        self.source = source
        self.schema = schema
        self.front = front

    def read(self, key: Node, node: Node) -> None:
        typed = str(key.value)
        known = self.schema.table.find(typed)
        if known is None:
            self.front.other[typed] = _plain(node)
            self._note_links(typed, node)
            self._unknown_key(key, typed)
            return
        values = list(self._values(known, node))
        if values:
            had = self.front.fields.get(known.key, ())
            if had and not known.many:
                self._fault("field-twice", key, field=known.key, key=typed)
                return
            self.front.fields[known.key] = (*had, *values)

    def _unknown_key(self, key: Node, typed: str) -> None:
        """A user's own key is welcome; one that is nearly a known one is more likely a slip."""
        word = fold(typed)
        if len(word) < 4 or word in _NEAR_BUT_OWN:
            return
        near = nearest_key(word, self.schema)
        if near:
            self._fault("unknown-field", key, key=typed, near=near)

    def _values(self, known: Field, node: Node) -> Iterator[Value]:
        for item in self._items(known, node):
            if item.value is None or item.value in ("", []):
                continue
            try:
                value = self._value(known, item)
            except BadValue as bad:
                shown = item.value.strip() if isinstance(item.value, str) else ""
                self._fault(bad.code, item, **{"field": known.key, "value": shown[:80], **bad.facts})
                continue
            line = self.source.line_of(item.start)
            yield Value(known.key, value, item.text.strip() if item.text else "", line)
            if known.type == "link":
                self.front.links.append(LinkTo(value, known.key, line))

    def _items(self, known: Field, node: Node) -> list[Node]:
        """The values that a node stands for; of a field that has one value, a list of one is taken for it."""
        items = node.value if type(node.value) is list else [node]
        if known.type == "link" and type(node.value) is list and _bare_link(node):
            return [node]
        if not known.many and len(items) > 1:
            self._fault("several-values", node, field=known.key)
            return items[:1]
        if known.many and known.type in _LISTED and node.text and "," in node.text:
            return _split(node)
        if known.type == "tag" and node.text:
            return _split(node._replace(value=node.text.replace(" ", ",")))
        return items

    def _value(self, known: Field, item: Node) -> Any:
        if known.type == "contact" and isinstance(item.value, Pairs):
            return self._nested_contact(known, item.value, item)
        if known.type == "link" and (target := _bare_link(item)):
            self._fault("unquoted-link", item, field=known.key, target=target)
            return target
        if not isinstance(item.value, str):
            if known.type == "text" and _is_template(item, self.source):
                raise BadValue("unfilled-template")
            raise BadValue("wrong-shape")
        text = item.value.strip()
        if "{{" in text or "<%" in text:
            if _TEMPLATE.search(text):
                raise BadValue("unfilled-template")
        if item.plain and known.type in _TEXTS and _DAMAGED.fullmatch(text.replace(" ", "") if " " not in text else ""):
            self._fault("unquoted-number", item, field=known.key, value=text)
        return read_value(text, known, self.schema)

    def _nested_contact(self, known: Field, pairs: Pairs, item: Node) -> Contact:
        parts = {"name": "", "email": "", "phone": "", "role": ""}
        for key, node in pairs:
            part = canonical("fields", str(key.value))
            if part in parts and node.text:
                parts[part] = node.text.strip()
        return checked_contact(Contact(**parts, line=self.source.line_of(item.start)), known, self.schema)

    def _note_links(self, key: str, node: Node) -> None:
        """Links in the user's own fields are links too."""
        for item in node.value if type(node.value) is list else [node]:
            text = item.text
            if text and text.startswith("[[") and text.endswith("]]"):
                target = text[2:-2].split("|")[0].split("#")[0].strip()
                self.front.links.append(LinkTo(target, key, self.source.line_of(item.start)))

    def _fault(self, code: str, node: Node, **facts: str) -> None:
        self.front.faults.append(fault(code, node.start, node.end, **facts))


# Own keys seen in real vaults that differ from a field's name by a letter or two and mean something else.
_NEAR_BUT_OWN = frozenset(("rate", "date", "note", "notes", "cite", "states", "text", "image", "names", "line", "lines"))


def nearest_key(word: str, schema: Schema) -> str | None:
    """The field that a misspelt key most likely means, by edit distance; None where none is near enough."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 (for keys that are not known only)

    allowed = 1 if len(word) < 7 else 2
    best = min(((OSA.distance(word, known, score_cutoff=allowed), known) for known in schema.table.spellings()), default=None)
    if best is None or best[0] > allowed:
        return None
    found = schema.table.find(best[1])
    return found.key if found else None


def _split(node: Node) -> list[Node]:
    """The parts of a text with commas, each with its own span."""
    text, parts, at = node.text or "", [], node.start + (0 if node.plain else 1)
    for part in text.split(","):
        bare = part.strip()
        if bare:
            start = at + part.index(bare)
            parts.append(Node(bare, start, start + len(bare), node.plain))
        at += len(part) + 1
    return parts


def _bare_link(node: Node) -> str | None:
    """The target of `[[Target]]` written without quotes, which YAML reads as a list in a list."""
    value: Any = node.value
    for _depth in range(2):
        if type(value) is not list or len(value) != 1:
            return None
        value = value[0].value
    return value if isinstance(value, str) else None


def _is_template(node: Node, source: Source) -> bool:
    return _TEMPLATE.match(source.text, node.start) is not None


def _plain(node: Node) -> Any:
    """A value of the user's own field: text, None, lists and mappings of such."""
    if isinstance(node.value, Pairs):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node.value, list):
        return [_plain(item) for item in node.value]
    return node.value
