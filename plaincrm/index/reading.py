"""Reading files into rows, in this process or in several: many notes are parsed on all cores."""

from __future__ import annotations

import fcntl
import gc
import marshal
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from plaincrm.index.rows import read_file, rows_of_all
from plaincrm.index.sync import Change, Result
from plaincrm.index.tables import Rows
from plaincrm.records.schema import Schema
from plaincrm.vault.files import Files

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

FEW = 300  # files that one process reads as fast as several
CHUNK = 150
ROOM = 2**20  # bytes of a pipe, the most that Linux gives anybody; a usual chunk has three quarters of it
ENOUGH = 2**19  # bytes of notes that are taken apart together

Found = tuple[Change, str, bytes | Rows | None]  # a file, its blob id and what it holds


def read_changes(changes: list[Change], schema: Schema, files: Files) -> Generator[tuple[list[Change], list[Result]]]:
    """The files and what they give, chunk by chunk and in order.

    Many files are read by several processes. One that dies (killed for its memory, say) or cannot be started costs
    time and no answer: what is left is then read here.
    """
    left = deque(changes[at : at + CHUNK] for at in range(0, len(changes), CHUNK))
    workers = min(_cores(), len(left))
    with _no_collector():
        if len(changes) >= FEW and workers > 1 and _may_fork():
            with suppress(EOFError, OSError):
                for results in _read_in_parallel(list(left), schema, files, workers):
                    yield left.popleft(), results
        with files.reading() as read:
            while left:
                chunk = left.popleft()
                yield chunk, read_chunk(chunk, schema, read)


@contextmanager
def _no_collector() -> Iterator[None]:
    """A chunk's values hold no cycles, and looking for some takes a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_chunk(changes: list[Change], schema: Schema, read: Callable[[str], bytes]) -> list[Result]:
    """The blob id and rows of each file."""
    results: list[Result] = []
    for found in _some_at_a_time(changes, read):
        notes = [(change.file, change.path, held) for change, _blob, held in found if isinstance(held, bytes)]
        rows = iter(rows_of_all(notes, schema))
        results += [(blob, next(rows) if isinstance(held, bytes) else held) for _change, blob, held in found]
    return results


def _some_at_a_time(changes: list[Change], read: Callable[[str], bytes]) -> Iterator[list[Found]]:
    """What the files hold, up to some size: large notes are not all in memory at once."""
    found: list[Found] = []
    size = 0
    for change in changes:
        blob, held = read_file(change.file, change.disk_path, change.path, change.blob, read)
        found.append((change, blob, held))
        size += len(held) if isinstance(held, bytes) else 0
        if size > ENOUGH:
            yield found
            found, size = [], 0
    yield found


def _cores() -> int:
    """How many cores this process may use, which can be fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _may_fork() -> bool:
    """Whether a copy of this process would be sound (no threads), and whether it is allowed to have any."""
    import multiprocessing  # noqa: PLC0415 (for many files only)

    return hasattr(os, "fork") and threading.active_count() == 1 and not multiprocessing.current_process().daemon


def _read_in_parallel(chunks: list[list[Change]], schema: Schema, files: Files, workers: int) -> Iterator[list[Result]]:
    """Each process reads every so-manyth chunk and hands it over by a pipe of its own.

    A process that is ahead waits at its full pipe, so only as many chunks as there are processes are in memory. When
    this process dies, the pipes break and the others end at their next chunk.
    """
    import multiprocessing  # noqa: PLC0415 (for many files only)

    context = multiprocessing.get_context("fork")
    pipes: list[Connection] = []
    processes = []
    try:
        for at in range(workers):
            ours, theirs = context.Pipe(duplex=False)
            _widen(ours)
            pipes.append(ours)
            process = context.Process(
                target=_hand_over, args=(chunks[at::workers], schema, files, theirs, pipes), daemon=True
            )
            process.start()
            processes.append(process)
            theirs.close()
        for at in range(len(chunks)):
            yield marshal.loads(pipes[at % workers].recv_bytes())  # rows are plain values: half the time of pickle
    finally:
        for pipe in pipes:
            pipe.close()
        for process in processes:
            process.kill()
            process.join()


def _widen(pipe: Connection) -> None:
    """Room for a chunk in a pipe, as far as the system gives it, so that nobody waits while this process writes."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, ROOM)


def _hand_over(
    chunks: list[list[Change]], schema: Schema, files: Files, pipe: Connection, others: list[Connection]
) -> None:
    """What a reading process does. The keyboard's interrupt is for the process that asked.

    It keeps quiet about faults of its own: a pipe that ends early has the asking process read for itself.
    """
    import signal  # noqa: PLC0415 (in a process of its own only)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for inherited in others:
        inherited.close()
    with suppress(Exception), files.reading() as read:
        for chunk in chunks:
            pipe.send_bytes(marshal.dumps(read_chunk(chunk, schema, read)))
