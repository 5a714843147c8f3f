"""Notes to be written, and what must hold of them whatever goes wrong."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from plaincrm.changes.leftovers import TEMPORARY
from plaincrm.changes.plan import Change
from plaincrm.changes.write import write

OLD = b"---\nname: Acme\nnext: 2026-12-01\n---\n\n## Log\n" + b"- 2026-11-20 call: x\n" * 400
NEW = OLD.replace(b"2026-12-01", b"2027-01-05")
CHANGE = Change("customers/acme.md", OLD, NEW)


def make(root: Path, name: str = "acme.md", data: bytes = OLD) -> Path:
    """A note of a vault, and its folder where it is not there yet."""
    path = root / "customers" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def leftovers(root: Path) -> list[str]:
    """What stands among the notes and is none."""
    return [path.name for path in sorted((root / "customers").iterdir()) if not path.name.endswith(".md")]


def save(path: Path, data: bytes) -> None:
    """Save a file as editors do that take care: beside it, then in its place."""
    beside = path.with_name(f".{path.name}.swp")
    beside.write_bytes(data)
    beside.replace(path)


def in_child(task: Callable[[], object]) -> int:
    """The exit code of a task that runs in a process of its own; 0 where all went well."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            task()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def assert_writes_again(root: Path, path: Path) -> None:
    """What is left of a run that went wrong does not stand in the way of the next one."""
    data = path.read_bytes()
    assert data in (OLD, NEW)
    assert all(TEMPORARY.fullmatch(name) for name in leftovers(root))
    after = NEW + b"more\n"
    write(root, [Change(CHANGE.path, data, after)])
    assert path.read_bytes() == after
