import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from plaincrm.index import reading
from plaincrm.index.index import open_index
from plaincrm.index.sync import Change
from plaincrm.vault.files import Entry
from tests.index.conftest import Notes, state

COUNT = 400  # more than one process reads alone


@pytest.fixture
def many(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> Notes:
    for number in range(COUNT):
        notes.write(f"c{number}", f"---\nname: Customer {number}\n---\n\nSähköasennus {number}.\n")
    monkeypatch.setattr(reading, "_cores", lambda: 3)
    monkeypatch.setattr(reading, "CHUNK", 20)
    return notes


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many processes were asked for, each time that any were."""
    asked: list[int] = []
    really = reading._read_in_parallel

    def counted(chunks: list, schema: object, files: object, workers: int) -> object:
        asked.append(workers)
        return really(chunks, schema, files, workers)

    monkeypatch.setattr(reading, "_read_in_parallel", counted)
    return asked


def serial(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> dict:
    with monkeypatch.context() as patch:
        patch.setattr(reading, "_cores", lambda: 1)
        return state(notes, cache=False)


def test_several_processes_give_the_rows_of_one(many, forks, monkeypatch):
    right = serial(many, monkeypatch)
    assert forks == []
    assert state(many, cache=False) == right
    assert forks == [3]
    assert multiprocessing.active_children() == []
    assert len(right["customers"]) == COUNT


def test_few_files_are_read_by_this_process(many, forks):
    for number in range(reading.FEW - 1, COUNT):
        (many.root / f"customers/c{number}.md").unlink()
    assert len(state(many)["customers"]) == reading.FEW - 1
    assert forks == []


def test_progress_counts_every_file(many):
    seen: list[tuple[int, int]] = []
    open_index(many.vault, cache=False, progress=lambda done, total: seen.append((done, total))).close()
    assert seen == [(done, COUNT) for done in range(20, COUNT + 1, 20)]


def in_a_worker() -> bool:
    return multiprocessing.parent_process() is not None


@pytest.mark.parametrize("end", ["exit", "kill", "error"])
def test_a_process_that_dies_loses_no_answer(many, monkeypatch, end):
    right = serial(many, monkeypatch)
    really = reading.read_file

    def dying(file: int, *rest: object) -> object:
        if file == 150 and in_a_worker():
            if end == "error":
                raise MemoryError
            os.kill(os.getpid(), signal.SIGKILL) if end == "kill" else os._exit(9)
        return really(file, *rest)

    monkeypatch.setattr(reading, "read_file", dying)
    assert state(many) == right
    assert multiprocessing.active_children() == []


def test_an_error_of_ours_is_told_and_not_lost_in_a_process(many, monkeypatch):
    really = reading.read_file

    def broken(file: int, *rest: object) -> object:
        if file == 150:
            raise LookupError("a bug")
        return really(file, *rest)

    monkeypatch.setattr(reading, "read_file", broken)
    with pytest.raises(LookupError, match="a bug"):
        state(many)


def test_no_processes_can_be_started(many, monkeypatch):
    right = serial(many, monkeypatch)
    started = 0
    really = os.fork

    def fork() -> int:
        nonlocal started
        started += 1
        if started > 1:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return really()

    monkeypatch.setattr(os, "fork", fork)
    assert state(many) == right
    assert started == 2
    assert multiprocessing.active_children() == []


def test_beside_other_threads_nothing_is_forked(many, forks):
    """A copy of a process holds the locks of threads that it does not have."""
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        state(many)
    finally:
        done.set()
        thread.join()
    assert forks == []


def test_a_daemon_of_a_users_own_may_ask(many, monkeypatch):
    """Pools of processes run such daemons, which are not allowed to have children."""
    right = len(serial(many, monkeypatch)["customers"])
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def answer() -> None:
        theirs.send(len(state(many)["customers"]))

    process = context.Process(target=answer, daemon=True)
    process.start()
    assert ours.poll(20)
    assert ours.recv() == right
    process.join()


def test_only_a_few_chunks_wait(many, monkeypatch):
    """What is read ahead of a slow writer is bounded: a process waits with the chunk that its pipe cannot hold."""
    read = multiprocessing.get_context("fork").Value("i", 0)
    big = "x" * 2_000_000  # more than a pipe holds

    def one(*_arguments: object) -> object:
        with read:
            read.value += 1
        return big, None

    monkeypatch.setattr(reading, "read_file", one)
    changes = [Change(number, "", "", "", Entry("", 0, 0, 0, 0, 0)) for number in range(COUNT)]
    chunks = reading.read_changes(changes, many.vault.config.schema, many.vault.files)
    next(chunks)
    time.sleep(0.5)
    assert read.value <= 20 * (1 + 3 * 2)
    chunks.close()
    assert multiprocessing.active_children() == []


def test_an_interrupt_leaves_no_process_and_a_usable_state(many):
    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_index(many.vault, progress=interrupt)
    assert multiprocessing.active_children() == []
    with many.open() as index:
        assert index.notice == ""
        assert index.rows("select count(*) from customers") == [(COUNT,)]


def children(process: int) -> list[int]:
    with open(f"/proc/{process}/task/{process}/children") as stream:  # noqa: PTH123
        return [int(child) for child in stream.read().split()]


def is_alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as stream:  # noqa: PTH123
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


SLOWLY = """
import sys, time
from pathlib import Path
from plaincrm.index import reading
from plaincrm.index.index import open_index
from plaincrm.vault.vault import load_vault
reading._cores, reading.CHUNK, really = lambda: 3, 20, reading.read_file
def slow(*arguments):
    time.sleep(0.005)
    return really(*arguments)
reading.read_file = slow
open_index(load_vault(Path(sys.argv[1])))
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="children are listed by Linux")  # noqa: PTH110
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_reading_process_outlives_the_one_that_asked(many, sign):
    process = subprocess.Popen([sys.executable, "-c", SLOWLY, str(many.root)], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 10
    while len(readers := children(process.pid)) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(readers) == 3
    process.send_signal(sign)
    process.wait(10)
    until = time.monotonic() + 5
    while any(map(is_alive, readers)) and time.monotonic() < until:
        time.sleep(0.01)
    assert not any(map(is_alive, readers))
    assert state(many) == state(many, cache=False)
