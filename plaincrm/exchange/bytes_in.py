"""Files of other programs opened: regular ones, and not larger than such files are."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from plaincrm.errors import UsageError

LIMIT = 1024 * 1024 * 1024  # bytes; a million customers with all their columns are about half of it
_START = 64 * 1024


def opened(path: Path) -> BinaryIO:
    """A file to be read; a pipe or a device called like one cannot hold the program up.

    Raises:
        UsageError: there is none, it is no plain file, too large, or the system refuses.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else "") or "the name is none"
        raise UsageError(f"{path} cannot be read: {why.lower()}.", "Name a file that is there.") from None
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or status.st_size > LIMIT:
        os.close(handle)
        why = "is no plain file" if not stat.S_ISREG(status.st_mode) else f"is larger than {LIMIT // 2**20} MiB"
        raise UsageError(f"{path} {why}.", "Name the file that was exported; split it where it is too large.")
    return os.fdopen(handle, "rb")


def size_of(path: Path) -> int:
    """How many bytes a file has."""
    with opened(path) as file:
        return os.fstat(file.fileno()).st_size


def start_of(path: Path) -> bytes:
    """The first 64 KiB of a file."""
    with opened(path) as file:
        return file.read(_START)
