"""The front matter: the block between the fences, and its fields with their spans."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from plaincrm.document.nodes import NULLS, Node, Pairs, new_tuple, plain_node
from plaincrm.document.source import BOM, Source
from plaincrm.errors import Fault, fault


class FrontMatter(NamedTuple):
    """A front matter's spans: the whole with its fences, and the block between them."""

    start: int
    end: int
    block_start: int
    block_end: int


_OPEN = re.compile(r"---[ \t]*\r?(?:\n|\Z)")
_CLOSE = re.compile(r"\n(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)")


def find_front_matter(source: Source) -> FrontMatter | None:
    """Where the front matter stands, or None: a fence on the first line, and a line of three dashes or dots."""
    opening = _OPEN.match(source.text, source.start)
    if opening is None:
        return None
    closing = _closing(source.text, opening)
    if closing is None:
        return None
    return FrontMatter(source.start, closing.end(), opening.end(), closing.start() + 1)


def _closing(text: str, opening: re.Match[str]) -> re.Match[str] | None:
    """The fence that closes; it begins with the line end before it, which may be that of the opening one."""
    return _CLOSE.search(text, opening.end() - 1)


def front_matter_faults(source: Source, front: FrontMatter | None) -> list[Fault]:
    """Why a note has no front matter, as far as its first lines tell, or that it has two."""
    text = source.text
    if front is None:
        return [] if re.compile(_IN_DISGUISE).match(text, source.start) else [_missing(text, source.start)]
    second = _OPEN.match(text, front.end)
    if second and _closing(text, second) and _looks_like_fields(text, second.end()):
        return [fault("second-front-matter", second.start(), second.start() + 3)]
    return []


_IN_DISGUISE = "\ufeff+---|---[ \t]*\r(?!\n)"  # by a mark or a line end that has its own fault


def _missing(text: str, start: int) -> Fault:
    if not text[start:].strip(" \t\r\n" + BOM):
        return fault("empty-note", start, start)
    if _OPEN.match(text, start):
        return fault("front-matter-not-closed", start, start + 3)
    found = _nearly_a_fence(text, start)
    if found:
        return fault("front-matter-fence", start, start + len(found), found=_OTHERS.get(found[0], found[:20].strip()))
    later = re.compile(r"^---[ \t]*\r?\n(?=[A-Za-z_][\w -]*:)", re.MULTILINE).search(text, start, start + 2_000)
    if later and not text[start : later.start()].strip():
        return fault("front-matter-fence", start, start + 1, found="blank lines")
    if later and _closing(text, later) and text.count("\n", start, later.start()) < _NEAR:
        return fault("front-matter-fence", later.start(), later.start() + 3, found="other words")
    return fault("no-front-matter", start, start)


def _nearly_a_fence(text: str, start: int) -> str:
    """The first line where it was meant to open front matter: too many dashes, long ones, TOML, JSON."""
    first = text[start : start + 200].partition("\n")[0].rstrip()
    return first if re.match(r"----+|—+|–+|\s+---|---\s*#|\+\+\+|;;;|\{(?:$|\s*\")", first) else ""


_OTHERS = {"+": "TOML, not YAML", "{": "JSON, not YAML", ";": "JSON, not YAML"}
_NEAR = 5  # lines; further down three dashes are a rule between paragraphs


def _looks_like_fields(text: str, at: int) -> bool:
    return re.match(r"[A-Za-z_][\w -]*:(?:\s|$)", text[at : at + 200]) is not None


MAX_SIZE = 64 * 1024  # characters
MAX_VALUES = 5_000  # lists, mappings, keys and texts together, as YAML counts them

# The fast path reads the shapes nearly all front matter is made of and hands everything else to libyaml. A plain
# scalar here begins with no YAML indicator and holds neither ": " nor " #"; anything doubtful is not matched.
_FIRST = r"[^\s\[\]{},#&*!|<>%@`\"'?:\-]"
_PLAIN = rf"{_FIRST}[^:#\n]*+(?:(?::(?=\S)|(?<=\S)#)[^:#\n]*+)*+"
_SCALAR = rf"(?:(?P<plain>{_PLAIN})|\"(?P<double>[^\"\\\n]*)\"[ ]*|'(?P<single>[^'\n]*)'[ ]*)(?:(?<=[ ])\#.*)?$"
_WORD = rf"{_FIRST}[^\[\]{{}},#&*!|>%@`\"'?:\n]*"
_FLOW = rf"(?P<flow>\[[ ]*(?:{_WORD}(?:,[ ]*{_WORD})*)?\])[ ]*(?:(?<=[ ])\#.*)?$"
_KEY = "[A-Za-z_][A-Za-z0-9_-]{0,99}"
_KEY_LINE = re.compile(rf"(?P<key>{_KEY}):(?:[ ]+(?:{_FLOW}|{_SCALAR}|\#.*$)|[ ]*$)")
_ITEM_LINE = re.compile(rf"(?P<indent>[ ]*)-[ ]+{_SCALAR}")
# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_UNSAFE = "[\t\r\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"


def plain_fields(block: str, at: int = 0, *, printable: bool = False) -> Pairs | None:
    """The fields of a block of simple `key: value` lines and lists, or None where libyaml has to read it.

    Spans are counted from `at`, the block's own place. `printable` says that it is known to have no odd characters.
    """
    lines = block.split("\n")
    if len(block) > MAX_SIZE or (not printable and re.search(_UNSAFE, block)):
        return None
    pairs = Pairs()
    items: list[Node] | None = None  # of the key above, when its value may be a list below
    indent = -1
    for line in lines:
        name, colon, text = line.partition(": ")
        if colon and _is_key(name) and text[:1].isalnum() and text[-1] != " " and ":" not in text and "#" not in text:
            key = new_tuple(Node, (name, at, at + len(name), True))  # nearly all lines: no pattern need be asked
            pairs.append((key, plain_node(text, at + len(name) + 2)))
            items, indent = None, -1
        elif match := _KEY_LINE.match(line):
            key = new_tuple(Node, (match["key"], at, at + match.end("key"), True))
            pairs.append((key, _value(match, at)))
            items, indent = [] if match.lastgroup == "key" else None, -1
        elif match := _ITEM_LINE.match(line):
            if items is None or indent not in (-1, len(match["indent"])):
                return None
            indent = len(match["indent"])
            key, list_ = pairs[-1]
            start = list_.start if items else at + indent
            items.append(_value(match, at))
            pairs[-1] = (key, Node(items, start, items[-1].end))
        elif line and line[0] != "#":
            return None
        at += len(line) + 1
    keys = {key.value for key, _ in pairs}
    if len(keys) < len(pairs) or not keys.isdisjoint(NULLS):
        return None
    return None if len(block) > MAX_VALUES and 1 + sum(2 + _count(value) for _, value in pairs) > MAX_VALUES else pairs


@lru_cache(maxsize=4096)
def _is_key(name: str) -> bool:
    """Whether a text is a key as plain lines have it."""
    return re.fullmatch(_KEY, name) is not None


def _count(node: Node) -> int:
    """How many values a list holds."""
    return len(node.value) if isinstance(node.value, list) else 0


def _value(match: re.Match[str], offset: int) -> Node:
    """The value on a line, which is what matched last; a key alone has none."""
    kind = match.lastgroup or ""
    start, end = match.span(kind)
    if kind == "plain":
        return plain_node(match[kind].rstrip(" "), offset + start)
    if kind == "flow":
        return _flow_list(match[kind], offset + start)
    if kind == "key":
        return Node(None, offset + end + 1, offset + end + 1, True)
    return Node(match[kind], offset + start - 1, offset + end + 1)


def _flow_list(flow: str, offset: int) -> Node:
    items, at = [], offset + 1
    for part in flow[1:-1].split(",") if flow[1:-1].strip() else ():
        text = part.strip(" ")
        items.append(plain_node(text, at + part.index(text)))
        at += len(part) + 1
    return Node(items, offset, offset + len(flow))


def read_fields(source: Source, front: FrontMatter) -> tuple[Pairs, list[Fault]]:
    """The fields of a front matter with spans in the file, and what is wrong with them."""
    block = source.text[front.block_start : front.block_end]
    pairs = plain_fields(block, front.block_start, printable=source.printable)
    if pairs is not None:
        return pairs, []
    from plaincrm.document import yaml  # noqa: PLC0415 (libyaml is loaded only for what needs it)

    return yaml.read(block, front.block_start)
