"""The commits of one note, under whatever paths it lay: renamed, moved to the archive, brought back, changed places."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from plaincrm.history.log import Commit, Touch, ancestors, commits
from plaincrm.history.repository import Repository
from plaincrm.index.paths import disk_path

_Way = tuple[tuple[str, ...], str]  # commits, and the path at which the note lies in them


def follow(repository: Repository, start: str, path: str, is_note: Callable[[str], bool]) -> list[Commit]:
    """The commits up to `start` that changed the note which lies at a path there, the newest first.

    Each has what it did to this note alone. They are kept in memory, as many as the note has; no content is read but
    by git's own search for renames, in commits that touched the note.

    Raises:
        GitFailed: git refused.
    """
    found: dict[str, Commit] = {}
    asked: set[tuple[tuple[str, ...], str]] = set()
    ways: list[_Way] = [((start,), path)]
    while ways:
        starts, at = way = ways.pop()
        if way in asked:
            continue
        asked.add(way)
        own, further = _under(repository, starts, at, is_note)
        found = {**own, **found}
        ways += further
    if len(asked) == 1:
        return list(found.values())
    paths = sorted({disk_path(at) for _starts, at in asked})
    return [found[name] for name in ancestors(repository, [start], paths) if name in found]


def _under(
    repository: Repository, starts: Sequence[str], path: str, is_note: Callable[[str], bool]
) -> tuple[dict[str, Commit], list[_Way]]:
    """The commits of a note while it lay at a path, and where to look for what was before."""
    found: dict[str, Commit] = {}
    further: list[_Way] = []
    before: set[str] = set()  # commits in which another note lay at this path
    for commit in commits(repository, starts, is_note, [disk_path(path)]):
        if commit.name in before:
            continue
        here = next((touch for touch in commit.touched if touch.after.path == path), None)
        gone = next((touch for touch in commit.touched if any(old.path == path for old in touch.before)), None)
        came = _sources(commit, here, path) if here else []
        further += came
        if touch := here or (gone if gone and not gone.after.path else None):
            found[commit.name] = commit._replace(touched=(touch,))
        went = gone is not None and gone.after.path not in ("", path)
        if len(commit.parents) == 1 and (came or went):  # what lay here before is another note
            before.update(ancestors(repository, commit.parents, [disk_path(path)]))
    return found, further


def _sources(commit: Commit, touch: Touch, path: str) -> list[_Way]:
    """The parents of a commit in which a note lay at another path."""
    pairs = zip(commit.parents, touch.before, strict=False)
    return [((parent,), old.path) for parent, old in pairs if old.path not in (path, "")]
