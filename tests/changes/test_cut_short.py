"""A command over several files that is killed or fails at any point leaves all of them old or all new, in the end."""

from __future__ import annotations

import errno
import fcntl
import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from plaincrm.changes import system
from plaincrm.changes import write as writing
from plaincrm.changes.carry_out import carry_out
from plaincrm.changes.draft import Step
from plaincrm.changes.journal import Journal
from plaincrm.changes.leftovers import TEMPORARY
from plaincrm.changes.plan import Change
from plaincrm.changes.write import Reader
from plaincrm.errors import PlaincrmError, WriteRefused
from tests.changes.test_faults import ASKED, Call, can_trace, points_of, through
from tests.changes.writing import NEW, OLD, in_child, leftovers, make, save
from tests.index.test_concurrency import in_processes
from tests.making import vault_of

# One note is changed, one is made, one goes, as when a customer is renamed and another one's link is mended.
STEPS = (
    Step(Change("customers/a.md", OLD, NEW), ("a link mended",)),
    Step(Change("customers/b.md", None, NEW), ("renamed from c",)),
    Step(Change("customers/c.md", OLD, None), ("renamed to b",)),
)
BEFORE = {"a.md": OLD, "c.md": OLD}
AFTER = {"a.md": NEW, "b.md": NEW}
WHAT = "a link mended; renamed from c; renamed to b"
EVERY = [*ASKED, (os, "rename"), (os, "listdir"), (fcntl, "flock")]
NUMBERS = [errno.EIO, errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT]


@pytest.fixture(params=["exchange", "link and replace"])
def _how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the exchange of Linux, and as other systems have to do without it."""
    if request.param != "exchange":
        monkeypatch.setattr(system, "_renameat2", lambda: None)


def begin(root: Path) -> None:
    """The state before the command, and an empty journal."""
    for folder in (root / "customers", Journal(root).folder.parent):
        shutil.rmtree(folder, ignore_errors=True)
    for name, data in BEFORE.items():
        make(root, name, data)


def notes(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "customers").glob("*.md")}


def command(root: Path) -> None:
    carry_out(root, lambda _read: STEPS)


def next_command(root: Path) -> list[str]:
    """What the next command says of those before it; it has nothing to write itself."""
    return list(carry_out(root, lambda _read: ()).notices)


def assert_whole(root: Path) -> bool:
    """Whether the command is done, after the next one: all files are old or new, and the journal knows it."""
    now = notes(root)
    assert now in (BEFORE, AFTER)
    done = now == AFTER
    journal = Journal(root)
    assert [entry.steps for entry in journal.entries()] == ([STEPS] if done else [])
    assert list(journal.cut_short()) == []
    return done


def calls(root: Path) -> list[str]:
    """What the command asks of the system, one after the other."""
    begin(root)
    seen: list[str] = []

    def noted(name: str, ask: Callable[[], Any]) -> Any:
        seen.append(name)
        return ask()

    with through(noted, EVERY):
        command(root)
    assert notes(root) == AFTER
    return seen


def at(point: int, fault: Callable[[], None]) -> Call:
    """Something that happens instead of one call."""
    left = [point]

    def call(_name: str, ask: Callable[[], Any]) -> Any:
        left[0] -= 1
        if left[0] == -1:
            fault()
        return ask()

    return call


@pytest.mark.usefixtures("_how")
def test_killed_before_any_call_the_next_command_finds_all_old_or_all_new(tmp_path: Path) -> None:
    points = len(calls(tmp_path))
    assert points > 80
    outcomes = set()
    for point in range(points):
        begin(tmp_path)

        def task(point: int = point) -> None:
            with through(at(point, lambda: os._exit(9)), EVERY):
                command(tmp_path)

        assert in_child(task) == 9
        left = notes(tmp_path)
        assert all(data in (OLD, NEW) for data in left.values())
        told = next_command(tmp_path)
        done = assert_whole(tmp_path)
        assert done == (left == AFTER)
        half = left not in (BEFORE, AFTER)
        assert [notice.partition(" in customers")[0] for notice in told] == (
            [f"A command had been cut short ({WHAT}); it was taken back"] if half else []
        )
        assert all(TEMPORARY.fullmatch(name) for name in leftovers(tmp_path))
        outcomes.add((done, half))
    assert outcomes == {(True, False), (False, True), (False, False)}


@pytest.mark.usefixtures("_how")
@pytest.mark.parametrize("shift", [0, 2])
def test_an_error_at_any_call_leaves_all_old_or_all_new(shift: int, tmp_path: Path) -> None:
    """Another one at each; `benchmarks/crash.py --all` has all of them at all."""
    asked = calls(tmp_path)
    assert len(asked) > 80
    refused = 0
    for point, name in enumerate(asked):
        number = NUMBERS[(point + shift) % len(NUMBERS)]
        if name == "close":  # it closes whatever it says
            continue
        begin(tmp_path)

        def failing(number: int = number) -> None:
            raise OSError(number, os.strerror(number))

        stays: tuple[str, ...] | None = None  # what a refusal says is written
        with through(at(point, failing), EVERY):
            try:
                command(tmp_path)
            except PlaincrmError as refusal:
                stays = refusal.written if isinstance(refusal, WriteRefused) else ()
        written = stays is None
        refused += not written
        assert stays in (None, ()), (point, name)
        assert notes(tmp_path) == (AFTER if written else BEFORE), (point, name)
        assert next_command(tmp_path) == []
        assert assert_whole(tmp_path) == written
    assert refused > 30


COMMAND = """
import sys
from pathlib import Path
from plaincrm.changes.carry_out import carry_out
from plaincrm.changes.draft import Step
from plaincrm.changes.plan import Change
old, new = Path(sys.argv[2]).read_bytes(), Path(sys.argv[3]).read_bytes()
texts = {"a": (old, new), "b": (None, new), "c": (old, None)}
whats = {"a": "a link mended", "b": "renamed from c", "c": "renamed to b"}
steps = [Step(Change(f"customers/{name}.md", *texts[name]), (whats[name],)) for name in "abc"]
carry_out(Path(sys.argv[1]), lambda _read: steps)
"""
CALLS = "openat,write,fsync,rename,renameat2,unlink,unlinkat,fchmod,flock,mkdir"


@pytest.mark.skipif(bool(can_trace()), reason=can_trace() or "it can")
@pytest.mark.parametrize("how", ["killed", "fails"])
def test_a_command_that_is_killed_or_fails_at_any_system_call(how: str, tmp_path: Path) -> None:
    """The same with a third of the system's own calls, from the first hidden file to the last."""
    old, new, log = (tmp_path / name for name in ("old", "new", "log"))
    old.write_bytes(OLD)
    new.write_bytes(NEW)
    words = [sys.executable, "-I", "-S", "-B", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{COMMAND}"]
    words += [str(tmp_path), str(old), str(new)]

    def run(*inject: str) -> int:
        begin(tmp_path)
        traced = ["strace", "-f", "-o", str(log), f"-etrace={CALLS}", *inject, *words]
        return subprocess.run(traced, check=False, capture_output=True).returncode

    assert run() == 0
    assert notes(tmp_path) == AFTER
    lines = log.read_text().splitlines()
    last = max(number for number, line in enumerate(lines) if ".plaincrm-" in line)
    points = points_of(lines[: last + 1])
    assert len(points) > 30
    outcomes = set()
    for point, (call, when) in list(enumerate(points))[how == "fails" :: 3]:
        error = errno.errorcode[NUMBERS[point % len(NUMBERS)]]
        code = run(f"-einject={call}:{'signal=SIGKILL' if how == 'killed' else f'error={error}'}:when={when}")
        left = notes(tmp_path)
        assert all(data in (OLD, NEW) for data in left.values()), (call, when)
        if how == "fails":
            assert left == (BEFORE if code else AFTER), (call, when)
        told = next_command(tmp_path)
        assert bool(told) == (left not in (BEFORE, AFTER))
        assert assert_whole(tmp_path) == (left == AFTER)
        outcomes.add((bool(told), left == AFTER))
    assert outcomes == {(False, False), (False, True), *([(True, False)] if how == "killed" else [])}


def test_a_file_that_was_saved_since_a_command_was_cut_short_stays(tmp_path: Path) -> None:
    begin(tmp_path)
    cut_short(tmp_path, after=2)
    assert notes(tmp_path) == {**BEFORE, **AFTER}
    save(tmp_path / "customers/a.md", NEW + b"saved since\n")
    assert next_command(tmp_path) == [
        f"A command had been cut short ({WHAT}); it was taken back in customers/b.md.",
        f"customers/a.md was saved since a command was cut short ({WHAT}), and stays as it is: "
        "plaincrm undo 1 shows what differs.",
    ]
    assert notes(tmp_path) == {"a.md": NEW + b"saved since\n", "c.md": OLD}
    assert next_command(tmp_path) == []
    assert [entry.steps for entry in Journal(tmp_path).entries()] == [STEPS]  # its texts are not lost


def cut_short(root: Path, after: int) -> None:
    """A command that is killed when some of its files are written."""

    def task() -> None:
        taken, take_place = [], writing._Pending.take_place

        def killed(self: writing._Pending) -> None:
            if len(taken) == after:
                os._exit(9)
            take_place(self)
            taken.append(self)

        writing._Pending.take_place = killed  # type: ignore[method-assign] (in a process of its own)
        command(root)

    assert in_child(task) == 9


def test_who_interrupts_a_command_has_all_as_it_was(tmp_path: Path) -> None:
    """Ctrl-C between two files."""
    begin(tmp_path)

    def interrupted(name: str, ask: Callable[[], Any]) -> Any:
        if name == "name_anew":  # the second file is to appear
            raise KeyboardInterrupt
        return ask()

    with through(interrupted, EVERY), pytest.raises(KeyboardInterrupt):
        command(tmp_path)
    assert notes(tmp_path) == BEFORE
    assert next_command(tmp_path) == []
    assert assert_whole(tmp_path) is False


def test_undo_after_a_command_was_cut_short_takes_back_that_one_only(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"d.md": "---\nname: Dea\n---\n"})
    vault.change_each(["customers/d.md"], lambda change: change.set(next="2027-01-05"))
    for name, data in BEFORE.items():
        make(tmp_path, name, data)
    cut_short(tmp_path, after=1)
    report = vault.undo()
    assert report.files == ()
    assert report.notices == (f"A command had been cut short ({WHAT}); it was taken back in customers/a.md.",)
    assert b"2027-01-05" in (tmp_path / "customers/d.md").read_bytes()


def test_what_cannot_be_taken_back_holds_up_the_next_command_which_says_why(tmp_path: Path) -> None:
    begin(tmp_path)
    cut_short(tmp_path, after=1)
    path = tmp_path / "customers/a.md"
    path.chmod(0o444)
    why = "a command that was cut short has to be taken back first, and permission denied"
    for _attempt in range(2):
        with pytest.raises(WriteRefused, match=rf"customers/a\.md was not written: {why}"):
            next_command(tmp_path)
    path.chmod(0o644)
    assert len(next_command(tmp_path)) == 1
    assert notes(tmp_path) == BEFORE


def test_a_command_that_is_at_work_is_not_taken_for_one_that_was_cut_short(tmp_path: Path) -> None:
    begin(tmp_path)
    journal = Journal(tmp_path)
    with journal.record(STEPS):
        assert in_processes(1, lambda _number: list(Journal(tmp_path).cut_short())) == [[]]
    assert list(journal.cut_short()) == []


def test_eight_processes_that_change_one_note_lose_nothing_and_all_is_in_the_journal(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"acme.md": "---\nname: Acme\n---\n"})

    def task(number: int) -> None:
        for count in range(15):
            with vault.change("acme") as change:
                change.add("tags", f"t{number}-{count}")

    assert in_processes(8, task) == [None] * 8
    tags = vault.customer("acme").tags
    assert sorted(tags) == sorted(f"t{number}-{count}" for number in range(8) for count in range(15))
    entries = list(Journal(tmp_path).entries())
    assert [entry.number for entry in entries] == list(range(120, 0, -1))
    for later, earlier in itertools.pairwise(entries):
        assert later.steps[0].change.old == earlier.steps[0].change.new


def test_an_editor_that_saves_blindly_loses_nothing_to_us_and_ours_is_in_the_journal(tmp_path: Path) -> None:
    """It knows no lock and looks at nothing before it saves; after some saves it looks whether the last one stands."""
    path = make(tmp_path, "acme.md", b"0\n")
    over = tmp_path / "over"

    def editor_or_us(number: int) -> list[bytes]:
        done = []
        if number == 0:
            for count in range(1, 2_001):
                save(path, f"{count}\n".encode())
                if count % 100 == 0:
                    time.sleep(0.03)
                    assert path.read_bytes().startswith(f"{count}\n".encode()), count
            over.touch()
        while number and not over.exists():
            with suppress(WriteRefused):
                report = carry_out(tmp_path, appended)
                done.append((report.files[0].new or "").encode())
        return done

    def appended(read: Reader) -> list[Step]:
        data = read("customers/acme.md")
        return [Step(Change("customers/acme.md", data, data + b"us\n"), ("added",))]

    _editor, ours = in_processes(2, editor_or_us)
    assert isinstance(ours, list)
    assert len(ours) > 5
    assert path.read_bytes().startswith(b"2000\n")
    kept = {step.change.new for entry in Journal(tmp_path).entries() for step in entry.steps}
    assert set(ours) <= kept
    assert list(Journal(tmp_path).cut_short()) == []
