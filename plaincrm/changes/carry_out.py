"""Carrying out: the steps of one command, written together, kept in the journal, and told with their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from plaincrm.changes.draft import Step
from plaincrm.changes.journal import Journal
from plaincrm.changes.plan import Change
from plaincrm.changes.recover import recovered
from plaincrm.changes.rights import rights_of
from plaincrm.changes.sequences import Mapped, Spool
from plaincrm.changes.write import Progress, Reader, rewrite
from plaincrm.document.source import decode, read_bytes
from plaincrm.index.paths import disk_path


class Place(NamedTuple):
    """A line of a new text, from 1, and what was done there."""

    line: int
    what: tuple[str, ...]


class Written(NamedTuple):
    """One file that was written, or would be: its text before (None where it is new) and now (None where it is gone).

    `what` was done; `line` is the first that differs, counted from 1 in the new text. `was` is the file whose place a
    new one takes. `places` tell what was done line by line.
    """

    file: str
    line: int
    what: tuple[str, ...]
    old: str | None
    new: str | None
    was: str = ""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What a command wrote, or would with `dry_run`.

    `notices` are sentences about commands before this one that were cut short, and what became of them.
    """

    files: Sequence[Written]
    dry_run: bool
    notices: tuple[str, ...] = ()


def carry_out(
    root: Path,
    planned: Callable[[Reader], Sequence[Step]],
    *,
    dry_run: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> WriteReport:
    """Plan the steps from the files as they are, and write all of them or none.

    `planned` may be called twice: where somebody saved one of the files meanwhile, all is planned anew.

    Raises:
        WriteRefused: a file is in no state to be edited, or cannot be written, or what was there cannot be kept.
    """
    if dry_run:
        steps = planned(lambda path: read_bytes(root / disk_path(path)))
        return WriteReport(_told(steps), dry_run)
    journal = Journal(root)
    with recovered(root, journal) as notices:
        steps = _write(root, journal, planned, progress)
    return WriteReport(_told(steps), dry_run, tuple(notices))


def _told(steps: Sequence[Step]) -> Sequence[Written]:
    """What the steps write; of steps that do not stand in memory told when it is asked for."""
    return Mapped(steps, written) if isinstance(steps, Spool) else tuple(map(written, steps))


def _write(
    root: Path, journal: Journal, planned: Callable[[Reader], Sequence[Step]], progress: Progress
) -> Sequence[Step]:
    steps: Sequence[Step] = ()

    def changes(read: Reader) -> Sequence[Change]:
        nonlocal steps
        steps = planned(read)
        return Mapped(steps, attrgetter("change"))

    rewrite(root, changes, lambda: journal.record(Mapped(steps, partial(_with_rights, root))), progress)
    return steps


def _with_rights(root: Path, step: Step) -> Step:
    """A step that takes a file away, with the rights that it had, so that it can come back with them."""
    if step.change.new is not None:
        return step
    return step._replace(change=replace(step.change, rights=rights_of(root / disk_path(step.change.path))))


def written(step: Step) -> Written:
    """What a step writes, with its line."""
    old, new = (None if data is None else decode(data).text for data in (step.change.old, step.change.new))
    line = _first_difference(old or "", new or "")
    return Written(step.change.path, line, step.what, old, new, step.change.like, tuple(_places(step, line)))


def _places(step: Step, first: int) -> Iterator[Place]:
    """What was done line by line; where a step does not know the lines, all of it at the first that differs."""
    at: dict[int, list[str]] = {}
    for number, what in enumerate(step.what):
        for line in (step.lines[number] if step.lines else ()) or (first,):
            at.setdefault(line, []).append(what)
    return (Place(line, tuple(at[line])) for line in sorted(at))


def _first_difference(old: str, new: str) -> int:
    """The first line of a new text that differs from the old one, from 1."""
    for number, (one, other) in enumerate(zip(old.split("\n"), new.split("\n"), strict=False), 1):
        if one != other:
            return number
    return min(old.count("\n"), new.count("\n")) + 1
