"""Finds Dataview inline fields on one line: `[key:: value]`, `(key:: value)` and a bare `key:: value`."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal, NamedTuple

from plaincrm.document.nodes import new_tuple

# An escaped bracket or backslash is one token, so that what follows it is read afresh.
# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_TOKEN = r"\\[\[\]()\\]|[\[\]()]|::"
_OPENER = {"]": "[", ")": "("}
_SIMPLE = re.compile(r"\[([^\[\]():]+)::\s*([^\[\]()]*)\]")
_BACKTICKS = "`+"
_EMOJI_PARTS = "\u200d\ufe0f\u20e3\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"


class InlineField(NamedTuple):
    """One field: key and value as typed, and where the field and its value stand."""

    key: str
    value: str
    start: int
    end: int
    value_start: int
    value_end: int
    style: Literal["[", "(", ""]


def inline_fields(line: str, *, listed: bool, offset: int = 0) -> list[InlineField]:
    r"""Return the fields of a line in the order they stand, as Dataview reads them (its `inline-field.ts`).

    `listed` says that the line is a list item or a task, where only the bracketed forms count. Elsewhere
    a line without bracketed fields may be one field as a whole: `key:: value`.

    Dataview knows no links: `[link](a:: b)` holds the field `a`, and `[[wiki:: x]]` the field `wiki`. An
    escaped opening bracket begins a field as well; inside a value `\[` and `\]` do not count.
    Unlike Dataview: a field in a code span is text, a field without a key is none, and of two that touch,
    as in `[a:: 1][b:: 2]`, both count.
    """
    if "::" not in line:
        return []
    simple = simple_fields(line, offset)
    if simple:
        return simple
    scan = _Scan(line)
    spans = _apart(chain(_apart(scan.closed["["]), _apart(scan.closed["("])))
    fields = [_bracketed(line, span, offset) for span in spans]
    if fields or listed:
        return fields
    return list(_whole_line(line, scan.code, offset))


def unclosed_fields(line: str) -> list[int]:
    """Return where brackets stand that begin a field and are never closed, as in `[sale:: 300`."""
    if "::" not in line or simple_fields(line, 0):
        return []
    return sorted(begun.start for begun in chain.from_iterable(_Scan(line).pending.values()))


class _Begun(NamedTuple):
    """The opening bracket of a field and the place behind its `::`."""

    start: int
    value: int


class _Span(NamedTuple):
    """A field closed by the bracket at `close`."""

    start: int
    value: int
    close: int


def simple_fields(line: str, offset: int) -> list[InlineField]:
    """The fields of a line where each `::` stands in square brackets of its own, as nearly all do; else nothing.

    A walk over the line would say the same and take ten times as long.
    """
    if "`" in line or "\\" in line:
        return []
    fields = []
    for match in _SIMPLE.finditer(line):
        key, value = match[1].strip(), match[2].rstrip()
        if key:
            start, end = match.span()
            at = offset + (match.start(2) if value else match.end(1) + 2)
            fields.append(new_tuple(InlineField, (key, value, offset + start, offset + end, at, at + len(value), "[")))
    return fields if len(fields) == line.count("::") else []


class _Scan:
    """One walk over a line that finds the closing bracket of every field.

    Dataview looks for it from every opening bracket anew, which takes forever on a hostile line. One walk
    gives the same answer: a key holds no brackets, so a `::` belongs to the bracket just before it, and
    the field ends where the depth of its kind of bracket falls below the depth at the `::`.
    """

    def __init__(self, line: str) -> None:
        self.line = line
        self.code = code_mask(line)
        self.closed: dict[str, list[_Span]] = {"[": [], "(": []}
        self.pending: dict[tuple[str, int], list[_Begun]] = {}
        self._depth = {"[": 0, "(": 0}
        self._walk()

    def _walk(self) -> None:
        """Take the brackets and separators one by one; `last` is the bracket a key may follow."""
        last: int | None = None
        for token in re.finditer(_TOKEN, self.line):
            text, at = token[0], token.end() - 1
            if text == "::":
                self._separator(last, token.end())
                last = None
            elif text != "\\\\":
                if len(text) == 1:
                    self._bracket(text, at)
                last = at if text[-1] in "[(" else None

    def _separator(self, last: int | None, value: int) -> None:
        """Begin a field, unless it has no bracket or no key, or stands in a code span."""
        if last is None or self.code[last] or self.code[value - 1]:
            return
        if self.line[last + 1 : value - 2].strip():
            kind = self.line[last]
            self.pending.setdefault((kind, self._depth[kind]), []).append(_Begun(last, value))

    def _bracket(self, bracket: str, at: int) -> None:
        """Count a bracket that is not escaped; a closing one ends the fields begun at its depth."""
        if bracket not in _OPENER:
            self._depth[bracket] += 1
            return
        kind = _OPENER[bracket]
        ended = self.pending.pop((kind, self._depth[kind]), [])
        self.closed[kind] += [_Span(begun.start, begun.value, at) for begun in ended]
        self._depth[kind] -= 1


def _apart(spans: Iterable[_Span]) -> Iterator[_Span]:
    """Yield the spans from left to right without those that begin inside an earlier one.

    Dataview does this first for each kind of bracket, then for both together; so do we.
    """
    end = 0
    for span in sorted(spans):
        if span.start >= end:
            end = span.close + 1
            yield span


def _bracketed(line: str, span: _Span, offset: int) -> InlineField:
    value, start, end = _stripped(line, span.value, span.close)
    return InlineField(
        key=line[span.start + 1 : span.value - 2].strip(),
        value=value,
        start=span.start + offset,
        end=span.close + 1 + offset,
        value_start=start + offset,
        value_end=end + offset,
        style="[" if line[span.start] == "[" else "(",
    )


def _whole_line(line: str, code: bytearray, offset: int) -> Iterator[InlineField]:
    """Yield the field that a line as a whole is, if it is one."""
    separator = line.find("::")
    key = "" if code[separator] else _bare_key(line[:separator].strip())
    if key:
        _, start, end = _stripped(line, 0, len(line))
        value, value_start, value_end = _stripped(line, separator + 2, len(line))
        yield InlineField(key, value, start + offset, end + offset, value_start + offset, value_end + offset, "")


def _bare_key(text: str) -> str:
    """Return the key in what stands before `::`, or "" if that is prose.

    As Dataview has it: whatever is neither letter, digit nor `_` is dropped before the key, so that
    `**key**`, `> key` and even an unclosed `[key` name `key`; behind it only emphasis may follow. Since
    `_` belongs to a key, `_key_` stays `_key_`.
    """
    begin = next((at for at, char in enumerate(text) if _is_word(char)), len(text))
    end = next((at for at in range(begin, len(text)) if not _is_key(text[at])), len(text))
    return "" if text[end:].strip("_*~`") else text[begin:end].strip()


def _is_word(char: str) -> bool:
    return char.isalpha() or char in "0123456789_"


def _is_key(char: str) -> bool:
    """Letters, digits, blanks, `_`, `/`, `-` and emoji, for which any symbol of Unicode's class So passes."""
    return (
        _is_word(char) or char.isspace() or char in "/-" or char in _EMOJI_PARTS or unicodedata.category(char) == "So"
    )


def _stripped(line: str, start: int, end: int) -> tuple[str, int, int]:
    """Return a piece of the line without the blanks around it, and where it stands."""
    text = line[start:end].strip()
    if text:
        start += len(line[start:end]) - len(line[start:end].lstrip())
    return text, start, start + len(text)


def code_mask(line: str) -> bytearray:
    """Return a 1 for every character in a code span: backticks up to the next run of just as many (CommonMark)."""
    mask = bytearray(len(line))
    runs = [match.span() for match in re.finditer(_BACKTICKS, line)]
    # Of each length the runs still to come, the next one last: each is taken once.
    coming: dict[int, list[int]] = {}
    for start, end in reversed(runs):
        coming.setdefault(end - start, []).append(start)
    behind = 0
    for start, end in runs:
        if start >= behind:
            opening = start + _is_escaped(line, start)
            closing = _take(coming.get(end - opening, []), end)
            if closing is not None:
                behind = closing + end - opening
                mask[opening:behind] = b"\1" * (behind - opening)
    return mask


def _take(places: list[int], least: int) -> int | None:
    """Take the next place that is not before `least`."""
    while places:
        place = places.pop()
        if place >= least:
            return place
    return None


def _is_escaped(line: str, at: int) -> bool:
    """Say whether an odd number of backslashes stands before a place."""
    before = at
    while before and line[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1
