"""Mending: the remedies that faults carry, made as edits of their own places until none is left that holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from plaincrm.changes.draft import Step
from plaincrm.changes.edits import Edit, without_overlaps
from plaincrm.changes.journal import Journal
from plaincrm.changes.parts import Reading, reading
from plaincrm.changes.plan import Change, Intent, NotMeant, has_fewer, plan
from plaincrm.changes.write import write, write_each
from plaincrm.checks.baseline import Known, subtract
from plaincrm.checks.check import CheckReport, Scope
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.checks.one_note import judged
from plaincrm.checks.policy import Policy
from plaincrm.checks.rules import BY_CODE
from plaincrm.document.source import Unreadable, read_bytes
from plaincrm.errors import Fault, FileChanged, WriteRefused
from plaincrm.index.paths import disk_path
from plaincrm.records.schema import Schema
from plaincrm.vault.vault import Vault

_ROUNDS = 20  # of remedies that bring others to light; two or three are the most that notes have needed

_TRIES = 200  # of one note; each reads it anew, and of those that hold one try makes them all

_TIMES = 5  # that a note is read anew which somebody saves while we mend it

Wanted = Callable[[Reading], Sequence[tuple[Fault, Diagnostic]]]  # the faults of a note that are asked about


class Mended(NamedTuple):
    """One note's remedies: the text as it was, as it is now, and the code of each fault that is gone."""

    file: str
    old: str
    new: str
    codes: tuple[str, ...]

    @property
    def what(self) -> tuple[str, ...]:
        """What was done, in a few words a code."""
        counts = Counter(self.codes)
        return tuple(f"mended {code}{f' ({count})' if count > 1 else ''}" for code, count in counts.items())


class Refused(NamedTuple):
    """A note that was left as it is, why, and what to do."""

    file: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class FixReport:
    """What was mended, or would be. `left` counts the faults that are left for people.

    Before anything is written that is a little too much at times: a date that can be read takes other faults away, too.
    """

    files: tuple[Mended, ...]
    refused: tuple[Refused, ...]
    left: int
    dry_run: bool

    @property
    def mended(self) -> int:
        """How many faults are gone."""
        return sum(len(item.codes) for item in self.files)


def joined(reports: Iterable[tuple[str, FixReport]]) -> FixReport:
    """One report of several vaults; each comes with what is put before its paths, such as `notes/`."""
    told = list(reports)
    return FixReport(
        tuple(item._replace(file=prefix + item.file) for prefix, report in told for item in report.files),
        tuple(item._replace(file=prefix + item.file) for prefix, report in told for item in report.refused),
        sum(report.left for _prefix, report in told),
        any(report.dry_run for _prefix, report in told),
    )


@dataclass(frozen=True, slots=True)
class FixPlan:
    """What there is to be done, nothing of which is done yet: each change beside what it mends."""

    report: FixReport
    changes: tuple[Change, ...]


def plan_fixes(vault: Vault, found: CheckReport, scope: Scope, known: Known) -> FixPlan:
    """The remedies of the faults that a check of the same scope found, none held back by the baseline.

    A fault that a setting or a comment switches off is no fault, and is left alone.
    """
    files, changes, refused = [], [], []
    left = list(found.diagnostics)
    for path in sorted({item.file for item in found.diagnostics if item.fixable}):
        wanted = wanted_by(path, vault, scope)
        try:
            data = read_bytes(vault.root / disk_path(path))
            mended, change, after = mend(path, data, vault.config.schema, wanted)
        except Unreadable as error:
            reason = dict(error.fault.facts).get("reason", error.fault.code.replace("-", " "))
            refused.append(Refused(path, f"{path} was not read: {reason}.", "See to its rights."))
        except WriteRefused as refusal:
            refused.append(Refused(path, refusal.message, refusal.remedy))
        else:
            if mended.codes:
                files.append(mended)
                changes.append(change)
                left = [item for item in left if item.file != path or BY_CODE[item.code].find] + after
    unknown, _held, _gone = subtract(left, known, scope.files)
    return FixPlan(FixReport(tuple(files), tuple(refused), len(unknown), dry_run=True), tuple(changes))


def carry_out(vault: Vault, scope: Scope, planned: FixPlan) -> FixReport:
    """Write what was planned, note by note; one that is refused keeps none of the others back.

    A note that somebody has saved in the meantime is read and mended anew, a few times.

    Raises:
        WriteFailed: what was there cannot be kept in the journal.
    """
    report = planned.report
    files, refused, saved = [], list(report.refused), []
    steps = [Step(change, item.what) for change, item in zip(planned.changes, report.files, strict=True)]
    with Journal(vault.root).record(steps) as recording:
        for mended, refusal in zip(report.files, write_each(vault.root, planned.changes), strict=True):
            if refusal is None:
                files.append(mended)
                continue
            recording.leave_out(mended.file)
            if isinstance(refusal, FileChanged):
                saved.append(mended.file)
            else:
                refused.append(Refused(mended.file, refusal.message, refusal.remedy))
        if not files:
            recording.drop()
    for path in saved:
        outcome = _anew(path, vault, scope)
        if isinstance(outcome, WriteRefused):
            refused.append(Refused(path, outcome.message, outcome.remedy))
        elif outcome.codes:
            files.append(outcome)
    return replace(report, files=tuple(files), refused=tuple(refused), dry_run=False)


def _anew(path: str, vault: Vault, scope: Scope) -> Mended | WriteRefused:
    """Read a note, mend what is left to be mended, and write it, a few times; what was done, or why it was refused."""
    refusal = WriteRefused(path, "it was saved again and again", "Try again.")
    for _time in range(_TIMES):
        try:
            data = read_bytes(vault.root / disk_path(path))
            mended, change, _left = mend(path, data, vault.config.schema, wanted_by(path, vault, scope))
            if mended.codes:
                with Journal(vault.root).record([Step(change, mended.what)]):
                    write(vault.root, [change])
        except Unreadable as error:
            return WriteRefused(path, f"it cannot be read ({error.fault.code.replace('-', ' ')})")
        except FileChanged as changed:
            refusal = changed
        except WriteRefused as other:
            return other
        else:
            return mended
    return refusal


def wanted_by(path: str, vault: Vault, scope: Scope) -> Wanted:
    """Which faults of a note are asked about: those that a check of this scope would name."""
    policy = Policy(vault.config)

    def wanted(note: Reading) -> list[tuple[Fault, Diagnostic]]:
        faults = judged(path, note.document, note.record.faults, policy)
        return [(found, item) for found, item in faults if scope.holds(item)]

    return wanted


def mend(path: str, data: bytes, schema: Schema, wanted: Wanted) -> tuple[Mended, Change, list[Diagnostic]]:
    """One note with every remedy made that does what it says and nothing else, and the faults it then has.

    Raises:
        WriteRefused: the note is in no state to be edited.
    """
    codes: list[str] = []
    old = note = reading(path, data, schema)
    change = Change(path, data, data)
    tries = iter(range(_TRIES))

    def attempt(faults: Sequence[Fault]) -> Change | None:
        return None if next(tries, None) is None else remedied(path, change.new or b"", schema, note, faults)

    for _round in range(_ROUNDS):
        remedies = _together(found for found, _item in wanted(note) if found.fix is not None)
        made, step = _largest(remedies, attempt)
        if step is None:
            break
        codes += [found.code for found in made]
        change = replace(change, new=step.new)
        note = reading(path, step.new or b"", schema)
    return Mended(path, old.text, note.text, tuple(codes)), change, [item for _found, item in wanted(note)]


def _together(remedies: Iterable[Fault]) -> list[Fault]:
    """Faults whose remedies can be made at once; the next round sees to the others."""
    by_place = {_edit(found): found for found in remedies}
    return [by_place[edit] for edit in without_overlaps(by_place)]


def _edit(found: Fault) -> Edit:
    return Edit(found.start, found.end, found.fix or "")


def remedied(path: str, data: bytes, schema: Schema, before: Reading, faults: Sequence[Fault]) -> Change | None:
    """The change that mends some faults; None where it would not, or do something else besides.

    Raises:
        WriteRefused: the note is in no state to be edited.
    """
    intent = Intent(path, data, tuple(map(_edit, faults)), lambda after: has_fewer(before, after, faults), reveals=True)
    try:
        return plan(intent, schema)
    except NotMeant:
        return None


Attempt = tuple[Sequence[Fault], Change | None]


def _largest(faults: Sequence[Fault], attempt: Callable[[Sequence[Fault]], Change | None]) -> Attempt:
    """As many of the faults as can be mended together, and how: all of them, or what can be of either half."""
    change = attempt(faults) if faults else None
    if change or len(faults) < 2:
        return faults, change
    middle = len(faults) // 2
    first, second = _largest(faults[:middle], attempt), _largest(faults[middle:], attempt)
    if first[1] and second[1]:
        both = [*first[0], *second[0]]
        change = attempt(both)
        return (both, change) if change else first
    return first if first[1] else second
