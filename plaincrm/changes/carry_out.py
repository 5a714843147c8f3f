"""Carrying out: the steps of one command, written together, and told with the lines where they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from plaincrm.changes.draft import Step
from plaincrm.changes.plan import Change
from plaincrm.changes.write import Reader, rewrite
from plaincrm.document.source import decode, read_bytes
from plaincrm.index.paths import disk_path


class Written(NamedTuple):
    """One file that was written, or would be: its text before (None where it is new) and now (None where it is gone).

    `what` was done; `line` is the first that differs, counted from 1 in the new text. `was` is the file whose place a
    new one takes.
    """

    file: str
    line: int
    what: tuple[str, ...]
    old: str | None
    new: str | None
    was: str = ""


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What a command wrote, or would with `dry_run`."""

    files: tuple[Written, ...]
    dry_run: bool


def carry_out(root: Path, planned: Callable[[Reader], Sequence[Step]], *, dry_run: bool = False) -> WriteReport:
    """Plan the steps from the files as they are, and write all of them or none.

    `planned` may be called twice: where somebody saved one of the files meanwhile, all is planned anew.

    Raises:
        WriteRefused: a file is in no state to be edited, or cannot be written.
    """
    steps: Sequence[Step] = ()

    def changes(read: Reader) -> Sequence[Change]:
        nonlocal steps
        steps = planned(read)
        return [step.change for step in steps]

    if dry_run:
        changes(lambda path: read_bytes(root / disk_path(path)))
    else:
        rewrite(root, changes)
    return WriteReport(tuple(map(_written, steps)), dry_run)


def _written(step: Step) -> Written:
    old, new = (None if data is None else decode(data).text for data in (step.change.old, step.change.new))
    line = _first_difference(old or "", new or "")
    return Written(step.change.path, line, step.what, old, new, step.change.like)


def _first_difference(old: str, new: str) -> int:
    """The first line of a new text that differs from the old one, from 1."""
    for number, (one, other) in enumerate(zip(old.split("\n"), new.split("\n"), strict=False), 1):
        if one != other:
            return number
    return min(old.count("\n"), new.count("\n")) + 1
