"""What runs that were killed leave in a folder: hidden names of ours, which are taken away."""

from __future__ import annotations

import os
import re
from contextlib import suppress

from plaincrm.changes.place import names_in

TEMPORARY = re.compile(r"\.plaincrm-[0-9a-f]{8}\.tmp")
_LEFT_BEHIND = 3600  # seconds after which a temporary file belongs to no run that is still at work


def own_names(folder: int, status: os.stat_result) -> int:
    """Take away the hidden names of ours that a file has in its folder: a run that made it was killed. How many."""
    if status.st_nlink == 1:
        return 0
    ours = [name for name in names_in(folder) if TEMPORARY.fullmatch(name)]
    same = [name for name in ours if os.path.samestat(status, os.stat(name, dir_fd=folder, follow_symlinks=False))]
    for name in same:
        os.unlink(name, dir_fd=folder)
    return len(same)


def clean(folder: int) -> None:
    """Take away what runs that were killed have left in a folder; the folder's own clock tells how old it is."""
    with suppress(OSError):
        names = [name for name in names_in(folder) if TEMPORARY.fullmatch(name)]
        now = max(os.fstat(folder).st_mtime, os.fstat(folder).st_ctime)
        for name in names:
            seen = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if max(seen.st_mtime, seen.st_ctime) < now - _LEFT_BEHIND:
                os.unlink(name, dir_fd=folder)
