"""Files made sure of on the disk, many at a time: a disk takes hardly longer for sixteen of them than for one."""

from __future__ import annotations

import os
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from plaincrm.changes.refusing import refusing

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor
    from types import TracebackType

_MANY = 32  # files from which on threads are worth their while
_AT_A_TIME = 16


class Syncing:
    """Takes open files, makes sure of each and closes it; at the end of the block all are on the disk."""

    def __init__(self, count: int) -> None:
        self._many = count >= _MANY
        self._waiting: deque[tuple[str, Future[None]]] = deque()
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Syncing:
        if self._many:
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 (for many files only)

            self._pool = ThreadPoolExecutor(_AT_A_TIME)
        return self

    def take(self, path: str, handle: int) -> None:
        """Make sure of one more file, of which `path` is told where that fails.

        Raises:
            WriteFailed: this one cannot be made sure of, or one before it.
        """
        if self._pool is None:
            with refusing(path):
                _sync(handle)
            return
        self._waiting.append((path, self._pool.submit(_sync, handle)))
        while len(self._waiting) > 4 * _AT_A_TIME:
            self._wait()

    def _wait(self) -> None:
        path, future = self._waiting.popleft()
        with refusing(path):
            future.result()

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        try:
            while self._waiting and kind is None:
                self._wait()
        finally:
            while self._waiting:  # another one has failed: these are waited for, so that nobody writes any more
                with suppress(Exception):
                    self._wait()
            if self._pool:
                self._pool.shutdown()


def _sync(handle: int) -> None:
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
