"""A write that is killed or fails at any point leaves the old text or the new one, whole."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from plaincrm.changes import system
from plaincrm.changes import write as writing
from plaincrm.changes.plan import Change
from plaincrm.changes.write import write
from plaincrm.errors import WriteFailed
from tests.changes.writing import CHANGE, NEW, OLD, assert_writes_again, in_child, leftovers, make

Call = Callable[[str, Callable[[], Any]], Any]

# What a write asks of the system, by module.
ASKED: list[tuple[Any, str]] = [
    *[(os, name) for name in ("open", "read", "write", "fsync", "close", "fstat", "access", "scandir", "unlink")],
    *[(os, name) for name in ("fchmod", "fchown", "listxattr", "getxattr", "setxattr", "link", "replace", "mkdir")],
    (writing, "exchange"),
    (writing, "name_anew"),
]


@contextmanager
def through(call: Call, asked: Sequence[tuple[Any, str]] = ASKED) -> Iterator[None]:
    """Have every question to the system go through a function, which asks it or not."""

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given, **named: call(name, lambda: real(*given, **named))

    with pytest.MonkeyPatch.context() as patch:
        for module, name in asked:
            patch.setattr(module, name, wrapped(name, getattr(module, name)))
        yield


def calls_of(root: Path, change: Change) -> list[str]:
    """What a write that succeeds asks, one after the other."""
    seen: list[str] = []

    def noted(name: str, ask: Callable[[], Any]) -> Any:
        seen.append(name)
        return ask()

    with through(noted):
        write(root, [change])
    return seen


@pytest.fixture(params=["exchange", "replace", "create", "create by link", "remove", "remove by link"])
def change(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Change:
    """A change of a note, one that makes it and one that takes it away, as Linux and as other systems do it."""
    if request.param in ("replace", "create by link", "remove by link"):
        monkeypatch.setattr(system, "_renameat2", lambda: None)
    (tmp_path / "customers").mkdir()
    if request.param.startswith("remove"):
        return Change(CHANGE.path, OLD, None)
    return CHANGE if request.param in ("exchange", "replace") else Change(CHANGE.path, None, NEW)


def begin(root: Path, change: Change) -> Path:
    """The state before the change; some attributes, so that they have to be kept."""
    shutil.rmtree(root / "customers", ignore_errors=True)
    path = make(root)
    if change.old is None:
        path.unlink()
    else:
        os.setxattr(path, "user.origin", b"a fair")
    return path


def test_killed_before_any_call_the_note_is_old_or_new(change: Change, tmp_path: Path) -> None:
    begin(tmp_path, change)
    points = len(calls_of(tmp_path, change))
    assert points > 10
    seen = set()
    for point in range(points):
        path, left = begin(tmp_path, change), [point]

        def killed(_name: str, ask: Callable[[], Any], left: list[int] = left) -> Any:
            left[0] -= 1
            if left[0] < 0:
                os._exit(9)
            return ask()

        def task(killed: Call = killed) -> None:
            with through(killed):
                write(tmp_path, [change])

        assert in_child(task) == 9
        now = path.read_bytes() if path.exists() else None
        assert now in (change.old, change.new)
        seen.add(now)
        if now is not None:
            assert_writes_again(tmp_path, path)
    assert seen == {change.old, change.new}


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT], ids=os.strerror)
def test_an_error_at_any_call_leaves_the_old_text_and_names_the_file(
    number: int, change: Change, tmp_path: Path
) -> None:
    path = begin(tmp_path, change)
    asked = calls_of(tmp_path, change)
    refused = 0
    for point, name in enumerate(asked):
        if name == "close":  # it closes whatever it says
            continue
        begin(tmp_path, change)
        left = [point]

        def failing(_name: str, ask: Callable[[], Any], left: list[int] = left) -> Any:
            left[0] -= 1
            if left[0] == -1:
                raise OSError(number, os.strerror(number))
            return ask()

        message = ""
        with through(failing):
            try:
                write(tmp_path, [change])
            except WriteFailed as failure:
                message = failure.message
        if message:
            refused += 1
            assert message.startswith("customers/acme.md was not written: ")
            assert (path.read_bytes() if path.exists() else None) == change.old
        else:
            assert (path.read_bytes() if path.exists() else None) == change.new
        assert name == "unlink" or leftovers(tmp_path) == []
    assert refused >= 6


WRITE = f"""
import sys
from pathlib import Path
from plaincrm.changes.plan import Change
from plaincrm.changes.write import write
old, new = Path(sys.argv[2]).read_bytes(), Path(sys.argv[3]).read_bytes()
write(Path(sys.argv[1]), [Change({CHANGE.path!r}, old, new)])
"""
CALLS = "openat,write,fsync,renameat2,unlinkat,fchmod,flock"


def can_trace() -> str:
    """Why system calls cannot be traced here; empty where they can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    done = subprocess.run(["strace", "-o", "/dev/null", "true"], check=False, capture_output=True)
    return "" if done.returncode == 0 else "strace may trace nothing here"


@pytest.mark.skipif(bool(can_trace()), reason=can_trace() or "it can")
def test_killed_at_any_system_call_the_note_is_old_or_new(tmp_path: Path) -> None:
    """The calls of a run that begin with the one that creates the hidden file; before it nothing is touched."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(OLD)
    new.write_bytes(NEW)
    log = tmp_path / "log"
    command = [sys.executable, "-I", "-S", "-B", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{WRITE}"]
    command += [str(tmp_path), str(old), str(new)]

    def run(*inject: str) -> tuple[int, bytes]:
        shutil.rmtree(tmp_path / "customers", ignore_errors=True)
        path = make(tmp_path)
        traced = ["strace", "-f", "-o", str(log), f"-etrace={CALLS}", *inject, *command]
        code = subprocess.run(traced, check=False, capture_output=True).returncode
        now = path.read_bytes()
        assert_writes_again(tmp_path, path)
        return code, now

    assert run() == (0, NEW)
    seen, points = set(), points_of(log.read_text().splitlines())
    assert len(points) > 10
    for call, when in points:
        code, now = run(f"-einject={call}:signal=SIGKILL:when={when}")
        assert code != 0, (call, when)
        seen.add(now)
    assert seen == {OLD, NEW}


def points_of(lines: list[str]) -> list[tuple[str, int]]:
    """Each call from the first one on that makes a hidden file, and which one of its kind it is."""
    names = [line.split(None, 1)[1].partition("(")[0] for line in lines if "(" in line]
    begin = next(at for at, line in enumerate(lines) if ".plaincrm-" in line)
    return [(name, names[: at + 1].count(name)) for at, name in enumerate(names) if at >= begin]
