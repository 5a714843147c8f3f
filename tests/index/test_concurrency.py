import multiprocessing
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import plaincrm
from tests.index.conftest import state

CONTEXT = multiprocessing.get_context("fork")


def note(name: str, number: int) -> str:
    return f"---\nname: {name}\nsize: {number}\n---\n\n## Log\n\n### 2026-11-01 call\n\nversion{number}\n"


def in_processes(count: int, task: object, *arguments: object) -> list[object]:
    """What so many processes, started together, give for a task."""
    start = CONTEXT.Event()
    pipes = []

    def run(number: int, pipe: object) -> None:
        start.wait()
        try:
            pipe.send(task(number, *arguments))
        except BaseException as error:
            pipe.send(repr(error))
            raise

    for number in range(count):
        ours, theirs = CONTEXT.Pipe(duplex=False)
        process = CONTEXT.Process(target=run, args=(number, theirs))
        process.start()
        pipes.append((process, ours))
    start.set()
    found = []
    for process, pipe in pipes:
        assert pipe.poll(60)
        found.append(pipe.recv())
        process.join()
    return found


def answers(_number: int, root: Path) -> object:
    vault = plaincrm.open_vault(root)
    files = vault.sql("select file, path, mtime_ns, size, blob from files order by path").rows  # `fresh` ends with time
    found = vault.list(), vault.search("version1"), vault.check(), files
    return found, vault.notices


def test_eight_processes_build_and_ask_a_new_vault_at_once(notes):
    for number in range(60):
        notes.write(f"customers/f{number % 5}/c{number}.md", note(f"Customer {number}", number))
    first, *others = in_processes(8, answers, notes.root)
    assert others == [first] * 7
    assert len(first[0][0].customers) == 60
    assert first[1] == []


def ask_again_and_again(root: Path, until: float) -> tuple[int, list[str]]:
    """Look at one note in one table after another, as a report does."""
    vault = plaincrm.open_vault(root)
    asked = 0
    while time.monotonic() < until:
        vault._ask(consistent)
        asked += 1
    return asked, vault.notices


def consistent(index: object) -> None:
    by_file = index.rows("select file, value from fields where field = 'size' order by 1")
    time.sleep(0.001)
    for file, value in by_file:
        text = index.rows("select text from notes where file = ?", [file])[0][0]
        assert f"version{value}\n" in text
        assert index.rows("select rowid from words where words match ? and rowid = ?", [f"version{value}", file])


def test_readers_see_a_consistent_state_while_a_writer_writes(notes):
    for number in range(20):
        notes.write(f"c{number}", note(f"C{number}", 0))
    until = time.monotonic() + 2

    def write_or_read(number: int) -> object:
        if number:
            return ask_again_and_again(notes.root, until)
        chance = random.Random(3)
        count = 0
        while time.monotonic() < until:
            count += 1
            which = chance.randrange(20)
            path = notes.root / f"customers/c{which}.md"
            new = path.with_suffix(".tmp")
            new.write_text(note(f"C{which}", count))
            new.replace(path)
            time.sleep(0.005)
        return count, []

    found = in_processes(5, write_or_read)
    assert all(isinstance(answer, tuple) and answer[0] >= 1 and answer[1] == [] for answer in found), found
    assert state(notes) == state(notes, cache=False)


BUILD = "import sys, plaincrm; plaincrm.open_vault(sys.argv[1]).list()"


def test_a_build_that_is_killed_at_any_moment_leaves_right_answers(notes):
    for number in range(300):
        notes.write(f"c{number}", note(f"Customer {number}", number))
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", BUILD, str(notes.root)], check=True)
    whole = time.monotonic() - started
    chance = random.Random(5)
    killed = 0
    for kill in range(20):
        if kill % 2:
            notes.index_path.unlink(missing_ok=True)  # from nothing, else one note more
        notes.write("c7", note("Changed", kill))
        process = subprocess.Popen([sys.executable, "-c", BUILD, str(notes.root)], stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.2, 1) * whole)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        if kill % 5 == 4:
            assert state(notes) == state(notes, cache=False)
    assert killed > 5
    vault = plaincrm.open_vault(notes.root)
    assert vault.list().total == 300
    assert vault.notices == []
