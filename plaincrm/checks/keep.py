"""Keeps the baseline in the vault: whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from plaincrm.checks.baseline import NAME
from plaincrm.errors import UsageError


def keep_baseline(root: Path, text: str) -> None:
    """Write the baseline of a vault anew.

    Raises:
        UsageError: the system refuses; the old one stands as it was.
    """
    beside = root / f".{NAME}.{os.getpid()}.tmp"
    try:
        with beside.open("xb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(root / NAME)
        folder = os.open(root, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        if not isinstance(error, FileExistsError):  # which would be somebody else's
            with suppress(OSError):
                beside.unlink()
        raise UsageError(f"{NAME} cannot be written: {error.strerror}.", f"See to the rights of {root}.") from None
