"""What is asked of a vault's history: its repository, which paths are notes, and how the answers are found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, tzinfo
from functools import cached_property, lru_cache

from plaincrm.dates import parse_date
from plaincrm.document.source import Unreadable, read_bytes
from plaincrm.errors import NoMatch, UsageError
from plaincrm.history.ancestor import Ancestor, ancestor
from plaincrm.history.blame import Blame, blame
from plaincrm.history.commit import under_way
from plaincrm.history.diff import Diff, Point, customer_diff, diff
from plaincrm.history.fields import Note, read_note, unread_note
from plaincrm.history.follow import follow
from plaincrm.history.log import Commit, Version, commits, described, differences, renames_in
from plaincrm.history.renames import Rename, rename
from plaincrm.history.repository import Objects, Repository
from plaincrm.history.revision import Revision
from plaincrm.history.stays import Stays, Values, stays
from plaincrm.history.story import Event, History, Wanted, event_of, story_of, told
from plaincrm.history.versions import Versions
from plaincrm.history.worktree import Pending, pending
from plaincrm.index.paths import disk_path, shown_path
from plaincrm.language.spoken import spoken_date
from plaincrm.vault.vault import Vault
from plaincrm.worktime import time_zone


class Past:
    """The history of a vault's notes, up to the commit that the vault is of, or to the last one.

    `present` are the blobs of today's notes by path, as the index has them.

    Raises:
        NotInGit: the vault lies in no repository, or nothing is committed.
        GitFailed: there is no git, or it refused.
    """

    def __init__(self, vault: Vault, present: Callable[[], Mapping[str, str]]) -> None:
        self.vault = vault
        self.repository = Repository(vault.root)
        self.head = vault.files.commit if isinstance(vault.files, Revision) else self.repository.commit("HEAD")
        self.present = present
        self.is_note = lru_cache(1 << 16)(lambda path: vault.finder.is_name_of_record(disk_path(path)))

    @cached_property
    def zone(self) -> tzinfo | None:
        """The vault's time zone; None where the settings name none, and each clock is that of whoever committed."""
        return time_zone(self.vault.config.timezone) if self.vault.config.timezone else None

    def commit(self, text: str, today: date | None) -> str:
        """The commit that a text means: a day (its last commit), or a revision; in doubt only 2026-11-01 is a day.

        Raises:
            UsageError: it means none.
        """
        day = parse_date(text)
        if day is None:
            try:
                return self.repository.commit(text)
            except UsageError:
                day = spoken_date(text, today) if today else None
                if day is None:
                    raise
        return self.repository.commit_on(day, self.zone or UTC)

    def committed(self, commit: str) -> dict[str, str]:
        """The notes of a commit: blobs by path."""
        files = ((shown_path(blob.path), blob) for blob in self.repository.files(commit))
        return {path: blob.name for path, blob in files if blob.mode >> 12 == 0o10 and self.is_note(path)}

    def read(self, path: str) -> bytes | None:
        """The bytes of a note as it stands in the vault; None where it cannot be read."""
        try:
            return read_bytes(self.vault.root / disk_path(path))
        except Unreadable:
            return None

    def pending(self, objects: Objects) -> list[Pending]:
        """The notes that are not as they were committed."""
        return list(pending(self.committed(self.head), self.present(), objects, self.read))

    def of_note(self, path: str, wanted: Wanted, limit: int = 0) -> History:
        """The story of the note at a path, wherever it lay before."""
        with self.repository.objects() as objects:
            versions = Versions(objects, self.vault.config.schema)
            waiting = self._waiting(path, objects)
            at = waiting.before.path if waiting else path
            found = follow(self.repository, self.head, at, self.is_note) if at else []
            name, _dot, _ending = path.rpartition("/")[2].rpartition(".")
            data = self.read(path)
            called = read_note(path, data, versions.schema).customer.name if data is not None else ""
            events = self._events([waiting] if waiting else [], found, versions, wanted, objects)
            story = told(events, wanted, limit, (name, "", path))
            if not called:
                notes = (note for event in story.events for note in event.notes)
                called = next((note.name for note in notes), name)
        return story._replace(name=called, under_way=under_way(self.repository.git, self.vault.root))

    def _waiting(self, path: str, objects: Objects) -> Pending | None:
        """What is not committed of one note: a look at its own two versions, unless it is not there in one of them."""
        blob, data = self.repository.blob(self.head, disk_path(path)), self.read(path)
        if blob and data is not None:
            found = pending({path: blob}, {path: ""}, objects, lambda _path: data)
            return next(found, None)
        return next((each for each in self.pending(objects) if each.path == path), None)

    def of_all(self, wanted: Wanted, limit: int = 0, paths: Collection[str] | None = None) -> History:
        """The story of every note, or of those that lie at some paths today."""
        with self.repository.objects() as objects:
            versions = Versions(objects, self.vault.config.schema)
            waiting = [each for each in self.pending(objects) if paths is None or each.path in paths]
            found = commits(self.repository, [self.head], self.is_note)
            if paths is not None:
                moved = {each.before.path for each in waiting if each.before.path}
                found = _of_these({*paths, *moved}, found)
            changing = (commit for commit in found if commit.touched)
            story = told(self._events(waiting, changing, versions, wanted, objects), wanted, limit)
        return story._replace(under_way=under_way(self.repository.git, self.vault.root))

    def _events(
        self, waiting: list[Pending], found: Iterable[Commit], versions: Versions, wanted: Wanted, objects: Objects
    ) -> Iterator[Event]:
        """The events of commits that are asked for; of the others no content is read."""
        if waiting and wanted.has_commit("", "", None):
            renames = _renames(self.pending(objects))
            stories = (story_of(each.before, self._now(each, versions), versions, renames) for each in waiting)
            if notes := tuple(story for story in stories if story and story.changes):
                yield Event("", (self.head,), "", "", None, "", (), notes)
        cut, machine = self.repository.cut(), self.vault.config.machine
        for commit in found:
            when = commit.when.astimezone(self.zone) if self.zone else commit.when
            if wanted.has_commit(commit.author, commit.email, when):
                yield event_of(commit._replace(when=when), versions, cut, machine)

    @staticmethod
    def _now(each: Pending, versions: Versions) -> Note | None:
        if each.is_unread:
            return unread_note(each.path, "unreadable-file", versions.schema)
        return None if each.data is None else read_note(each.path, each.data, versions.schema)

    def blame(self, path: str) -> Blame:
        """Who said last what the note at a path says.

        Raises:
            NoMatch: the note is there no more.
        """
        data = self.read(path)
        if data is None:
            raise NoMatch(f"{path} cannot be read now.", "plaincrm history tells what became of it.")
        with self.repository.objects() as objects:
            versions = Versions(objects, self.vault.config.schema)
            waiting = self._waiting(path, objects)
            was = waiting.before if waiting else Version(path, self.repository.blob(self.head, disk_path(path)))
            now = read_note(path, data, versions.schema)
            found = follow(self.repository, self.head, was.path, self.is_note) if was.path else []
            return blame(now, versions.note(was), found, versions, self.repository.cut(), self.zone)

    def ancestor(self, path: str, ours: bytes, theirs: bytes) -> Ancestor | None:
        """The committed version of the note at a path from which two files of it came; None where there is none."""
        with self.repository.objects() as objects:
            waiting = self._waiting(path, objects)
            at = waiting.before.path if waiting else path
            sides = (ours, theirs)
            found = ancestor(self.repository, objects, at, self.is_note, sides, self.head) if at else None
        return found._replace(when=found.when.astimezone(self.zone)) if found and self.zone else found

    def diff(self, old: str, new: str = "", paths: Collection[str] | None = None) -> Diff:
        """What became of the notes from a commit to another, or to the files as they are (empty)."""
        with self.repository.objects() as objects:
            versions = Versions(objects, self.vault.config.schema)
            pairs = self._pairs(old, new, objects, versions)
            found = [
                customer_diff(story, versions.note(before), after)
                for before, after, renames in pairs
                if (story := story_of(before, after, versions, renames)) and (paths is None or story.file in paths)
            ]
        return diff(self.point(old), self.point(new), (each for each in found if each.story.changes))

    def _pairs(
        self, old: str, new: str, objects: Objects, versions: Versions
    ) -> Iterator[tuple[Version, Note | None, tuple[Rename, ...]]]:
        """The notes that are not the same, before and after, with those that were renamed."""
        if new:
            touched = list(differences(self.repository, old, new, self.is_note))
            renames = renames_in(touched)
            for touch in touched:
                yield touch.before[0], versions.note(touch.after), renames
            return
        waiting = list(pending(self.committed(old), self.present(), objects, self.read))
        renames = _renames(waiting)
        for each in waiting:
            yield each.before, self._now(each, versions), renames

    def stays(self, field: str) -> Stays | None:
        """How long notes kept each value of a field of one value that they have no more; None without any commit."""
        with self.repository.objects() as objects:
            found = commits(self.repository, [self.head], self.is_note)
            values = Values(objects, self.vault.config.schema, field)
            changing = (commit for commit in found if commit.touched)
            return stays(changing, values, self.repository.cut(), self.zone)

    def point(self, commit: str) -> Point:
        """A commit as one end of a comparison."""
        if not commit:
            return Point("", None, "")
        found = described(self.repository, commit)
        return Point(commit, found.when.astimezone(self.zone) if self.zone else found.when, found.subject)

    def gone(self, text: str) -> str:
        """The last path of a note that is there no more, by its id; empty where there was none.

        Of several it is the one that went last.
        """
        wanted = text.casefold()
        for commit in commits(self.repository, [self.head], self.is_note):
            for touch in commit.touched:
                old = next((version.path for version in touch.before if version.path), "")
                if not touch.after.path and old.rpartition("/")[2].rpartition(".")[0].casefold() == wanted:
                    return old
        return ""


def _renames(waiting: Iterable[Pending]) -> tuple[Rename, ...]:
    return tuple(found for each in waiting if (found := rename(each.before.path, each.path)))


def _of_these(paths: Collection[str], found: Iterator[Commit]) -> Iterator[Commit]:
    """The commits with what they did to some notes, wherever these lay then."""
    names = set(paths)
    for commit in found:
        touched = tuple(
            touch
            for touch in commit.touched
            if touch.after.path in names or (not touch.after.path and any(old.path in names for old in touch.before))
        )
        names.update(old.path for touch in touched for old in touch.before if old.path)
        if touched:
            yield commit._replace(touched=touched)
