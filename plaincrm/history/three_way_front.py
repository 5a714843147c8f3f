"""The front matter three ways: fields by what they are called, lists item by item."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any, NamedTuple

from plaincrm.document.document import Document
from plaincrm.document.nodes import Node, Pairs
from plaincrm.history.three_way_blocks import Block, cut, merge_blocks, numbered
from plaincrm.history.three_way_lines import Clash, Doubt, Pieces, joined, merge_added, merge_lines, resolved
from plaincrm.language import canonical, fold
from plaincrm.records.fields import Field
from plaincrm.records.model import Contact
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, read_value


class Said(NamedTuple):
    """What a field says: its values, each with its place in the field's own lines, and the comments on them."""

    values: tuple[tuple[Any, Node], ...]
    comment: str
    node: Node
    listed: bool

    @property
    def meaning(self) -> tuple[Any, ...]:
        """What it means, however it is written."""
        return tuple(meaning for meaning, _node in self.values)


def front_blocks(document: Document, schema: Schema) -> list[Block]:
    """The lines of a front matter: its fences, its fields, and what stands between.

    Raises:
        Doubt: fields share a line, or two keys name one field.
    """
    front, text = document.front, document.source.text
    if front is None:
        return []
    blocks = [Block("open", text[front.start : front.block_start])]
    order = list(schema.table.customer)
    at = front.block_start
    for key, node in document.fields:
        start = text.rfind("\n", 0, key.start) + 1
        end = text.find("\n", max(node.end - 1, key.end)) + 1
        if not at <= start < end <= front.block_end or not isinstance(key.value, str):
            raise Doubt
        blocks += _between(text[at:start])
        known = schema.table.find(key.value)
        name = known.key if known else key.value
        lines, tail = cut(text[start:end])
        rank = (1.0, float(order.index(name) if name in order else len(order)))
        blocks.append(Block(("field", name), lines, tail, rank, _said(known, _moved(node, -start), lines, schema)))
        at = end
    blocks += _between(text[at : front.block_end])
    names = [block.key for block in blocks if isinstance(block.data, Said)]
    if len(set(names)) < len(names):
        raise Doubt
    return numbered([*blocks, Block("close", text[front.block_end : front.end], "", (3,))])


def merge_field(was: Block | None, mine: Block, yours: Block) -> Pieces:
    """One field that both sides have and do not write alike."""
    clash: Pieces = [Clash(mine.text, was.text if was else "", yours.text)]
    ours, theirs, base = mine.data, yours.data, was.data if was else None
    if not isinstance(ours, Said) or not isinstance(theirs, Said):
        return clash
    old_comment = base.comment if base else ""
    same = ours.meaning == theirs.meaning
    if (same and theirs.comment in (ours.comment, old_comment)) or _is_respelt(base, theirs):
        return [mine.text]
    if (same and ours.comment == old_comment) or _is_respelt(base, ours):
        return [yours.text]
    return (_merged_lists(was, mine, yours) if ours.listed or theirs.listed else None) or clash


def is_field(key: Hashable) -> bool:
    """Whether a key of a part is that of a field."""
    return isinstance(key, tuple) and isinstance(key[0], tuple) and key[0][0] == "field"


def _is_respelt(base: Said | None, side: Said) -> bool:
    """Whether a side says the same as the base, in other words."""
    return base is not None and (side.meaning, side.comment) == (base.meaning, base.comment)


def _between(text: str) -> list[Block]:
    """Comments and blank lines between fields."""
    return [Block(("line", line), f"{line}\n", "", (2,)) for line in text.split("\n")[:-1]]


def _moved(node: Node, by: int) -> Node:
    """A node with its places counted from elsewhere."""
    value = node.value
    if isinstance(value, Pairs):
        value = Pairs((_moved(key, by), _moved(item, by)) for key, item in value)
    elif value is not None and not isinstance(value, str):
        value = [_moved(item, by) for item in node.items]
    return Node(value, node.start + by, node.end + by, node.plain)


_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*", re.MULTILINE)


def _said(field: Field | None, node: Node, lines: str, schema: Schema) -> Said:
    comments, at = list[str](), 0
    for leaf in [*_leaves(node), Node(None, len(lines), len(lines))]:
        comments += _COMMENT.findall(lines, at, max(at, leaf.start))
        at = leaf.end
    items = node.items if isinstance(node.value, list) or node.text else []
    values = tuple((_meaning(item, field, schema), item) for item in items)
    return Said(values, "\n".join(comments), node, isinstance(node.value, list) or bool(field and field.many))


def _leaves(node: Node) -> list[Node]:
    if isinstance(node.value, Pairs):
        return [leaf for key, value in node.value for leaf in (key, *_leaves(value))]
    return [leaf for item in node.items for leaf in _leaves(item)] if isinstance(node.value, list) else [node]


def _meaning(node: Node, field: Field | None, schema: Schema) -> Any:  # noqa: ANN401 (the field's type tells)
    """What a value means, whatever its spelling; where it is none of the field's type, its text."""
    if isinstance(node.value, Pairs):
        return tuple((canonical("fields", str(key.value)) or key.value, _plain(value)) for key, value in node.value)
    if node.text is None:
        return _plain(node)
    text = node.text.strip()
    try:
        return read_value(text, field, schema) if field else text
    except BadValue:
        return text


def _plain(node: Node) -> Any:  # noqa: ANN401
    if isinstance(node.value, Pairs):
        return tuple((key.value, _plain(value)) for key, value in node.value)
    return tuple(_plain(item) for item in node.items) if isinstance(node.value, list) else node.value


def _name(meaning: Any) -> Any:  # noqa: ANN401
    """What an item of a list is known by: a contact person by the name, or else the address."""
    if isinstance(meaning, Contact):
        return fold(meaning.name) or meaning.email
    if isinstance(meaning, tuple) and meaning and isinstance(meaning[0], tuple):
        parts = dict(meaning)
        return fold(str(parts["name"])) if parts.get("name") else parts.get("email") or meaning
    return meaning


def _merged_lists(was: Block | None, mine: Block, yours: Block) -> Pieces | None:
    """A list with what each side added, without what each took away; None where that cannot be written."""
    sides = [side for side in (was, mine, yours) if side]
    if all(map(_has_lines, sides)):
        base, ours, theirs = (_item_lines(side) if side else [] for side in (was, mine, yours))
        merged = merge_blocks(base, ours, theirs, _merge_item)
        return joined([part for one in merged for part in (*one.pieces, one.tail)])
    one, other, old = (side.data.comment if side else "" for side in (mine, yours, was))
    if one != other and old not in (one, other):
        return None
    if any("\n" in side.text[node.start : node.end] for side in sides for _meaning, node in side.data.values):
        return None
    base, ours, theirs = (_items(side) if side else [] for side in (was, mine, yours))
    merged = merge_blocks(base, ours, theirs, _merge_item)
    if any(not isinstance(piece, str) for one in merged for piece in one.pieces):
        return None
    mine, yours = (mine, yours) if one != old else (yours, mine)  # whose comment is new
    like = mine if one != other else next((side for side in (mine, yours) if _indent(side) is not None), mine)
    return [_written(like, [resolved(one.pieces, theirs=False) for one in merged])]


def _indent(field: Block) -> str | None:
    """What stands before the dashes of a list with an item a line; None for any other value."""
    node: Node = field.data.node
    if not isinstance(node.value, list) or not node.value or field.text[node.start : node.start + 1] != "-":
        return None
    return field.text[field.text.rfind("\n", 0, node.start) + 1 : node.start]


def _has_lines(field: Block) -> bool:
    """Whether it is a list with an item a line, or may become one."""
    return _indent(field) is not None or field.data.node.value is None


def _item_lines(field: Block) -> list[Block]:
    """The key's line, and those of each item."""
    text, values = field.text, field.data.values
    starts = [text.rfind("\n", 0, node.start) + 1 for _meaning, node in values]
    ends = [*starts[1:], len(text)] if starts else []
    items = [
        Block(("item", _name(meaning)), text[start:end], data=meaning)
        for (meaning, _node), start, end in zip(values, starts, ends, strict=True)
    ]
    return numbered([Block("key", text[: starts[0]] if starts else text, rank=(-1,)), *items])


def _items(field: Block) -> list[Block]:
    return numbered(
        Block(("item", _name(meaning)), field.text[node.start : node.end], data=meaning)
        for meaning, node in field.data.values
    )


def _merge_item(was: Block | None, mine: Block, yours: Block) -> Pieces:
    base = was.data if was else None
    alone = max(mine.text.count("\n"), yours.text.count("\n")) <= 1  # no comment or part on a line of its own
    if alone and mine.data is not None and yours.data in (mine.data, base):
        return [mine.text]
    if alone and mine.data is not None and mine.data == base:
        return [yours.text]
    return merge_lines(was.text, mine.text, yours.text) if was else merge_added(mine.text, yours.text)


def _written(field: Block, items: list[str]) -> str:
    """A field's lines with other items, in its own way."""
    text, node = field.text, field.data.node
    indent = _indent(field)
    if indent is not None:
        head = text[: text.rfind("\n", 0, node.start) + 1]
        return head + "".join(f"{indent}- {item}\n" for item in items)
    gap = " " if node.start == node.end and not text[: node.start].endswith(" ") else ""
    return f"{text[: node.start]}{gap}[{', '.join(items)}]{text[node.end :]}"
