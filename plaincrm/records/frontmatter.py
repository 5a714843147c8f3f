"""Front matter read by the field table: known fields with their values, the user's own keys as they are."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from plaincrm.document.body import WIKILINK
from plaincrm.document.document import Document
from plaincrm.document.nodes import Node, Pairs, in_its_quotes, new_tuple
from plaincrm.document.source import Source, blank_name
from plaincrm.errors import Fault, fault, named_field
from plaincrm.language import canonical, fold
from plaincrm.records.fields import Field
from plaincrm.records.model import Contact, LinkTo, Value
from plaincrm.records.near import nearest_key
from plaincrm.records.plain import is_number_to_others
from plaincrm.records.schema import Schema
from plaincrm.records.spelling import odd_spelling
from plaincrm.records.values import BadValue, checked_contact, nearest, read_value

_TEMPLATE = re.compile(r"\{\{[^{}\n]{0,80}\}\}|<%[^\n]{0,200}%>")
_LISTED = frozenset(("tag", "channel", "permission", "email", "phone"))  # types of which several may stand in one text
# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_LOOK_ALIKE = "[\u0370-\u04ff\uff00-\uffef]"  # Greek, Cyrillic, full-width
_ODD_BLANK = "[\u00a0\u00ad\u2000-\u200f\u202f\u2060\u3000]"
_NO_TEXT = r"[-+.\d~]|(?:[Tt]rue|TRUE|[Ff]alse|FALSE|[Nn]ull|NULL|None)\Z"
_SHOWN = 200  # characters of a value that a fault keeps
_CONTACT_PARTS = {"name": "name", "email": "email", "phone": "phone", "role": "role"}


class Front:
    """What the front matter says. `fields` by canonical key, `other` by the key as typed."""

    def __init__(self) -> None:
        self.name = ""
        self.fields: dict[str, tuple[Value, ...]] = {}
        self.other: dict[str, Any] = {}
        self.links: list[LinkTo] = []
        self.faults: list[Fault] = []


def read_front_matter(document: Document, schema: Schema) -> Front:
    """Read every field; a bad value is named and left out, and the others stand."""
    front = Front()
    reader = _FieldReader(document.source, schema, front)
    reader.read(document.fields)
    name = front.fields.get("name")
    front.name = str(name[0].value) if name else reader.name_of_parts()
    if document.front and not front.name and not _is_known_why(document, front):
        start = document.front.start
        front.faults.append(fault("no-name", start, start + 3, hint=_name_hint(document)))
    return front


def _is_known_why(document: Document, front: Front) -> bool:
    """Whether a fault tells already why there is no name: its value is none, or it may be in what could not be read."""
    return any(("field", "name") in found.facts for found in front.faults) or any(
        found.code in _UNREAD or (not document.fields and found.code.startswith("front-matter-"))
        for found in document.faults
    )


_UNREAD = frozenset(("bad-yaml", "yaml-feature", "unresolved-merge"))


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
        self.line_starts = source.line_starts
        self.spelling: dict[str, str] = {}  # of the keys read so far, by field
        self.typed = ""  # the key that is being read

    def read(self, pairs: Pairs) -> None:
        """Read all fields; nearly all of them are plain, and need no more than a look at what they meant before."""
        fields, spelling, plain_value = self.front.fields, self.spelling, self.schema.plain_value
        for key, node in pairs:
            typed, text = key.value, node.value
            if type(typed) is not str:
                continue
            plain = plain_value(typed, text) if type(text) is str else None
            if plain and plain[0] not in fields:
                known, value = plain
                spelling[known] = typed
                line = bisect_right(self.line_starts, node.start)
                fields[known] = (new_tuple(Value, (known, value, text, line)),)
            else:
                self._read_field(key, node, typed)

    def _read_field(self, key: Node, node: Node, typed: str) -> None:
        self.typed = typed
        known = self.schema.table.find(typed)
        self.front.faults += odd_spelling(self.source.text, key, node, known, self.schema)
        if known is None:
            self.front.other[typed] = _plain(node)
            self._note_links(typed, node)
            self._unknown_key(key, typed)
            if _TEMPLATE.match(self.source.text[node.start : node.end].lstrip("\"'")):
                self._fault("unfilled-template", node, field=typed)
            return
        values = tuple([value for item in self._items(known, node) if (value := self._read(known, item))])
        if values:
            self._take(known, key, values)

    def _take(self, known: Field, key: Node, values: tuple[Value, ...]) -> None:
        typed = self.typed
        had = self.front.fields.get(known.key, ())
        if had and not known.many:
            if typed != self.spelling[known.key]:  # else it is a duplicate key, which has its own fault
                self._fault("field-twice", key, **named_field(known.key, self.spelling[known.key]), key=typed)
            return
        self.spelling[known.key] = typed
        self.front.fields[known.key] = had + values

    def _unknown_key(self, key: Node, typed: str) -> None:
        """A user's own key is welcome; one that is nearly a known one is more likely a slip."""
        word = fold(typed)
        if canonical("name_parts", typed):
            return
        near = nearest_key(word, self.schema.table.spellings())
        if near:
            hint = " Some of its letters only look like plain ones." if re.search(_LOOK_ALIKE, typed) else ""
            if blank := re.search(_ODD_BLANK, typed):
                hint = f" It holds {blank_name(blank[0])}."
            self._fault("unknown-field", key, key=typed, near=near, hint=hint)
        elif re.match(_NO_TEXT, typed):
            from plaincrm.document.yaml import typed as as_typed  # noqa: PLC0415 (for keys that may be no text only)

            if not isinstance(as_typed(key), str):
                self._fault("odd-key", key, key=typed)

    def name_of_parts(self) -> str:
        """Given and family name, where they are told apart."""
        parts = {canonical("name_parts", key): value for key, value in self.front.other.items()}
        found = (parts.get("given"), parts.get("family"))
        return " ".join(part.strip() for part in found if isinstance(part, str)).strip()

    def _read(self, known: Field, item: Node) -> Value | None:
        """One value, or None where there is none or it is none of the field's type."""
        typed = item.value
        if not typed:  # nothing, an empty text or an empty list
            return None
        text = typed.strip() if type(typed) is str else ""
        try:
            value = self._value(known, item, text) if type(typed) is str else self._compound(known, item)
        except BadValue as bad:
            written = text or self.source.text[item.start : item.end].split("\n")[0]
            facts = named_field(known.key, self.typed) | {"value": written[:_SHOWN]} | bad.facts
            self._fault(bad.code, self._part(known, item, bad), bad.fix, **facts)
            return None
        line = bisect_right(self.line_starts, item.start)
        if known.type == "link":
            self.front.links.append(LinkTo(str(value), known.key, line))
        return new_tuple(Value, (known.key, value, text, line))

    def _part(self, known: Field, item: Node, bad: BadValue) -> Node:
        """The place of what is wrong: of a contact person, the address or number itself."""
        part = bad.facts.get("value") if known.type == "contact" else None
        if not part:
            return item
        if isinstance(item.value, Pairs):
            return next((node for _key, node in item.value if (node.text or "").strip()[:80] == part), item)
        at = self.source.text.find(part, item.start, item.end)
        return Node(part, at, at + len(part)) if at >= 0 else item

    def _items(self, known: Field, node: Node) -> list[Node]:
        """The values that a node stands for; of a field that has one value, a list of one is taken for it."""
        items = node.items
        if not known.many and len(items) == 1 and isinstance(items[0].value, list):
            return [node]  # a link without quotes, with both its brackets
        if not known.many and len(items) > 1:
            self._fault("several-values", node, **named_field(known.key, self.typed))
            return items[:1]
        if known.type == "tag" and node.text:
            return _split(node, r"[^,\s]+")
        if known.many and known.type in _LISTED and node.text and "," in node.text:
            return _split(node, r"[^,\s](?:[^,]*[^,\s])?")
        return items

    def _value(self, known: Field, item: Node, text: str) -> object:
        if ("{{" in text or "<%" in text) and _TEMPLATE.search(text):
            raise BadValue("unfilled-template")
        self._see_number(item, known, self.typed)
        return read_value(text, known, self.schema)

    def _see_number(self, item: Node, known: Field, typed: str) -> None:
        """Name a text without quotes that other programs take for a number."""
        text = (item.text or "").strip()
        if item.plain and is_number_to_others(known, text):
            self._fault("unquoted-number", item, f'"{text}"', **named_field(known.key, typed), value=text)

    def _compound(self, known: Field, item: Node) -> object:
        """The value of a list or mapping where a text should be: a contact by its parts, a link without quotes."""
        if known.type == "contact" and isinstance(item.value, Pairs):
            return self._nested_contact(known, item.value, item)
        if known.key != "name" and self._in_two_brackets(item) and (target := _bare_link(item)):
            fix = None if "\\" in target or '"' in target else f'"[[{target}]]"'  # which quotes would read otherwise
            if known.type == "date":  # and quotes would make it none
                return read_value(f"[[{target}]]", known, self.schema)
            self._fault("unquoted-link", item, fix, **named_field(known.key, self.typed), target=target)
            return read_value(f"[[{target}]]", known, self.schema)
        raise BadValue("unfilled-template" if _TEMPLATE.match(self.source.text, item.start) else "wrong-shape")

    def _in_two_brackets(self, item: Node) -> bool:
        """Whether it was typed as a link; a list of one in a list is the same to YAML."""
        text = self.source.text
        inner = text.startswith("[[", item.start - 1) and text.startswith("]]", item.end - 1)
        return inner or text.startswith("[[", item.start)

    def _nested_contact(self, known: Field, pairs: Pairs, item: Node) -> Contact:
        parts = {"name": "", "email": "", "phone": "", "role": ""}
        for key, node in pairs:
            part = canonical("fields", str(key.value))
            if part in parts and node.text:
                parts[part] = node.text.strip()
                if part == "phone":
                    self._see_number(node, self.schema.table.customer[part], str(key.value))
        return checked_contact(Contact(**parts, line=self.source.line_of(item.start)), known, self.schema)

    def _note_links(self, key: str, node: Node) -> None:
        """Links in the user's own fields are links too."""
        for item in node.items:
            bare = _bare_link(item)
            match = WIKILINK.fullmatch(f"[[{bare}]]" if bare else item.text or "")
            if match:
                self.front.links.append(LinkTo(match[1].strip(), key, self.source.line_of(item.start)))

    def _fault(self, code: str, node: Node, fix: str | None = None, **facts: str) -> None:
        if fix is not None:
            fix = in_its_quotes(fix, node, self.source.text)
        self.front.faults.append(fault(code, node.start, node.end, fix, **facts))


def _split(node: Node, pattern: str) -> list[Node]:
    """The parts of a text that a pattern finds, each with its own span; no program takes one of them for a number."""
    at = node.start + (0 if node.plain else 1)
    parts = re.finditer(pattern, node.text or "")
    return [Node(part[0], at + part.start(), at + part.end()) for part in parts]


def _bare_link(node: Node) -> str | None:
    """The target of `[[Target]]` written without quotes: for YAML a list, or in a list's item a list in a list."""
    inner = node
    for _depth in range(2):
        if inner.items is inner.value and len(inner.items) == 1:
            inner = inner.items[0]
    return inner.text if inner is not node else None


def _plain(node: Node) -> object:
    """A value of the user's own field: text, None, lists and mappings of such."""
    if isinstance(node.value, Pairs):
        return {str(key.value): _plain(value) for key, value in node.value}
    return [_plain(item) for item in node.items] if isinstance(node.value, list) else node.value
