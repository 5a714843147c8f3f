"""The plan for one file: edits on the bytes that were read, proved to do what is meant and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from plaincrm.changes.edits import Edit, inverse, new_bytes
from plaincrm.changes.parts import Reading, lost_part, reading
from plaincrm.changes.rights import Rights
from plaincrm.errors import Fault, WriteRefused
from plaincrm.records.schema import Schema
from plaincrm.records.sound import contradictions


class NotMeant(WriteRefused):
    """Edits that would not do what is meant, or something else besides."""

    def __init__(self, file: str, why: str, remedy: str = "Edit it by hand.") -> None:
        super().__init__(file, why, remedy)


@dataclass(frozen=True, slots=True)
class Intent:
    """What is to be done to one note, whose bytes were read a moment ago.

    `holds` says of the new record whether the aim is reached. `reveals` lets a value that can be read now show what is
    wrong with it (that it contradicts another one, or has a remedy of its own); else no new fault may appear but those
    of the kinds that it `brings` from another note.
    """

    path: str
    data: bytes
    edits: tuple[Edit, ...]
    holds: Callable[[Reading], bool] = lambda _after: True
    reveals: bool = False
    brings: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """One file's change as it may be written: from these bytes, or from no file, to those, or to no file.

    `like` is the file whose rights a new one gets, where it takes that one's place. `rights` are those of a file that
    goes or comes back.
    """

    path: str
    old: bytes | None
    new: bytes | None
    like: str = ""
    rights: Rights | None = field(default=None, compare=False)


def plan(intent: Intent, schema: Schema) -> Change:
    """The change that an intent makes.

    Raises:
        NotMeant: the edits would not do what is meant, or something else besides.
        WriteRefused: the note is in no state to be edited.
    """
    return proved(intent, reading(intent.path, intent.data, schema), schema)[0]


def proved(intent: Intent, before: Reading, schema: Schema) -> tuple[Change, Reading]:
    """The same for a note that has been read, with what it says then.

    Raises:
        NotMeant: the edits would not do what is meant, or something else besides.
        WriteRefused: the note is in no state to be edited.
    """
    _see_editable(intent, before, schema)
    try:
        data = new_bytes(before.document.source, intent.edits)
    except ValueError as error:
        raise NotMeant(intent.path, str(error)) from None
    after = reading(intent.path, data, schema, before.language)
    lost = lost_part(before, after, intent.edits, inverse(before.text, intent.edits))
    if lost:
        raise NotMeant(intent.path, f"{lost} would change, too")
    worse = _new_faults(before, after, schema, intent)
    if worse:
        from plaincrm.checks.diagnostic import diagnostic  # noqa: PLC0415 (its words are for refusals only)

        told = diagnostic(intent.path, (1, 1, 1, 1), worse.code, dict(worse.facts))
        raise NotMeant(intent.path, f"it would be left with a fault ({worse.code}: {told.message})", told.help)
    if not intent.holds(after):
        raise NotMeant(intent.path, "it would not say what is meant")
    return Change(intent.path, intent.data, data), after


def _see_editable(intent: Intent, before: Reading, schema: Schema) -> None:
    """See that the note is text, of one piece, and that each field to be edited stands there once."""
    codes = {found.code for found in before.record.faults}
    if before.document.source.refusal is not None:
        raise WriteRefused(intent.path, "it is no text that plaincrm can read", "plaincrm check says what it is.")
    if "unresolved-merge" in codes:
        remedy = "plaincrm resolve asks which side is right; then try again."
        raise WriteRefused(intent.path, "both sides of a merge stand in it", remedy)
    for key, node in before.touched_keys(intent.edits):
        inner = any(f.code == "duplicate-key" and key.start < f.start < node.end for f in before.record.faults)
        if inner or _stands_twice(str(key.value), before, schema):
            raise WriteRefused(intent.path, f"the field {key.value} stands in it twice", "Keep one of the two.")


def _stands_twice(key: str, note: Reading, schema: Schema) -> bool:
    """Whether a key is given twice, or another spelling of it for a field that has one value."""
    known = schema.table.find(key)
    keys = [str(other.value) for other, _node in note.document.fields]
    return keys.count(key) > 1 or (
        known is not None and not known.many and sum(schema.table.find(other) is known for other in keys) > 1
    )


def _new_faults(before: Reading, after: Reading, schema: Schema, intent: Intent) -> Fault | None:
    """A fault that was not there before."""
    known = Counter(map(kind, before.record.faults))
    faults = Counter(map(kind, after.record.faults))
    if intent.reveals:
        shown = set(contradictions(after.record.customer, after.document, schema))
        faults.subtract(kind(found) for found in after.record.faults if found in shown or found.fix is not None)
    new = {key for key, count in faults.items() if count > known[key]} - intent.brings
    return next((found for found in after.record.faults if kind(found) in new), None)


def kind(found: Fault) -> tuple[str, str]:
    """What a fault is, wherever it stands: its code and its field."""
    return found.code, dict(found.facts).get("field", "")


def has_fewer(before: Reading, after: Reading, mended: Iterable[Fault]) -> bool:
    """Whether the faults that were to be mended are gone."""
    known, left = Counter(map(kind, before.record.faults)), Counter(map(kind, after.record.faults))
    return all(left[key] <= known[key] - count for key, count in Counter(map(kind, mended)).items())
