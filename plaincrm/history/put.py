"""A file of git's put in its place: whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def put(file: Path, data: bytes, mode: int = 0o644) -> None:
    """Let bytes be the content of a file, in one step; one that is there keeps its rights.

    Raises:
        OSError: the system refuses; the file is as it was.
    """
    exchange(written_beside(file, data, mode), file)


def written_beside(file: Path, data: bytes, mode: int = 0o644) -> Path:
    """Bytes on disk beside a file, with its rights, under a name that no vault takes for a note."""
    new = file.absolute().with_name(f".merge_file_{os.getpid()}.tmp")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(handle, file.stat().st_mode & 0o777 if file.exists() else mode)
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)
    return new


def exchange(new: Path, file: Path) -> None:
    """Let a file take the place of another one in one step, so that whoever opens the name finds one of them whole.

    Raises:
        OSError: the system refuses; the new file is gone again.
    """
    try:
        new.replace(file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    folder = os.open(file.absolute().parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
