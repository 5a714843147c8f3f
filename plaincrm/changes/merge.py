"""Two notes of one customer made one: B's fields, log and text taken over into A, links led there, B's file removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import NamedTuple

from plaincrm.changes.canvas import canvases, relinked_canvas
from plaincrm.changes.carry_out import WriteReport
from plaincrm.changes.draft import Draft, Step
from plaincrm.changes.fields import set_field
from plaincrm.changes.known_faults import has_baseline, known_faults_moved
from plaincrm.changes.links import linking, relinked, shared_names
from plaincrm.changes.merge_fields import Choice, Kept, comments, take_fields, without_us
from plaincrm.changes.merge_log import TakenLog, take_log
from plaincrm.changes.merge_proof import lost
from plaincrm.changes.merge_text import take_text
from plaincrm.changes.move import Move
from plaincrm.changes.parts import Reading
from plaincrm.changes.plan import Change, NotMeant
from plaincrm.changes.write import Reader
from plaincrm.checks.baseline import NAME as BASELINE
from plaincrm.checks.diagnostic import diagnostic
from plaincrm.checks.rules import ERRORS
from plaincrm.document.body import section_kind
from plaincrm.document.log import heading_opening
from plaincrm.errors import UsageError, WriteRefused
from plaincrm.index.index import Index
from plaincrm.index.names import Named, find_customer
from plaincrm.index.paths import disk_path
from plaincrm.language import unaccented
from plaincrm.records.names import link_key
from plaincrm.records.schema import Schema


class Merging(NamedTuple):
    """A, who stays, and B, whose note goes; the notes that link to B, and the canvases that show it.

    A `copy` is one that a sync program made of A. `baseline` tells whether the vault keeps one of known faults.
    """

    a: Named
    b: Named
    copy: bool
    move: Move
    linking: tuple[str, ...]
    canvases: tuple[str, ...] = ()
    baseline: bool = False


class Merged(NamedTuple):
    """What becomes of the two: the steps, the fields in which B says something else or more, and its log."""

    steps: Sequence[Step]
    choices: tuple[Choice, ...]
    log: TakenLog


class Base(NamedTuple):
    """The committed version that a note and its copy came from; `is_used` is whether they were merged with it."""

    commit: str
    day: date
    is_used: bool


class MergeReport(NamedTuple):
    """What a merge did, or would: who stays and who is gone, and what became of B's fields, its log and links to it.

    `base` is what git knows of a copy; None where it knows nothing, or was not asked. Where it was used, there are no
    choices, and of the log nothing is told.
    """

    a: Named
    b: Named
    choices: tuple[Choice, ...]
    log: TakenLog
    linking: tuple[str, ...]
    written: WriteReport
    base: Base | None = None


def merging(index: Index, a: str, b: str) -> Merging:
    """Who is to be merged into whom; each is named by a customer's name or a note's path in the vault.

    Raises:
        NoMatch: none or several customers are called so.
        UsageError: both are one, or the original is not named first.
        WriteRefused: a note is a link to another file.
    """
    copies = _copies(index)
    if one := _named(copies, a):
        raise UsageError(f"{one.path} is a copy that a sync program made.", "Name the original first, then the copy.")
    one, copy = _known(index, a), _named(copies, b)
    two = copy or _known(index, b)
    if one.path == two.path:
        raise UsageError(f"{a} and {b} are one note: {one.path}.", "Name two notes; plaincrm duplicates finds them.")
    for side in (one, two):
        if (index.vault.root / disk_path(side.path)).is_symlink():
            raise WriteRefused(side.path, "it is a link to another file", "Name that one.")
    move = Move(two.path, one.path, shared_names(index, two.path))
    others = [path for path in linking(index, move) if path not in (one.path, two.path)]
    shown, baseline = tuple(canvases(index, move)), has_baseline(index.vault.root)
    return Merging(one, two, copy is not None, move, tuple(others), shown, baseline)


def _copies(index: Index) -> list[Named]:
    """What sync programs made where two devices had changed one note; no such copy is a customer."""
    rows = index.rows("select file, path from files join diagnostics using (file) where code = 'conflict-copy'")
    return [Named(file, PurePosixPath(path).stem, PurePosixPath(path).stem, path) for file, path in rows]


def _named(notes: Sequence[Named], text: str) -> Named | None:
    return next((note for note in notes if text in (note.path, note.customer)), None)


def _known(index: Index, text: str) -> Named:
    """The customer of a note's path, else the one of a name."""
    query = "select file, customer, name, path from customers join files using (file) where path = ?"
    of_path = index.rows(query, (text,))
    return Named(*of_path[0]) if of_path else find_customer(index, text)


def merge(what: Merging, read: Reader, schema: Schema, take: Mapping[str, Kept]) -> Merged:
    """The steps of a merge. Nothing that one of the notes says is lost, or it is refused.

    `take` says of fields with one value whose is kept where the notes differ: A's, unless it says b.

    Raises:
        UsageError: the notes say that they are two, or `take` names a field in which they do not differ.
        WriteRefused: a note is in no state to be merged, or something would be lost.
    """
    data_a, data_b = read(what.a.path), read(what.b.path)
    us = frozenset(link_key(side.customer) for side in (what.a, what.b))
    a, b = Draft(what.a.path, data_a, schema), Draft(what.b.path, data_b, schema)
    _see_one_customer(a.note, b.note)
    for note in (a.note, b.note):
        _see_clear(note)
    for draft in (a, b):
        for field, left in without_us(draft.note, schema, us):
            draft.make(set_field(draft.note, schema, field.key, left))
        draft.make(relinked(draft.note, schema, what.move))
    before = a.note
    name = b.note.record.customer.fields.get("name")
    names = [*([name[0].text] if name else []), *([] if what.copy else [what.b.customer])]
    fields = take_fields(a, b.note, take, us, names)
    log = take_log(a, b.note)
    left = [*fields.left, *comments(b.note, a.note)]
    a.make(take_text(a.note, b.note, _heading(a.note, b.note), left))
    if missing := lost(before, b.note, a.note, schema, us):
        raise NotMeant(what.a.path, f"{missing} would be lost", "Merge them by hand.")
    steps = [Step(a.step.change, _told(what, log))] if a.step else []
    return Merged([*steps, *_without_b(what, read, schema, us)], fields.choices, log)


def merge_with_base(what: Merging, read: Reader, schema: Schema, data: bytes, told: str) -> Merged:
    """The steps of a merge whose outcome is known: the bytes of A's note, and in a few words where they are from.

    Raises:
        WriteRefused: a note that links to B is in no state to be edited.
    """
    us = frozenset(link_key(side.customer) for side in (what.a, what.b))
    old = read(what.a.path)
    steps = [Step(Change(what.a.path, old, data), (told,))] if data != old else []
    return Merged([*steps, *_without_b(what, read, schema, us)], (), TakenLog(0, 0, 0, ()))


def _without_b(what: Merging, read: Reader, schema: Schema, us: frozenset[str]) -> list[Step]:
    """What becomes of all but A: links to B lead there, known faults of B are A's, and B's file goes."""
    shown = [relinked_canvas(path, read(path), what.move) for path in what.canvases]
    known = [known_faults_moved(read(BASELINE), what.move)] if what.baseline else []
    gone = Step(Change(what.b.path, read(what.b.path), None), (f"gone: merged into {what.a.path}",))
    return [*_linking(what, read, schema, us), *(step for step in (*shown, *known) if step), gone]


def _told(what: Merging, log: TakenLog) -> tuple[str, ...]:
    count = log.added + log.joined
    entries = f"{count} log entr{'ies' if count != 1 else 'y'}"
    return f"merged with {what.b.path}", *([entries] if count else [])


def _linking(what: Merging, read: Reader, schema: Schema, us: frozenset[str]) -> list[Step]:
    """The other notes: links to B lead to A, and a list that names both names A once."""
    drafts = [Draft(path, read(path), schema) for path in what.linking]
    for draft in drafts:
        for field, left in without_us(draft.note, schema, us):
            values = draft.note.record.customer.fields[field.key]
            if field.many and len(values) - len(left) > 1:
                draft.make(set_field(draft.note, schema, field.key, [f"[[{what.a.customer}]]", *left]))
        draft.make(relinked(draft.note, schema, what.move))
    return [draft.step for draft in drafts if draft.step]


def _heading(a: Reading, b: Reading) -> str:
    """What B's own text stands under: its name, or what tells it from A's and means nothing else as a heading."""
    mine, theirs = a.record.customer, b.record.customer
    ways = theirs.name, theirs.id, str(PurePosixPath(theirs.path))
    sound = [way for way in ways if section_kind(way) is None and heading_opening(f"# {way}", 0) is None]
    return next((way for way in sound if unaccented(way) != unaccented(mine.name)), theirs.path)


def _see_one_customer(a: Reading, b: Reading) -> None:
    """See that neither note says that it is not the other."""
    for note, other in ((a, b), (b, a)):
        for value in note.record.customer.fields.get("not_same", ()):
            if link_key(str(value.value)) == link_key(other.record.customer.id):
                place = f"{note.record.customer.path}:{value.line}"
                raise UsageError(f"They are two customers: {place} says so.", "If they are one, delete not_same there.")


def _see_clear(note: Reading) -> None:
    """See that each field can be read."""
    path, source = note.record.customer.path, note.document.source
    if source.refusal is not None:
        raise WriteRefused(path, "it is no text that plaincrm can read", "plaincrm check says what it is.")
    front = note.document.front.end if note.document.front else source.start + 1
    for found in note.record.faults:
        in_front = found.start < front or found.code == "unresolved-merge"
        if in_front and found.code in ERRORS and found.code not in ("no-front-matter", "personal-identity-code"):
            told = diagnostic(path, (1, 1, 1, 1), found.code, dict(found.facts))
            line = source.line_of(found.start)
            raise WriteRefused(path, f"line {line} is not clear ({found.code}: {told.message.rstrip('.')})", told.help)
