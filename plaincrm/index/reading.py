"""Reading files into rows, in this process or in several: many notes are parsed on all cores."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor

from plaincrm.index.rows import read_file
from plaincrm.index.sync import Change
from plaincrm.index.tables import Rows
from plaincrm.records.schema import Schema

Result = tuple[Change, str, Rows | None]

_schema: Schema | None = None  # of a reading process


def read_chunk(changes: list[Change], schema: Schema) -> list[Result]:
    """The blob id and rows of each file."""
    return [(change, *read_file(change.file, change.disk_path, change.path, change.blob, schema)) for change in changes]


def read_in_parallel(chunks: list[list[Change]], schema: Schema, workers: int) -> Iterator[list[Result]]:
    """The same by several processes, in order; only a few chunks wait at a time, so that memory stays bounded."""
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, context, _start_reading, (schema,)) as pool:
        waiting: deque[Future[list[Result]]] = deque()
        for chunk in chunks:
            waiting.append(pool.submit(_read_chunk, chunk))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _start_reading(schema: Schema) -> None:
    """What a reading process does first; the keyboard's interrupt is for the process that asked."""
    global _schema  # noqa: PLW0603 (one value a process, set once)
    _schema = schema
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _read_chunk(changes: list[Change]) -> list[Result]:
    assert _schema is not None
    return read_chunk(changes, _schema)
