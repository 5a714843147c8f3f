"""YAML as Obsidian reads it: the 1.2 core schema, on libyaml, behind a guard against hostile input."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

import yaml

from plaincrm.document.frontmatter import MAX_SIZE, MAX_VALUES, plain_fields
from plaincrm.document.nodes import NULLS, Node, Pairs
from plaincrm.document.source import BOM
from plaincrm.document.yaml_words import bad_yaml, disguised, syntax_fault
from plaincrm.errors import Fault, fault

MAX_DEPTH = 32


class YamlFault(Exception):
    """Front matter that cannot be read as a whole; `fault` says why and where, counted from its own start."""

    def __init__(self, found: Fault) -> None:
        super().__init__(found.code)
        self.fault = found


class Loader(yaml.CSafeLoader):
    """libyaml's safe loader with the implicit types of YAML 1.2's core schema and ISO dates, and no others."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's own shape)


for _tag, _pattern, _first in (
    ("null", r"(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"(?:0|-?[1-9][0-9]{0,17})$", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}$", list("-0123456789")),
    ("timestamp", r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$", list("0123456789")),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


def read(block: str, at: int = 0) -> tuple[Pairs, list[Fault]]:
    """The fields of a front matter block and what is wrong with them, spans counted from `at`.

    A block that is no YAML as a whole is read field by field, so that a bad line hides itself alone.
    """
    try:
        pairs, faults = parse(block, at), list[Fault]()
    except YamlFault as refusal:
        pairs, faults = _salvage(block, at, refusal.fault)
    return pairs, faults + list(_key_faults(pairs, lambda start: 2 + block.count("\n", 0, start - at)))


def parse(block: str, at: int = 0) -> Pairs:
    """The fields of a block that is one YAML mapping of plain things.

    Raises:
        YamlFault: it is no YAML mapping, or it holds what no customer note needs (anchors, aliases, tags,
            several documents, deep nesting, too many values).
    """
    if len(block) > MAX_SIZE:
        raise YamlFault(fault("front-matter-too-large", at, at, limit="64 KiB"))
    if block.startswith(BOM):  # libyaml passes over it and counts all places one too low
        return parse(block[1:], at + 1)
    stand_ins = _stand_ins(block)
    readable = block.translate(stand_ins)
    try:
        _guard(readable)
        root = yaml.compose(readable, Loader=Loader)
    except YamlFault as refusal:
        raise YamlFault(_moved(refusal.fault, at)) from None
    except yaml.MarkedYAMLError as error:
        raise YamlFault(_moved(syntax_fault(error, block), at)) from None
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise YamlFault(bad_yaml(at, type(error).__name__, at)) from None
    if root is None:
        return Pairs()
    if not isinstance(root, yaml.MappingNode):
        if found := disguised(block):
            raise YamlFault(_moved(found, at))
        raise YamlFault(fault("front-matter-not-fields", at, at + len(block.rstrip())))
    pairs = _pairs(root, block, at)
    return _restored(pairs, {ord(mark): odd for odd, mark in stand_ins.items()}) if stand_ins else pairs


_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]|\r(?!\n)")


def _stand_ins(block: str) -> dict[int, str]:
    """Private characters for those that libyaml refuses or takes for line ends, and of which the source tells."""
    odd = sorted(set(_ODD.findall(block)))
    free = (chr(point) for point in range(0xE000, 0xF8FF) if chr(point) not in block)
    return {ord(character): stand_in for character, stand_in in zip(odd, free, strict=False)}


def _restored(pairs: Pairs, table: dict[int, int]) -> Pairs:
    """The values with their odd characters back."""

    def restore(node: Node) -> Node:
        if isinstance(node.value, str):
            return node._replace(value=node.value.translate(table))
        if isinstance(node.value, Pairs):
            return node._replace(value=_restored(node.value, table))
        return node._replace(value=[restore(item) for item in node.items]) if node.value else node

    return Pairs((restore(key), restore(value)) for key, value in pairs)


_FIELD_START = re.compile(r"^(?=[^\s#\-\[\]{}])", re.MULTILINE)
_SALVAGED = 100  # fields that libyaml is asked about one by one; a note has some twenty


def _salvage(block: str, at: int, whole: Fault) -> tuple[Pairs, list[Fault]]:
    """What can be read of a broken block: each field with the lines that belong to it, by itself."""
    if len(block) > MAX_SIZE:
        return Pairs(), [whole]
    starts = [match.start() for match in _FIELD_START.finditer(block)]
    pairs, faults, asked = Pairs(), list[Fault](), 0
    for start, end in itertools.pairwise([*starts, len(block)]):
        part = plain_fields(block[start:end], at + start)
        if part is None and asked < _SALVAGED:
            asked += 1
            try:
                part = parse(block[start:end], at + start)
            except YamlFault as refusal:
                faults.append(_of_one_field(refusal.fault))
        pairs.extend(part or ())
    return pairs, faults if faults and (pairs or whole.code == "bad-yaml") else [whole]


def _of_one_field(found: Fault) -> Fault:
    """A line among fields that is no field itself lacks its colon."""
    if found.code != "front-matter-not-fields":
        return found
    return bad_yaml(found.start, "could not find expected ':'", found.end)


def _key_faults(pairs: Pairs, line_of: Callable[[int], int]) -> Iterator[Fault]:
    """Keys that are no text, and keys given twice, at any depth."""
    seen: dict[str, int] = {}
    for key, value in pairs:
        if not isinstance(key.value, str):
            if not _is_placeholder(pairs):
                yield fault("key-not-text", key.start, key.end)
        elif key.value in seen:
            yield fault("duplicate-key", key.start, key.end, key=key.value, line=str(line_of(seen[key.value])))
        else:
            seen[key.value] = key.start
        yield from _inner_key_faults(value, line_of)


def _is_placeholder(pairs: Pairs) -> bool:
    """Whether this is a template's `{{title}}`, of which the record tells."""
    return len(pairs) == 1 and isinstance(pairs[0][0].value, Pairs) and pairs[0][1].value is None


def _inner_key_faults(node: Node, line_of: Callable[[int], int]) -> Iterator[Fault]:
    for item in node.items:
        if isinstance(item.value, Pairs):
            yield from _key_faults(item.value, line_of)
        elif isinstance(item.value, list):
            yield from _inner_key_faults(item, line_of)


def _moved(item: Fault, by: int) -> Fault:
    return item._replace(start=item.start + by, end=item.end + by)


def _guard(block: str) -> None:
    """Walk the events, which cost little, before anything recursive runs on them.

    libyaml's composer dies of a stack overflow at some 25,000 open brackets, which no `except` can catch.
    """
    depth = values = 0
    for event in yaml.parse(block, Loader=Loader):
        if isinstance(event, yaml.NodeEvent):
            values += 1
            _refuse_sharing(event)
            depth += isinstance(event, yaml.CollectionStartEvent)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH or values > MAX_VALUES:
            raise YamlFault(_at(event, "front-matter-too-deep" if depth > MAX_DEPTH else "front-matter-too-many"))
        if isinstance(event, yaml.DocumentStartEvent) and event.explicit:
            raise YamlFault(_at(event, "yaml-feature", what="A second YAML document"))


def _refuse_sharing(event: yaml.NodeEvent) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise YamlFault(_at(event, "yaml-feature", what="A YAML alias (*name)"))
    if event.anchor is not None:
        raise YamlFault(_at(event, "yaml-feature", what="A YAML anchor (&name)"))
    if getattr(event, "tag", None) is not None:
        raise YamlFault(_at(event, "yaml-feature", what="A YAML tag (!name)"))
    if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and not event.style:
        raise YamlFault(_at(event, "yaml-feature", what="A YAML merge key (<<)"))


def _at(event: yaml.Event, code: str, **facts: str) -> Fault:
    assert event.start_mark is not None  # libyaml gives every event its marks
    assert event.end_mark is not None
    return fault(code, event.start_mark.index, event.end_mark.index, **facts)


def _node(node: yaml.Node, block: str, at: int) -> Node:
    """A node with its span; libyaml counts the blank lines and comments behind a block value to it, we do not."""
    start, end = at + node.start_mark.index, at + node.end_mark.index
    if isinstance(node, yaml.ScalarNode):
        plain = not node.style  # libyaml says "" where PyYAML says None
        if node.style in ("|", ">"):
            end = start + _block_length(block[start - at : end - at])
        return Node(None if plain and node.value in NULLS else str(node.value), start, end, plain)
    if isinstance(node, yaml.MappingNode):
        pairs = _pairs(node, block, at)
        return Node(pairs, start, end if node.flow_style else pairs[-1][1].end)
    assert isinstance(node, yaml.SequenceNode)  # there is no fourth kind
    items = [_node(item, block, at) for item in node.value]
    return Node(items, start, end if node.flow_style else items[-1].end)


def _block_length(text: str) -> int:
    """The length of a block scalar without the blank lines, and comments of less indent, behind it."""
    lines = text.split("\n")
    indent = next((_indent(line) for line in lines[1:] if line.strip()), 0)
    while len(lines) > 1 and _is_behind(lines[-1], indent):
        lines.pop()
    return len("\n".join(lines).rstrip())


def _is_behind(line: str, indent: int) -> bool:
    return not line.strip() or (line.lstrip(" ").startswith("#") and _indent(line) < indent)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _pairs(node: yaml.MappingNode, block: str, at: int) -> Pairs:
    return Pairs((_key(key, block, at), _node(value, block, at)) for key, value in node.value)


def _key(node: yaml.Node, block: str, at: int) -> Node:
    """A key is the text that was typed, whatever type YAML would give it; `null:` is called null."""
    if isinstance(node, yaml.ScalarNode):
        return Node(str(node.value), at + node.start_mark.index, at + node.end_mark.index, not node.style)
    return _node(node, block, at)


def typed_pairs(pairs: Pairs) -> dict[str, object]:
    """Fields as YAML 1.2 types them, by their keys as typed; of a key given twice the last counts."""
    return {str(key.value): typed(value) for key, value in pairs}


def typed(node: Node) -> object:
    """A node as YAML 1.2 types it: the form in which programs exchange what no field table knows."""
    if isinstance(node.value, Pairs):
        return typed_pairs(node.value)
    if isinstance(node.value, list):
        return [typed(item) for item in node.items]
    return typed_scalar(node.value) if node.plain and node.value is not None else node.value


def typed_scalar(text: str) -> object:
    """A plain scalar's value by YAML 1.2's core schema; text where it fits none of its types."""
    for tag, pattern in Loader.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            return _CONSTRUCT[tag.rpartition(":")[2]](text)
    return text


def _date_or_text(text: str) -> object:
    from plaincrm.dates import parse_date  # noqa: PLC0415 (needed for real dates only)

    return parse_date(text) or text


_CONSTRUCT: dict[str, Callable[[str], object]] = {
    "null": lambda _text: None,
    "bool": lambda text: text[0] in "tT",
    "int": int,
    "float": float,
    "timestamp": _date_or_text,
}
