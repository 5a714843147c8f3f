"""A customer called another way: name, file and every link to it, and the old name kept as an alias."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from plaincrm.changes.canvas import canvases, relinked_canvas
from plaincrm.changes.draft import Draft, Step
from plaincrm.changes.fields import add_values, remove_values, set_field
from plaincrm.changes.known_faults import has_baseline, known_faults_moved
from plaincrm.changes.links import linking, relinked, shared_names
from plaincrm.changes.move import Move
from plaincrm.changes.naming import free_stem, sound_name, stem_of, taken_names
from plaincrm.changes.plan import Change
from plaincrm.changes.write import Reader
from plaincrm.checks.baseline import NAME as BASELINE
from plaincrm.document.source import Unreadable, decode, read_bytes
from plaincrm.errors import SeemsKnown, UsageError, WriteRefused
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.index.paths import disk_path
from plaincrm.language import unaccented
from plaincrm.records.model import Customer
from plaincrm.records.names import link_key
from plaincrm.records.schema import Schema
from plaincrm.vault.config import NAME as SETTINGS

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|#.*")  # texts of TOML, and the comment behind them


class Renaming(NamedTuple):
    """A customer's new name, the way of its file, the notes that link to it, and the canvases that show it.

    `baseline` tells whether the vault keeps one of known faults.
    """

    name: str
    move: Move
    linking: tuple[str, ...] = ()
    canvases: tuple[str, ...] = ()
    baseline: bool = False

    @property
    def moves(self) -> bool:
        """Whether the file gets another name."""
        return self.move.old != self.move.new


_CALLED = """
    select customer, name, path from customers join files using (file)
    where file <> :file and (fold(name) = :name or exists (
        select 1 from fields f where f.file = customers.file and field = 'aliases' and known = 1 and fold(value) = :name
    )) order by path
    """


def _see_free(index: Index, customer: Named, name: str) -> None:
    rows = index.rows(_CALLED, {"file": customer.file, "name": unaccented(name)})
    if rows:
        lines = [f"  {known}  {called}  ({path})" for known, called, path in rows[:10]]
        both = shlex.join([str(rows[0][0]), customer.customer])
        merging = f"If they are one, plaincrm merge {both} makes one note of both."
        message = "\n".join([f"There is a customer called {name} already:", *lines, merging])
        raise SeemsKnown(message, "With --yes two are called so.")


def renaming(
    index: Index, customer: Named, name: str, *, file: str = "", keep_file: bool = False, known: bool = False
) -> Renaming:
    """What it takes to call a customer so; `file` is the file's name where it is not to be made of the customer's.

    A file name that would differ in case or Unicode form only stays: to links, and to many disks, it is the same.

    Raises:
        UsageError: the name is none, no file can be called so, or another note is.
        SeemsKnown: another customer is called so, by name or alias, and it is not said that it is `known`.
    """
    called = sound_name(name)
    if not known:
        _see_free(index, customer, called)
    old = PurePosixPath(customer.path)
    as_named = stem_of(customer.name, as_named=True) == old.stem
    stem = stem_of(file.removesuffix(".md"), as_named=True) if file else stem_of(called, as_named=as_named)
    if keep_file or link_key(stem) == link_key(old.stem):
        stem = old.stem
    else:
        taken = taken_names(index) - {link_key(old.stem)}
        if file and link_key(stem) in taken:
            raise UsageError(f"There is a note {stem} already.", "Name the file otherwise.")
        stem = free_stem(stem, taken)
    move = Move(customer.path, str(old.with_name(f"{stem}{old.suffix}")), shared_names(index, customer.path))
    if (index.vault.root / disk_path(customer.path)).is_symlink() and move.old != move.new:
        raise WriteRefused(customer.path, "it is a link to another file", "Rename that one, or use --keep-file.")
    if move.old == move.new:
        return Renaming(called, move)
    others = tuple(linking(index, move)), tuple(canvases(index, move))
    return Renaming(called, move, *others, has_baseline(index.vault.root))


def named_in_settings(root: Path, move: Move) -> list[str]:
    """Sentences on the lines of the settings, such as queries, that go on naming the note by its old name."""
    old = PurePosixPath(move.old).stem
    try:
        text = decode(read_bytes(root / SETTINGS)).text if move.old != move.new else ""
    except Unreadable:  # or there are none
        return []
    word = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])", re.IGNORECASE)
    values = [[found for found in _QUOTED.findall(line) if found[0] != "#"] for line in text.split("\n")]
    lines = [number for number, found in enumerate(values, 1) if any(map(word.search, found))]
    return [f"{SETTINGS}:{number} names {old} still; the settings are for you to change." for number in lines]


def rename(what: Renaming, read: Reader, schema: Schema) -> Sequence[Step]:
    """The steps that a renaming takes: the note under its new name first, then those that link to it."""
    others = [path for path in what.linking if path != what.move.old]
    drafts = [Draft(path, read(path), schema) for path in others]
    for draft in drafts:
        draft.make(relinked(draft.note, schema, what.move))
    shown = [relinked_canvas(path, read(path), what.move) for path in what.canvases]
    known = [known_faults_moved(read(BASELINE), what.move)] if what.baseline else []
    steps = (*(draft.step for draft in drafts), *shown, *known)
    return [*_renamed(what, read(what.move.old), schema), *(step for step in steps if step)]


def _is_found(stem: str, customer: Customer) -> bool:
    """Whether a customer is found by the name that its file had, which its names hold, dashes or not."""
    names = (customer.id, customer.name, *customer.aliases)
    return any(_spaced(stem) in _spaced(name) for name in names)


def _spaced(name: str) -> str:
    return unaccented(name).replace("-", " ")


def _renamed(what: Renaming, data: bytes, schema: Schema) -> Sequence[Step]:
    """The customer's own note; the file of the old name goes when that of the new one stands there."""
    old, new = what.move.old, what.move.new
    before = Draft(old, data, schema).note.record.customer
    draft = Draft(new, data, schema)
    if draft.note.record.customer.name != what.name:
        draft.make(set_field(draft.note, schema, "name", [what.name]))
    if unaccented(before.name) != unaccented(what.name):
        if what.name in before.aliases:
            draft.make(remove_values(draft.note, schema, "aliases", [what.name]))
        draft.make(add_values(draft.note, schema, "aliases", [before.name]))
    if what.moves and not _is_found(PurePosixPath(old).stem, draft.note.record.customer):
        draft.make(add_values(draft.note, schema, "aliases", [PurePosixPath(old).stem]))
    draft.make(relinked(draft.note, schema, what.move))
    step = draft.step
    if not what.moves:
        return [step] if step else []
    done = (f"renamed from {old}", *(step.what if step else ()))
    written = step.change.new if step else data
    return [Step(Change(new, None, written, like=old), done), Step(Change(old, data, None), (f"gone: now {new}",))]
