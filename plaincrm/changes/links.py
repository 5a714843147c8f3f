"""Links to a note that goes by another name: each rewritten where it stands, and all others left alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath

from plaincrm.changes.draft import Wish
from plaincrm.changes.edits import Edit
from plaincrm.changes.markdown_links import Target, markdown_targets, moved_target
from plaincrm.changes.move import Move
from plaincrm.changes.parts import Reading
from plaincrm.checks.names import ends
from plaincrm.document.body import WIKILINK
from plaincrm.document.nodes import Node, Pairs
from plaincrm.document.scalars import in_double_quotes, in_single_quotes, scalar_like
from plaincrm.document.source import Unreadable, decode, read_bytes
from plaincrm.index.index import Index
from plaincrm.index.paths import shown_path
from plaincrm.records.names import link_key
from plaincrm.records.schema import Schema


def shared_names(index: Index, path: str) -> frozenset[str]:
    """The names by which links may mean a customer's note, and another one's, too."""
    others = index.rows(
        "select path from customers join files using (file) where key = ? and path <> ?", (link_key(path), path)
    )
    return frozenset(end for (other,) in others for end in ends(other))


def linking(index: Index, move: Move) -> list[str]:
    """The notes of the vault, customers or not, that link to the one that is moved; hidden folders hold none."""
    named = {target for (target,) in index.rows("select distinct target from links") if move.target(target)}
    rows = index.rows(
        "select distinct path from links join files using (file) where target in (select value from json_each(?))",
        (json.dumps([*named]),),
    )
    found = {path for (path,) in rows}
    texts = index.rows("select distinct path, value from fields join files using (file) where instr(value, '[[') > 0")
    found |= {path for path, value in texts if _names(value, move)}
    marked = index.rows(
        "select path, text from notes join files using (file) where instr(text, '](') > 0 or instr(text, ']:') > 0"
    )
    found |= {path for path, text in marked if _leads(text, path, move)}
    return sorted(found.union(others_linking(index, move)))


def others_linking(index: Index, move: Move) -> Iterator[str]:
    """The same among notes that are no customers."""
    root, known = index.vault.root, {path for (path,) in index.rows("select path from files")}
    for path in index.vault.files.paths():
        shown = shown_path(path)
        if not path.casefold().endswith(".md") or shown in known or (root / path).is_symlink():
            continue
        try:
            data = read_bytes(root / path)
        except Unreadable:  # what cannot be read cannot be rewritten either
            continue
        text = decode(data).text
        if _names(text, move) or _leads(text, shown, move):
            yield shown


def _names(text: str, move: Move) -> bool:
    return any(move.target(match[1].strip().removesuffix("\\")) for match in WIKILINK.finditer(text))


def _leads(text: str, path: str, move: Move) -> bool:
    return any(moved_target(target, path, move) for target in markdown_targets(text))


def relinked(note: Reading, schema: Schema, move: Move) -> Wish:
    """Every link to the moved note under its new name, in fields and text; code and comments stay as they are."""
    edits = (*_in_fields(note, schema, move), *_in_text(note, move), *_marked(note, move))
    expected = [move.target(target) or target for target in _targets(note)]
    path = note.record.customer.path
    marked = [moved_target(target, path, move) or target.text for target in _markdown(note)]
    what = f"{'links' if len(edits) > 1 else 'link'} to {PurePosixPath(move.new).stem}"

    def holds(after: Reading) -> bool:
        return _targets(after) == expected and [target.text for target in _markdown(after)] == marked

    return Wish(what, edits, holds)


def _markdown(note: Reading) -> list[Target]:
    return [*markdown_targets(note.text, note.document.body.sections[0].start)]


def _marked(note: Reading, move: Move) -> Iterator[Edit]:
    for target in _markdown(note):
        if new := moved_target(target, note.record.customer.path, move):
            yield Edit(target.start, target.start + len(target.text), new)


def _targets(note: Reading) -> list[str]:
    return [link.target for link in note.record.customer.links]


def _in_text(note: Reading, move: Move) -> Iterator[Edit]:
    for link in note.document.body.links:
        match = WIKILINK.match(note.text, link.start)
        new = move.target(link.target)
        if match and new:
            start = note.text.index(link.target, match.start(1))
            yield Edit(start, start + len(link.target), new)


def _in_fields(note: Reading, schema: Schema, move: Move) -> Iterator[Edit]:
    """Links in brackets in any field, and bare names in fields that hold links."""
    text = note.text
    for key, node in note.document.fields:
        leaves = [*_leaves(node)]
        for match in WIKILINK.finditer(text, node.start, node.end):
            target = match[1].strip()
            if new := move.target(target):
                start = text.index(target, match.start(1))
                yield Edit(start, start + len(target), _quoted(new, start, leaves, text))
        field = schema.table.find(str(key.value))
        for leaf in leaves if field and field.type == "link" else ():
            typed = text[leaf.start : leaf.end]
            if "[[" not in text[node.start : leaf.end] and (new := move.target(leaf.text or "")):
                yield Edit(leaf.start, leaf.end, scalar_like(typed, new))


def _leaves(node: Node) -> Iterator[Node]:
    """The scalars of a value."""
    if isinstance(node.value, Pairs):
        for _key, value in node.value:
            yield from _leaves(value)
    elif node.items is node.value:
        for item in node.items:
            yield from _leaves(item)
    else:
        yield node


def _quoted(new: str, at: int, leaves: list[Node], text: str) -> str:
    """A target as it stands between the quotes that are around a place."""
    quote = next((text[leaf.start] for leaf in leaves if leaf.start <= at < leaf.end and not leaf.plain), "")
    if quote == "'":
        return in_single_quotes(new) or new
    return in_double_quotes(new) if quote == '"' else new
