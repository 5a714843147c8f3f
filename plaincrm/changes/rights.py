"""What a file has besides its content: owner, mode, extended attributes and access lists, seen and given to another."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple


class Rights(NamedTuple):
    """What was seen of one file. Attributes are by name; access lists are among them."""

    mode: int
    uid: int
    gid: int
    attributes: tuple[tuple[str, bytes], ...] = ()


def rights_of(file: int | Path) -> Rights:
    """The rights of a file, by its path or open, as far as the system tells them.

    Raises:
        OSError: the system should be able to and fails.
    """
    status = os.stat(file)  # noqa: PTH116 (or an open one)
    found: list[tuple[str, bytes]] = []
    if hasattr(os, "listxattr"):
        with _as_far_as_there_are():
            for name in sorted(os.listxattr(file)):
                with _as_far_as_there_are():
                    found.append((name, os.getxattr(file, name)))
    return Rights(status.st_mode & 0o7777, status.st_uid, status.st_gid, tuple(found))


def give(handle: int, rights: Rights) -> None:
    """Give an open file these rights and no others, as far as the system lets us.

    Raises:
        OSError: the system should be able to and fails.
    """
    with suppress(PermissionError):  # only root may give files away
        os.fchown(handle, rights.uid, rights.gid)
    os.fchmod(handle, rights.mode)
    if not hasattr(os, "listxattr"):
        return
    wanted = dict(rights.attributes)
    with _as_far_as_there_are():
        for name in set(os.listxattr(handle)) - wanted.keys():  # what the folder gives to new files
            with _as_far_as_there_are():
                os.removexattr(handle, name)
        for name, value in wanted.items():
            with _as_far_as_there_are():
                os.setxattr(handle, name, value)


@contextmanager
def _as_far_as_there_are() -> Iterator[None]:
    """Pass over attributes that the file system does not know or does not let us write."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.ENODATA, errno.EPERM, errno.EACCES, errno.EINVAL):
            raise
