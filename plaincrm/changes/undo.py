"""Undo: what a command wrote, taken back where nobody has changed it since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from plaincrm.changes.draft import Step
from plaincrm.changes.journal import Entry, Journal
from plaincrm.changes.plan import Change
from plaincrm.changes.recover import inverse, present
from plaincrm.changes.write import Reader
from plaincrm.document.source import decode
from plaincrm.errors import NoMatch, WriteRefused

_BACK, _AGAIN = "took back: ", "done again: "


class Since(NamedTuple):
    """A file that was changed since a command wrote it: the text it wrote, and the text now (None: no file)."""

    file: str
    ours: str | None
    now: str | None


class ChangedSince(WriteRefused):
    """Files were changed since the command that is to be taken back: `since` says which, and how."""

    def __init__(self, number: int, since: tuple[Since, ...], later: int | None) -> None:
        more = f"; so were {len(since) - 1} more" if len(since) > 1 else ""
        remedy = f"Take back command {later} first, which wrote it later." if later else "Take it back by hand."
        super().__init__(since[0].file, f"it was changed since command {number} wrote it{more}", remedy)
        self.since = since


def undone(root: Path, journal: Journal, number: int | None, read: Reader) -> list[Step]:
    """The steps that take a command back, the last one without a number; of files that are as before there is none.

    Raises:
        NoMatch: there is no such command.
        ChangedSince: a file holds neither what it wrote nor what was there before.
        WriteRefused: a file cannot be read.
    """
    entry = journal.entry(number)
    if entry is None:
        which = "nothing to take back" if number is None else f"no command {number} to take back"
        remedy = "See plaincrm undo --list. What commands wrote is kept for 30 days."
        raise NoMatch(f"There is {which}.", remedy)
    now = {step.change.path: present(root, step.change.path, read) for step in entry.steps}
    since = tuple(
        Since(change.path, _text(change.new), _text(now[change.path]))
        for change, *_told in entry.steps
        if now[change.path] not in (change.old, change.new)
    )
    if since:
        later = (other.number for other in journal.entries() if other.number > entry.number and _wrote(other, since[0]))
        raise ChangedSince(entry.number, since, next(later, None))
    return [
        Step(inverse(change), tuple(_words(what)), _back(change, lines))
        for change, what, lines in reversed(entry.steps)
        if now[change.path] == change.new
    ]


def _back(change: Change, lines: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """The lines of a new text as those of the old one."""
    if change.old is None or change.new is None:
        return ()
    from difflib import SequenceMatcher  # noqa: PLC0415 (for undo only)

    old, new = ((_text(data) or "").split("\n") for data in (change.old, change.new))
    blocks = SequenceMatcher(None, new, old).get_opcodes()

    def back(line: int) -> int:
        for _kind, start, end, at, to in blocks:
            if start <= line - 1 < end or start == end == line - 1:
                blank = 0 if start < end else next((n for n, row in enumerate(old[at:to]) if row.strip()), 0)
                return min(at + 1 + blank + max(min(line - 1 - start, to - at - 1), 0), len(old))
        return len(old)

    return tuple(tuple(map(back, found)) for found in lines)


def _wrote(entry: Entry, since: Since) -> bool:
    """Whether what stands in a file now is what a command wrote."""
    return any(step.change.path == since.file and _text(step.change.new) == since.now for step in entry.steps)


def _words(what: tuple[str, ...]) -> Iterator[str]:
    """What is done by taking this back; what had been taken back is done again."""
    for words in what:
        done = words.removeprefix(_BACK)
        yield f"{_AGAIN}{done}" if done != words else f"{_BACK}{words.removeprefix(_AGAIN)}"


def _text(data: bytes | None) -> str | None:
    return None if data is None else decode(data).text
