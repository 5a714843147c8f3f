"""What the system refuses, said as a refusal of ours: which file it was, why, and what to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from plaincrm.errors import WriteFailed

_REMEDIES = (
    ((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "Make room on the disk, then try again."),
    ((errno.EACCES, errno.EPERM), "See to its rights, and to those of its folder."),
    ((errno.EROFS,), "The disk can only be read: see how it is mounted."),
)


@contextmanager
def refusing(path: str) -> Iterator[None]:
    """Say which file it was that the system refused."""
    try:
        yield
    except OSError as error:
        remedy = next((words for numbers, words in _REMEDIES if error.errno in numbers), "See to the disk.")
        why = os.strerror(error.errno) if error.errno else "the system gave no reason"
        raise WriteFailed(path, why[0].lower() + why[1:], remedy) from None
