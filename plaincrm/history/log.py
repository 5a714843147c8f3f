"""Git's log, streamed: commits one by one, each with the notes it changed and what they were before it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import islice
from typing import NamedTuple

from plaincrm.history.renames import Rename, rename
from plaincrm.history.repository import Repository
from plaincrm.index.paths import shown_path

_FIELDS = ("H", "P", "aN", "aE", "ad", "B")
_FORMAT = ("--encoding=UTF-8", "--date=raw", f"--format=%x00{'%x00'.join(f'%{field}' for field in _FIELDS)}%x00")
# Every word says how, so that no setting of the repository does. --full-history leaves no side of a merge out, -c tells
# of a merge what is as in none of its parents.
_WORDS = (
    *("log", "--full-history", "-c", "--combined-all-paths", "-M", "-l1000", "--root"),
    *("--raw", "-z", "--no-abbrev", "--no-relative", "--no-follow", "--no-ext-diff", "--no-textconv"),
    *("--no-show-signature", "--no-color", "--no-notes", f"-O{os.devnull}"),
    *_FORMAT,
)
_EARLIEST, _LATEST = 0, 253_402_200_000  # seconds: from 1970 to the last day but one of 9999, in any zone
_FAR = timedelta(hours=24)  # no zone is so far from Greenwich
_TRAILER = "Customer:"


class Version(NamedTuple):
    """A note in one commit: its path in the vault, as people see it, and the name of its content; empty: not there."""

    path: str
    blob: str


NOWHERE = Version("", "")


class Touch(NamedTuple):
    """A note that a commit made other than it was, in each of the commit's parents."""

    after: Version
    before: tuple[Version, ...]  # one a parent; one for a first commit


class Commit(NamedTuple):
    """One commit; `when` is its author's clock, `words` its message, `customers` the ids that its trailers name.

    `renames` are those of all its notes, whichever of them are looked at.
    """

    name: str
    parents: tuple[str, ...]
    author: str
    email: str
    when: datetime
    words: str
    customers: tuple[str, ...]
    touched: tuple[Touch, ...]
    renames: tuple[Rename, ...] = ()

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.words.partition("\n")[0].strip()


def commits(
    repository: Repository,
    starts: Sequence[str],
    is_note: Callable[[str], bool],
    paths: Sequence[str] = (),
) -> Iterator[Commit]:
    """The commits that lead to some others and changed notes, themselves included, the latest first.

    With `paths` (of the vault, as the system has them) only those that touched these, yet with whatever else they
    changed or took away, so that one sees where a note came from; none of these comes before one that follows it,
    whatever clocks said. Of all git tells each as it finds it, by clocks alone.

    Raises:
        GitFailed: git refused.
    """
    limits = ("--date-order", "--full-diff", *starts, "--", *paths) if paths else (*starts, "--", ".")
    parts = repository.git.parts(*_WORDS, *limits)
    prefix = repository.prefix
    wanted = {os.fsencode(prefix + path) for path in paths}
    part = next(parts, None)
    while part is not None:
        if not part.strip(b"\n"):
            part = next(parts, None)
            continue
        head = [part, *islice(parts, len(_FIELDS) - 1)]
        touched = []
        part = next(parts, None)
        while (part is not None and (part := part.lstrip(b"\n")).startswith(b":")) or part == b"":
            if part.endswith(b" A") and wanted and not part.startswith(b"::"):  # the first commit has all notes so
                path = next(parts)
                if path in wanted:
                    touched.append(_touch(part, iter([path]), prefix, is_note))
            elif part:
                touched.append(_touch(part, parts, prefix, is_note))
            part = next(parts, None)
        yield _commit(head, tuple(_moved(touch for touch in touched if touch)))


def described(repository: Repository, commit: str) -> Commit:
    """One commit by itself, without what it touched."""
    told = repository.git("log", "--no-walk", "--no-patch", "--no-show-signature", "--no-notes", *_FORMAT, commit, "--")
    return _commit(told.split(b"\0")[1:7], ())


def ancestors(repository: Repository, starts: Sequence[str], paths: Sequence[str]) -> list[str]:
    """The names of the commits that lead to some others and touched paths, in the order of `commits`."""
    told = repository.git("rev-list", "--date-order", "--full-history", *starts, "--", *paths)
    return told.decode().split()


def differences(repository: Repository, old: str, new: str, is_note: Callable[[str], bool]) -> Iterator[Touch]:
    """The notes that are not the same in two commits."""
    words = ("diff-tree", "-r", "-M", "-l1000", "--raw", "-z", "--no-abbrev", "--no-relative", f"-O{os.devnull}")
    parts = repository.git.parts(*words, "--end-of-options", old, new, "--", ".")
    found = (_touch(part, parts, repository.prefix, is_note) for part in parts)
    yield from _moved(touch for touch in found if touch)


def _commit(head: list[bytes], touched: tuple[Touch, ...]) -> Commit:
    name, parents, author, email, date, words = (part.decode("utf-8", "replace") for part in head)
    last = words.rstrip().rpartition("\n\n")[2].splitlines()
    named = [line[len(_TRAILER) :].strip() for line in last if line.startswith(_TRAILER)]
    return Commit(
        name,
        tuple(parents.split()),
        author,
        email,
        _moment(date),
        words.strip(),
        tuple(dict.fromkeys(named)),
        touched,
        renames_in(touched),
    )


def renames_in(touched: Iterable[Touch]) -> tuple[Rename, ...]:
    """The notes among some that were renamed."""
    found = (rename(touch.before[0].path, touch.after.path) for touch in touched if len(touch.before) == 1)
    return tuple(each for each in found if each)


def _moment(raw: str) -> datetime:
    """A moment as git has it raw, `1795346590 +0200`; whatever cannot be is 1970, the last of days, or Greenwich."""
    seconds, _blank, offset = raw.partition(" ")
    number = int(seconds) if seconds.lstrip("-").isdecimal() and len(seconds) < 40 else 0
    zone: tzinfo = UTC
    if len(offset) == 5 and offset[1:].isdecimal():
        away = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:]))
        if away < _FAR:
            zone = timezone(-away if offset[0] == "-" else away)
    return datetime.fromtimestamp(min(max(number, _EARLIEST), _LATEST), zone)


def _touch(head: bytes, parts: Iterator[bytes], prefix: str, is_note: Callable[[str], bool]) -> Touch | None:
    """One row of raw differences, `:MODES NAMES STATUS` with its paths behind it; None for what is no note."""
    count = len(head) - len(head.lstrip(b":"))
    words = head[count:].split()
    modes, blobs, status = words[: count + 1], words[count + 1 : 2 * count + 2], words[-1]
    if count > 1:
        paths = list(islice(parts, count + 1))
    else:
        first = next(parts)
        paths = [first, next(parts) if status[:1] in b"RC" else first]
    *before, after = (
        _version(mode, blob, path, prefix, is_note) for mode, blob, path in zip(modes, blobs, paths, strict=True)
    )
    return Touch(after, tuple(before)) if after.path or any(version.path for version in before) else None


def _version(mode: bytes, blob: bytes, raw: bytes, prefix: str, is_note: Callable[[str], bool]) -> Version:
    path = os.fsdecode(raw)
    if not mode.startswith(b"100") or not path.startswith(prefix):
        return NOWHERE
    shown = shown_path(path[len(prefix) :])
    return Version(shown, blob.decode()) if is_note(shown) else NOWHERE


def _moved(touches: Iterator[Touch]) -> Iterator[Touch]:
    """The same, where notes that changed places are told as moved: git looks for the way of what is gone only."""
    listed = list(touches)
    single = {touch.before[0]: touch for touch in listed if len(touch.before) == 1 and touch.before[0].blob}
    left = {before.blob: before for before in single}
    sources = {
        touch.after: left[touch.after.blob]
        for touch in listed
        if touch.after.blob in left and touch.before[0].blob != touch.after.blob
    }
    while stayed := [after for after, source in sources.items() if _stays(single[source].after, source, sources)]:
        for after in stayed:
            del sources[after]
    taken = set(sources.values())
    for touch in listed:
        if touch.after in sources:
            yield Touch(touch.after, (sources[touch.after],))
        elif touch.after.path or touch.before[0] not in taken:
            yield touch


def _stays(after: Version, before: Version, sources: dict[Version, Version]) -> bool:
    """Whether what lay at a path lies there still, so that what is like it elsewhere is a copy."""
    return after.path == before.path and after not in sources
