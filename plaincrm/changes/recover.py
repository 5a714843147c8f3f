"""Recovery: a command that was cut short is taken back by the next one that writes, from the journal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plaincrm.changes.journal import Entry, Journal
from plaincrm.changes.plan import Change
from plaincrm.changes.write import Reader, write
from plaincrm.document.source import Unreadable, read_bytes
from plaincrm.errors import PlaincrmError, WriteRefused
from plaincrm.index.paths import disk_path


@contextmanager
def recovered(root: Path, journal: Journal) -> Iterator[list[str]]:
    """What is written here begins with files that no command has left half done; the sentences that say what was.

    Where it is refused afterwards, the refusal carries them as notes.
    """
    told = recover(root, journal)
    try:
        yield told
    except PlaincrmError as error:
        for sentence in told:
            error.add_note(sentence)
        raise


def recover(root: Path, journal: Journal) -> list[str]:
    """Take back what commands wrote that were cut short, and say so in sentences for people.

    A command whose files all hold the new text was done, but for the note of it. Else those that do get the old text
    back; one that holds another text was saved by somebody since, and stays.

    Raises:
        WriteRefused: a file cannot be written; the next command tries again.
    """
    told: list[str] = []
    for recording, entry in journal.cut_short():
        changes = [step.change for step in entry.steps]
        states = {change.path: _state(root, change) for change in changes}
        if set(states.values()) <= {"new"}:
            recording.done()
            continue
        back = [inverse(change) for change in reversed(changes) if states[change.path] == "new"]
        try:
            write(root, back)
        except WriteRefused as refusal:
            why = f"a command that was cut short has to be taken back first, and {refusal.why}"
            raise type(refusal)(refusal.file, why, refusal.remedy) from None
        left = [change.path for change in changes if states[change.path] == "other"]
        if left:
            recording.done()  # with the texts of what is left
        else:
            recording.drop()
        told += _told(entry, [change.path for change in back], left)
    return told


def _told(entry: Entry, back: list[str], left: list[str]) -> Iterator[str]:
    what = "; ".join(words_of(entry))
    if back:
        yield f"A command had been cut short ({what}); it was taken back in {', '.join(sorted(back))}."
    for path in left:
        yield (
            f"{path} was saved since a command was cut short ({what}), and stays as it is: "
            f"plaincrm undo {entry.number} shows what differs."
        )


def words_of(entry: Entry) -> list[str]:
    """What a command did, each thing once."""
    return list(dict.fromkeys(what for step in entry.steps for what in step.what))


def inverse(change: Change) -> Change:
    """The change that leads back."""
    return Change(change.path, change.new, change.old, rights=change.rights)


def present(root: Path, path: str, read: Reader) -> bytes | None:
    """What a file holds now; None where there is none."""
    return read(path) if os.path.lexists(root / disk_path(path)) else None


def _state(root: Path, change: Change) -> str:
    """Whether a file holds the old text, the new one, or another."""
    try:
        now = present(root, change.path, lambda path: read_bytes(root / disk_path(path)))
    except Unreadable:
        return "other"
    return "new" if now == change.new else "old" if now == change.old else "other"
