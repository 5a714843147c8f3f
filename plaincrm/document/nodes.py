"""YAML values with their spans: the one form in which front matter is read, whoever reads it."""

from __future__ import annotations

from typing import NamedTuple

NULLS = frozenset(("", "~", "null", "Null", "NULL"))


class Node(NamedTuple):
    """One YAML value with its span: text, nothing, a list of nodes, or pairs of nodes.

    Scalars stay the text that was typed; what they mean is for the field table to say. `plain` tells that no
    quotes stood around it.
    """

    value: str | list[Node] | Pairs | None
    start: int
    end: int
    plain: bool = False

    @property
    def items(self) -> list[Node]:
        """The values of a list; anything else stands for itself."""
        value = self.value
        return [self] if value is None or isinstance(value, (str, Pairs)) else value

    @property
    def text(self) -> str | None:
        """The text of a scalar; None for nothing, a list or a mapping."""
        return self.value if isinstance(self.value, str) else None


# Makes a NamedTuple in half the time of calling its class, which tells where a note has a hundred of them.
new_tuple = tuple.__new__


class Pairs(list[tuple[Node, Node]]):
    """The keys and values of a mapping, in the order of the file."""


def plain_node(text: str, start: int) -> Node:
    """A scalar written without quotes."""
    return new_tuple(Node, (None if text in NULLS else text, start, start + len(text), True))


def in_its_quotes(text: str, node: Node, source: str) -> str:
    """Another text for a scalar, in the quotes that stand there: they stay, since this may be JSON."""
    quote = "" if node.plain or not isinstance(node.value, str) else source[node.start]
    return f"{quote}{text}{quote}"
