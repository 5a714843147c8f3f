"""What a safe write needs of the system and Python does not give: a lock on a folder, an exchange of two names."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from plaincrm.errors import WriteFailed

PATIENCE = 20.0  # seconds for other processes of ours that write into the vault
_PAUSE = 0.002  # seconds between two looks at the lock: a write takes some

_NOREPLACE, _EXCHANGE = 1, 2  # flags of renameat2
_CANNOT = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)  # the file system, or the system, has no such thing


@contextmanager
def locked(root: Path, file: str) -> Iterator[None]:
    """Keep other processes of ours from writing into the vault; `file` is what a refusal names.

    The lock is on the vault's own folder, so it needs no file and cannot be left behind. Where the file system knows
    none (some network disks), the exchange and the look at what came back have to do alone.

    Raises:
        WriteFailed: another process held it for too long.
    """
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _lock(handle):
            if time.monotonic() > deadline:
                why = f"another plaincrm has been writing into the vault for {PATIENCE:.0f} seconds"
                raise WriteFailed(file, why, "Wait until it is done, or end it; then try again.")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


Rename = Callable[[int, bytes, int, bytes, int], int]


@cache
def _renameat2() -> Rename | None:
    """Linux's own call; None on other systems."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    found: Rename = call
    return found


def _rename(folder: int, name: str, other: str, flag: int) -> bool:
    """One call of renameat2; False where the system or the file system cannot do it.

    Raises:
        OSError: it can, and did not.
    """
    call = _renameat2()
    if call is None:
        return False
    if call(folder, os.fsencode(name), folder, os.fsencode(other), flag) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), name)


def exchange(folder: int, name: str, other: str) -> bool:
    """Let two files of a folder change names in one step; False where that cannot be had.

    Raises:
        OSError: one of them is gone, or the system refuses.
    """
    return _rename(folder, name, other, _EXCHANGE)


def name_anew(folder: int, name: str, new: str) -> bool:
    """Give a file a name that is not taken; True where it keeps the old one besides, as on some systems.

    Raises:
        FileExistsError: the name is taken.
        OSError: the system refuses.
    """
    if _rename(folder, name, new, _NOREPLACE):
        return False
    os.link(name, new, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    return True
