"""The committed version of a note that two files of it both came from, and what the two come to with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from plaincrm.document.document import read_document
from plaincrm.history.follow import follow
from plaincrm.history.log import Commit, ancestors
from plaincrm.history.repository import Objects, Repository
from plaincrm.history.three_way import merge_notes
from plaincrm.history.worktree import bare_lines
from plaincrm.index.paths import disk_path
from plaincrm.records.read import read_record
from plaincrm.records.schema import Schema

VERSIONS = 200  # of a note that are looked at, the newest ones


class Ancestor(NamedTuple):
    """A version of a note: its bytes, the commit that made it, and when by its author's clock."""

    data: bytes
    commit: str
    when: datetime


def ancestor(
    repository: Repository,
    objects: Objects,
    path: str,
    is_note: Callable[[str], bool],
    sides: tuple[bytes, bytes],
    start: str = "HEAD",
) -> Ancestor | None:
    """The version from which both sides came; None where no version of the note at a path is known.

    A side came from the version that it differs from in the fewest lines, of equals from the earlier one: it may well
    have changed a line which the later one changed, too. Where the two came from different versions it is the newest
    from which both of these come.

    Raises:
        GitFailed: git refused.
    """
    known: dict[str, Commit] = {}  # by content: of versions that are alike the newest
    for commit in follow(repository, start, path, is_note)[:VERSIONS]:
        if blob := commit.touched[0].after.blob:
            known.setdefault(blob, commit)
    lines = [Counter(bare_lines(side)) for side in sides]
    apart = {
        blob: [_apart(Counter(bare_lines(data)), side) for side in lines]
        for blob in known
        if (data := objects.read(blob)) is not None
    }
    if not apart:
        return None
    origins = [min(reversed(apart), key=lambda blob: apart[blob][at]) for at in range(len(sides))]
    blob = _common(repository, known, origins)
    data = objects.read(blob) if blob else None
    return None if data is None else Ancestor(data, known[blob].name, known[blob].when)


def _apart(one: Counter[bytes], other: Counter[bytes]) -> int:
    return (one - other).total() + (other - one).total()


def _common(repository: Repository, known: dict[str, Commit], origins: Iterable[str]) -> str:
    """The newest content from which two others come; empty where there is none."""
    one, other = origins
    if one == other:
        return one
    paths = sorted({disk_path(commit.touched[0].after.path) for commit in known.values()})
    before = [set(ancestors(repository, [known[blob].name], paths)) for blob in (one, other)]
    return next((blob for blob, commit in known.items() if all(commit.name in names for names in before)), "")


def merged(base: bytes, ours: bytes, theirs: bytes, path: str, schema: Schema) -> bytes | None:
    """What two notes come to that came from one; None where that is not certain.

    It is not where both changed the same thing, nor where a log entry of one would go: as a rule it was not deleted in
    the other, it has never been there.
    """
    found = merge_notes(base, ours, theirs, schema)
    if found is None or found.conflicts:
        return None
    said = _entries(found.data, path, schema)
    return None if any(_entries(side, path, schema) - said for side in (ours, theirs)) else found.data


def _entries(data: bytes, path: str, schema: Schema) -> Counter[object]:
    """How many log entries there are of each day: one whose words were mended keeps its day."""
    return Counter(entry.date for entry in read_record(read_document(data), path, schema).customer.entries)
