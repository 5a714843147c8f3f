"""The one way into user files: staged beside the note, exchanged with it in one step, looked at before it is final."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TypeVar

from plaincrm.changes.leftovers import clean, own_names
from plaincrm.changes.place import Folders
from plaincrm.changes.plan import Change
from plaincrm.changes.refusing import refusing
from plaincrm.changes.rights import give, rights_of
from plaincrm.changes.syncing import Syncing
from plaincrm.changes.system import exchange, name_anew
from plaincrm.document.source import LIMIT
from plaincrm.errors import FileChanged, WriteRefused

T = TypeVar("T")
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
Reader = Callable[[str], bytes]  # the bytes of a file of the vault, by its path there
Record = Callable[[], AbstractContextManager[object]]  # entered before the first file changes, left when all have
Progress = Callable[[int, int], None]  # told after each file how many of how many are ready
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write(root: Path, changes: Sequence[Change], record: Record = nullcontext) -> None:
    """Write all changes, or none.

    Before the first file is touched, the new content of all of them stands on the disk under hidden names, and all are
    seen to be as they were read.

    Raises:
        WriteRefused: a file is not as it was read, or cannot be written; it stands as it was, and so do the others.
            Where one of those could not be written back, the refusal names it.
    """
    with Folders(root) as folders:
        _write(folders, changes, record)


def write_each(root: Path, changes: Iterable[Change]) -> Iterator[WriteRefused | None]:
    """Write changes that have nothing to do with each other, and tell of each why it was refused, or None."""
    with Folders(root) as folders:
        for change in changes:
            try:
                _write(folders, [change])
            except WriteRefused as refusal:
                yield refusal
            else:
                yield None


def rewrite(
    root: Path,
    make: Callable[[Reader], Sequence[Change]],
    record: Record = nullcontext,
    progress: Progress = lambda _done, _total: None,
) -> Sequence[Change]:
    """Read files, make their changes and write them, as `write` does.

    Where somebody was faster, all of it is done once more, while other processes of ours wait.

    Raises:
        WriteRefused: one cannot be read or written, or an editor saved it both times.
    """
    with Folders(root) as folders:

        def read(path: str) -> bytes:
            with refusing(path), _opened(*folders.of_file(path)) as handle:
                return _content(handle)

        try:
            changes = make(read)
            _write(folders, changes, record, progress)
        except FileChanged as changed:
            if changed.written:
                raise
            with folders.alone(changed.file):
                changes = make(read)
                _write(folders, changes, record)
        return changes


def _write(
    folders: Folders,
    changes: Sequence[Change],
    record: Record = nullcontext,
    progress: Progress = lambda _done, _total: None,
) -> None:
    pending: list[_Pending] = []
    try:
        with Syncing(len(changes)) as syncing:
            for number, change in enumerate(changes):
                with refusing(change.path):
                    pending.append(_Pending(changes, number, folders))
                    handle = pending[-1].stage()
                if handle is not None:
                    syncing.take(change.path, handle)
                progress(len(pending), len(changes))
        if pending:
            _put_in_place(folders, pending, record)
    finally:
        for item in pending:
            item.discard()


def _put_in_place(folders: Folders, pending: Sequence[_Pending], record: Record) -> None:
    """Let each new content take its place, once all are seen to be free to."""
    file = pending[0].path
    with refusing(file), folders.alone(file):
        for item in pending:
            with refusing(item.path):
                item.compare()
        with record():
            _take_places(folders, pending)
        for folder in {item.folder for item in pending} - folders.tidy:  # while nobody else's can be in use
            clean(folder)
            folders.tidy.add(folder)


def _take_places(folders: Folders, pending: Sequence[_Pending]) -> None:
    """One file after the other; where one is refused, or all is interrupted, those before it get theirs back."""
    done: list[_Pending] = []
    try:
        for item in pending:
            with refusing(item.path):
                item.take_place()
            done.append(item)
        for folder, path in {item.folder: item.path for item in pending if item.is_new}.items():
            with refusing(path):
                os.fsync(folder)  # once for all of its new files
    except BaseException as error:
        left = tuple(other.path for other in reversed(done) if not _written_back(folders, other))
        if isinstance(error, WriteRefused):
            raise type(error)(error.file, error.why, error.remedy, left) from None
        raise


def _written_back(folders: Folders, item: _Pending) -> bool:
    """Whether a file could get its old content back."""
    with suppress(WriteRefused):
        if item.is_new or item.new is None:
            with refusing(item.path):
                item.disappear() if item.is_new else item.reappear()
        else:
            _write(folders, [Change(item.path, item.new, item.old)])
        return True
    return False


class _Pending:
    """One file's new content, from its hidden name to its place.

    The texts stay where the changes are, which need not be in memory.
    """

    __slots__ = ("_changes", "_number", "folder", "is_new", "like", "name", "path", "rights", "temporary")

    def __init__(self, changes: Sequence[Change], number: int, folders: Folders) -> None:
        self._changes, self._number = changes, number
        change = changes[number]
        self.path, self.is_new = change.path, change.old is None
        find = folders.of_new if change.old is None else folders.of_file
        self.folder, self.name = find(change.path)
        like = change.path if change.old is not None else change.like
        self.like = folders.of_file(like) if like else None  # whose rights the new content gets
        self.rights = change.rights
        self.temporary = ""  # nothing of ours is there, or what is there is not ours to take away

    @property
    def old(self) -> bytes | None:
        """What stands there before."""
        return self._changes[self._number].old

    @property
    def new(self) -> bytes | None:
        """What is to stand there."""
        return self._changes[self._number].new

    def compare(self) -> None:
        """See that the file may be written, and that it is what was read.

        Raises:
            WriteRefused: it may not, or it is not.
        """
        if self.old is None:
            return
        with _opened(self.folder, self.name) as handle:
            status = os.fstat(handle)
            self._see_writable(status)
            self._see_size(status.st_size)  # of a larger file we see the beginning only
            if _content(handle) != self.old:
                raise _changed(self.path)

    def _see_writable(self, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            raise WriteRefused(self.path, "it is no plain file", "Edit it by hand.")
        if status.st_nlink - own_names(self.folder, status) > 1:
            why = "it has another name besides (a hard link), which would go on with the old text"
            raise WriteRefused(self.path, why, "Make it one file again, or edit it by hand.")
        if not status.st_mode & 0o222 or not os.access(self.name, os.W_OK, dir_fd=self.folder):
            raise PermissionError(errno.EACCES, "it is read-only")

    def _see_size(self, size: int) -> None:
        if size > LIMIT:
            why = f"it is larger than a note may be ({LIMIT // 2**20} MiB)"
            raise WriteRefused(self.path, why, "Split it into several notes.")

    def stage(self) -> int | None:
        """Write the new content under a hidden name in the same folder: a file that is open, to be made sure of.

        Raises:
            WriteRefused: the file is not to be written.
            OSError: the system refuses.
        """
        self.compare()
        new = self.new
        if new is None:
            return None
        self._see_size(len(new))
        mode = 0o600 if self.like or self.rights else 0o666  # a new file's rights are for the umask to say
        self.temporary, handle = _hidden(lambda name: os.open(name, _CREATE, mode, dir_fd=self.folder))
        try:
            left = memoryview(new)
            while left:
                left = left[os.write(handle, left) :]
            if self.like:
                with _opened(*self.like) as original:
                    self.rights = rights_of(original)
            if self.rights:
                give(handle, self.rights)
        except BaseException:
            os.close(handle)
            raise
        return handle

    def take_place(self) -> None:
        """Exchange the new content with the old in one step, and look at what came back.

        Raises:
            WriteRefused: somebody saved the file since it was compared; what was saved stands there.
            OSError: the system refuses; the old content stands there.
        """
        if self.old is None:
            self._appear()
            return
        if self.new is None:
            self._vanish(self.old)
            return
        temporary, self.temporary = self.temporary, ""  # from here on, somebody's own text may stand under that name
        try:
            exchanged = exchange(self.folder, temporary, self.name)
        except OSError:
            self.temporary = temporary
            raise
        if exchanged:
            self._look_at(temporary)
        else:
            self._replace(temporary)

    def _look_at(self, displaced: str) -> None:
        try:
            with _opened(self.folder, displaced) as handle:
                seen = _content(handle)
            if seen == self.old:
                os.fsync(self.folder)
        except BaseException:
            self._put_back(displaced)
            raise
        if seen != self.old:
            self._put_back(displaced)
            raise _changed(self.path)
        self.temporary = displaced

    def _put_back(self, displaced: str) -> None:
        """Give the file back what it held before the exchange; what is taken away is looked at, too.

        Where that is not our new content, somebody saved the file once more. The later save stays, and the one before
        it, which its editor wrote over, is kept under a hidden name.
        """
        with suppress(OSError):
            exchange(self.folder, displaced, self.name)
            with _opened(self.folder, displaced) as handle:
                if _content(handle) == self.new:
                    self.temporary = displaced
                    return
            exchange(self.folder, displaced, self.name)
        kept = displaced.replace(".tmp", ".kept")
        os.rename(displaced, kept, src_dir_fd=self.folder, dst_dir_fd=self.folder)
        why = f"it changed again and again in this moment; a text that stood there is kept beside it as {kept}"
        raise WriteRefused(self.path, why, "See that nothing of it is missing, then delete that file.")

    def _appear(self) -> None:
        try:
            name_anew(self.folder, self.temporary, self.name)
        except FileExistsError:
            raise WriteRefused(self.path, "it is there already", "Choose another name.") from None

    def disappear(self) -> None:
        """Take a new file away again; where somebody saved it since, it stays."""
        self.discard()  # where it has that name besides
        self._vanish(self.new)

    def _vanish(self, text: bytes | None) -> None:
        """Take the file's name away, look at what it was, and give it back where that is not the text."""
        hidden, both = _hidden(lambda name: name_anew(self.folder, self.name, name))
        try:
            with _opened(self.folder, hidden) as handle:
                same = _content(handle) == text
                if same and both:
                    self._drop_name(os.fstat(handle))
            if same and not self.is_new:
                os.fsync(self.folder)
        except BaseException:
            self._name_again(hidden)
            raise
        if not same:
            self._name_again(hidden)
            raise _changed(self.path)
        self.temporary = hidden

    def reappear(self) -> None:
        """Give a file back that went: it is the file itself, which still has a hidden name."""
        hidden, self.temporary = self.temporary, ""
        self._name_again(hidden)
        os.fsync(self.folder)

    def _name_again(self, hidden: str) -> None:
        """Give a file its name back; where somebody saved a new one under it, that stays, and this is kept."""
        try:
            both = name_anew(self.folder, hidden, self.name)
        except FileExistsError:
            if os.path.samestat(*(os.stat(name, dir_fd=self.folder) for name in (self.name, hidden))):
                os.unlink(hidden, dir_fd=self.folder)  # it has never lost it
                return
            kept = hidden.replace(".tmp", ".kept")
            os.rename(hidden, kept, src_dir_fd=self.folder, dst_dir_fd=self.folder)
            why = f"it changed in this moment; a text that stood there is kept beside it as {kept}"
            raise WriteRefused(self.path, why, "See that nothing of it is missing, then delete that file.") from None
        if both:
            os.unlink(hidden, dir_fd=self.folder)

    def _drop_name(self, read: os.stat_result) -> None:
        """Take the name away where a system cannot rename to a name that is free; the file has a hidden one besides."""
        if not os.path.samestat(read, os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)):
            raise _changed(self.path)
        os.unlink(self.name, dir_fd=self.folder)

    def _replace(self, temporary: str) -> None:
        """What systems without an exchange can do: compare once more, and replace."""
        self.temporary = temporary
        self.compare()
        os.replace(temporary, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)
        self.temporary = ""
        with suppress(OSError):  # after a power cut it is the old text or the new one, both of them whole
            os.fsync(self.folder)

    def discard(self) -> None:
        """Take away what is left under the hidden name, as far as the system lets us."""
        if self.temporary:
            with suppress(OSError):
                os.unlink(self.temporary, dir_fd=self.folder)


def _hidden(make: Callable[[str], T]) -> tuple[str, T]:
    """A hidden name that was free, and what was made under it: of a hundred thousand that are drawn two may be one."""
    while True:
        name = f".plaincrm-{secrets.token_hex(4)}.tmp"
        with suppress(FileExistsError):
            return name, make(name)


@contextmanager
def _opened(folder: int, name: str) -> Iterator[int]:
    handle = os.open(name, _READ, dir_fd=folder)
    try:
        yield handle
    finally:
        os.close(handle)


def _content(handle: int) -> bytes:
    """All bytes of a file, or as many more than a note may have as tell it from every note."""
    parts, left = [], LIMIT + 1
    while left > 0 and (part := os.read(handle, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _changed(path: str) -> FileChanged:
    return FileChanged(path, "somebody has saved it since it was read; their text stands there", "Try again.")
