"""What stands in the notes and is not committed: today's files against those of a commit, by no filter of git."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from plaincrm.history.log import Version
from plaincrm.history.repository import Objects

_LIKE = 0.5  # of the lines: as much as git takes for a rename
_TRIED = 1 << 18  # pairs of notes that are looked at for being alike


class Pending(NamedTuple):
    """A note that is not as it was committed: what it was (a path of "": not there), and its path and bytes now.

    Without bytes it is gone, or with `is_unread` it is there and cannot be read.
    """

    before: Version
    path: str
    data: bytes | None
    is_unread: bool = False


def pending(
    committed: Mapping[str, str],
    present: Mapping[str, str],
    objects: Objects,
    read: Callable[[str], bytes | None],
) -> Iterator[Pending]:
    """The notes that are not as they were committed, by path; `committed` and `present` are blobs by path.

    A note that is gone and another that came with the same bytes, or with half of its lines, are one that moved.
    """
    gone = sorted(committed.keys() - present.keys())
    come = sorted(present.keys() - committed.keys())
    contents = {path: data for path in come if (data := read(path)) is not None}
    moved = _moved({path: committed[path] for path in gone}, contents, present, objects)
    left = set(moved.values())
    for path in sorted(committed.keys() | present.keys()):
        if path in moved:
            before = Version(moved[path], committed[moved[path]])
            yield Pending(before, path, contents[path])
        elif path in contents:
            yield Pending(Version("", ""), path, contents[path])
        elif path not in present:
            if path not in left:
                yield Pending(Version(path, committed[path]), path, None)
        elif path in committed and committed[path] != present[path]:
            data, was = read(path), objects.read(committed[path])
            if data is None or was is None or bare_lines(data) != bare_lines(was):
                yield Pending(Version(path, committed[path]), path, data, data is None)


def _moved(
    gone: Mapping[str, str], come: Mapping[str, bytes], present: Mapping[str, str], objects: Objects
) -> dict[str, str]:
    """Where notes came from, by where they are."""
    found: dict[str, str] = {}
    left = dict(gone)
    by_blob = {blob: path for path, blob in gone.items()}
    for path in come:
        same = by_blob.pop(present[path], None)
        if same is not None:
            found[path] = same
            del left[same]
    rest = [path for path in come if path not in found]
    if not left or len(left) * len(rest) > _TRIED:
        return found
    old = {path: _telling(objects.read(blob) or b"") for path, blob in left.items()}
    for path in rest:
        lines = _telling(come[path])
        score, best = max(((_share(lines, old[each]), each) for each in old), default=(0.0, ""))
        if score >= _LIKE:
            found[path] = best
            del old[best]
    return found


def _share(lines: set[bytes], others: set[bytes]) -> float:
    """How much of the longer one both have, in bytes."""
    return sum(map(len, lines & others)) / max(sum(map(len, lines)), sum(map(len, others)), 1)


def _telling(data: bytes) -> set[bytes]:
    """The lines that not every note has."""
    return set(bare_lines(data)) - {b"", b"---"}


def bare_lines(data: bytes) -> list[bytes]:
    """Lines without their ends, which git may keep in another way."""
    return data.replace(b"\r\n", b"\n").split(b"\n")
