"""From an old text to a new one in the protocol's edits: few lines touched, so that marks and folds stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from lsprotocol.types import TextEdit

from plaincrm.changes.edits import Edit
from plaincrm.live.lsp.positions import Lines


def text_edits(lines: Lines, new: str) -> list[TextEdit]:
    """The edits that make a text another one."""
    return [TextEdit(lines.range(edit.start, edit.end), edit.text) for edit in between(lines.text, new)]


def between(old: str, new: str) -> Iterator[Edit]:
    """The lines that differ, each run of them as one edit without what is the same at both of its ends."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    head = _same(before, after)
    tail = _same(before[head:][::-1], after[head:][::-1])
    at = sum(map(len, before[:head]))
    was, now = before[head : len(before) - tail], after[head : len(after) - tail]
    for kind, first, last, start, end in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        gone = "".join(was[first:last])
        if kind != "equal":
            yield _trimmed(Edit(at, at + len(gone), "".join(now[start:end])), gone)
        at += len(gone)


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines, or letters, are the same at the beginning."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _trimmed(edit: Edit, old: str) -> Edit:
    head = _same(old, edit.text)
    tail = _same(old[head:][::-1], edit.text[head:][::-1])
    return Edit(edit.start + head, edit.end - tail, edit.text[head : len(edit.text) - tail])
