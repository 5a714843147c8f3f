"""Links: what a place names, where that lies, and who links to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from plaincrm.changes.links import others_linking, relinked
from plaincrm.changes.move import Move
from plaincrm.changes.parts import reading
from plaincrm.checks.names import comparable, ends
from plaincrm.document.body import WIKILINK
from plaincrm.document.source import Unreadable
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.live.lsp.note import Note
from plaincrm.live.lsp.positions import Lines
from plaincrm.live.lsp.workspace import Workspace
from plaincrm.records.names import link_key
from plaincrm.vault.vault import Vault


class Target(NamedTuple):
    """What a link says that it leads to, and where it says so."""

    name: str
    start: int
    end: int


def target_at(note: Note, offset: int) -> Target | None:
    """The link at a place: in brackets anywhere, and bare in a field of links."""
    start, line = note.line_at(offset)
    for match in WIKILINK.finditer(line):
        if start + match.start() <= offset <= start + match.end():
            name = match[1].strip().removesuffix("\\")
            at = start + line.index(name, match.start(1))
            return Target(name, at, at + len(name))
    if not note.in_front(offset):
        return None
    find = note.vault.config.schema.table.find
    for key, node in note.reading.document.fields:
        field = find(str(key.value))
        for item in node.items if field and field.type == "link" else ():
            if item.text and item.start <= offset <= item.end:
                at = note.text.index(item.text, item.start)
                return Target(item.text, at, at + len(item.text))
    return None


def customer_at(note: Note, offset: int, index: Index) -> Named | None:
    """The customer that a place names: by a link, or the note's own where its name stands."""
    target = target_at(note, offset)
    if target:
        return next(iter(named_by(index, target.name)), None)
    return own_name(note, index) if span_of_name(note, offset) else None


def span_of_name(note: Note, offset: int) -> tuple[int, int] | None:
    """Where the note's own name stands in its front matter, if the place is on that line."""
    if not (note.is_record and note.in_front(offset)):
        return None
    line = note.lines.line_of(offset)
    for key, node in note.reading.document.fields:
        field = note.vault.config.schema.table.find(str(key.value))
        if field and field.key == "name" and note.lines.line_of(key.start) == line:
            return node.start, node.end
    return None


def own_name(note: Note, index: Index) -> Named | None:
    """The customer whose note this is, as the index has it."""
    query = "select file, customer, name, path from customers join files using (file) where path = ?"
    return next((Named(*row) for row in index.rows(query, (note.path,))), None)


def named_by(index: Index, target: str) -> list[Named]:
    """The customers that a link with this target may mean: one, unless several notes have the name."""
    query = "select file, customer, name, path from customers join files using (file) where key = ? order by path"
    rows = [Named(*row) for row in index.rows(query, (link_key(target),))]
    return [row for row in rows if comparable(target) in ends(row.path)] or rows


def paths_of(vault: Vault, index: Index | None, target: str) -> list[str]:
    """The notes that a link may lead to, customers first; others are looked for among all files of the vault."""
    found = [row.path for row in named_by(index, target)] if index else []
    if found:
        return found
    wanted = comparable(target)
    return [path for path in vault.files.paths() if path.endswith(".md") and wanted in ends(path)]


class Place(NamedTuple):
    """A span of a note."""

    path: str
    lines: Lines
    start: int
    end: int


_LINKING = """
    select path from links join files using (file) where target = :target or link_key(target) = :key
    union select path from words join files on files.file = words.rowid join notes using (file)
        where words match :phrase
        and (instr(notes.text, '[[') > 0 or instr(notes.text, '](') > 0 or instr(notes.text, ']:') > 0)
    order by path
    """


def _linking(index: Index, move: Move) -> list[str]:
    """The notes that may link to one, by the words of the index: rename, which must not miss any, reads them all."""
    stem = Path(move.old).stem
    phrase = " OR ".join(f'"{name.replace(chr(34), " ")}"' for name in {stem, quote(stem)})
    rows = index.rows(_LINKING, {"target": stem, "key": link_key(move.old), "phrase": phrase})
    return [*(path for (path,) in rows), *others_linking(index, move)]


def references(workspace: Workspace, vault: Vault, index: Index, customer: Named) -> Iterator[Place]:
    """Every link to a customer's note, in whatever note of the vault; in open ones as they are typed."""
    move = Move(customer.path, customer.path)
    open_notes = (note.path for note in workspace.in_vault(vault))
    for path in dict.fromkeys((*_linking(index, move), *open_notes)):
        try:
            note = reading(path, workspace.read(vault, path), vault.config.schema)
        except Unreadable:
            continue
        lines = Lines(note.text, workspace.encoding)
        for start, end in sorted({(edit.start, edit.end) for edit in relinked(note, vault.config.schema, move).edits}):
            yield Place(path, lines, start, end)
