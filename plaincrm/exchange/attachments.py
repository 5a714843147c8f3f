"""The files of mails saved: each under a safe name with its day, in one folder, and never over another file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from itertools import count
from pathlib import Path

from plaincrm.errors import UsageError
from plaincrm.exchange.mail import Attachment


def save(folder: Path, found: Iterable[tuple[date, Attachment]]) -> list[Path]:
    """Save attachments as `2026-11-02-measures.pdf`; one that lies there with the same content is left as it is.

    Raises:
        UsageError: the folder is none, or the system refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_saved(folder, f"{day}-{one.name}", one.data) for day, one in found]
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError(f"Attachments cannot be saved in {folder}: {why}.", "Name another folder.") from None


def _saved(folder: Path, name: str, data: bytes) -> Path:
    """The file that has the content now: the first of its names that is free, or has it already."""
    stem, dot, ending = name.rpartition(".")
    for number in count(1):
        path = folder / (name if number == 1 else f"{stem}-{number}{dot}{ending}")
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            if path.is_file() and not path.is_symlink() and path.read_bytes() == data:
                return path
            continue
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        return path
    raise AssertionError("there is always another number")
