"""Many processes write at once, and editors save between: nothing of anybody is lost."""

from __future__ import annotations

import time
from pathlib import Path

import plaincrm
from plaincrm.changes.edits import Edit, in_lines_of, new_bytes
from plaincrm.changes.plan import Change, Intent, plan
from plaincrm.changes.write import rewrite
from plaincrm.document.source import decode
from plaincrm.errors import FileChanged
from plaincrm.records.schema import Schema
from tests.changes.writing import leftovers, make, save
from tests.index.test_concurrency import in_processes
from tests.making import make_vault

NOTE = b"---\r\nname: Acme\r\n---\r\n\r\n## Log\r\n\r\n"
SCHEMA = Schema()
PROCESSES, EACH = 8, 50


def log(root: Path, path: str, line: str, *, proved: bool = True) -> None:
    """Put an entry at the end of a note. To prove it takes longer than to write it, in a note of many entries."""

    def made(data: bytes) -> Change:
        source = decode(data)
        end = len(source.text)
        entry = Edit(end, end, in_lines_of(source.text, f"- 2026-11-21 note: {line}\n"))
        return plan(Intent(path, data, (entry,)), SCHEMA) if proved else Change(path, data, new_bytes(source, (entry,)))

    for _attempt in range(1_000):
        try:
            rewrite(root, lambda read: [made(read(path))])
        except FileChanged:
            continue
        return
    raise AssertionError("never written")


def entries(path: Path) -> list[str]:
    """What the entries of a note say; every other byte is what it was."""
    data = path.read_bytes()
    assert data.startswith(NOTE)
    lines = data[len(NOTE) :].decode().split("\r\n")
    assert lines.pop() == ""
    return [line.removeprefix("- 2026-11-21 note: ") for line in lines]


def test_eight_processes_that_write_one_note_lose_no_entry(tmp_path: Path) -> None:
    path = make(tmp_path, "acme.md", NOTE)

    def task(number: int) -> None:
        for count in range(EACH):
            log(tmp_path, "customers/acme.md", f"{number} {count}", proved=False)

    assert in_processes(PROCESSES, task) == [None] * PROCESSES
    said = entries(path)
    assert len(said) == 400
    assert set(said) == {f"{number} {count}" for number in range(PROCESSES) for count in range(EACH)}
    for number in range(PROCESSES):
        assert [line for line in said if line.startswith(f"{number} ")] == [f"{number} {c}" for c in range(EACH)]
    assert leftovers(tmp_path) == []


def test_eight_processes_that_write_many_notes_lose_no_entry(tmp_path: Path) -> None:
    names = [f"c{number}.md" for number in range(10)]
    paths = [make(tmp_path, name, NOTE) for name in names]

    def task(number: int) -> None:
        for name in names:
            log(tmp_path, f"customers/{name}", f"{number} {name}")

    assert in_processes(PROCESSES, task) == [None] * PROCESSES
    for path in paths:
        assert sorted(entries(path)) == [f"{number} {path.name}" for number in range(PROCESSES)]
    assert leftovers(tmp_path) == []


def test_an_editor_that_saves_all_the_time_and_knows_no_lock_loses_nothing_to_us(tmp_path: Path) -> None:
    """Each save of the editor holds all it has seen; it looks right before it saves, as careful ones do.

    What it writes over between its look and its save is its own doing: such entries of ours are told apart.
    """
    path = make(tmp_path, "acme.md", NOTE)
    until = time.monotonic() + 0.8

    def edit_or_log(number: int) -> list[str]:
        done = []
        while time.monotonic() < until:
            word = f"{'editor' if number == 0 else 'us'} {len(done)}"
            if number == 0:
                save(path, path.read_bytes() + f"- 2026-11-21 note: {word}\r\n".encode())
                time.sleep(0.002)
            else:
                log(tmp_path, "customers/acme.md", word)
            done.append(word)
        return done

    editor, ours = in_processes(2, edit_or_log)
    assert isinstance(editor, list)
    assert isinstance(ours, list)
    said = entries(path)
    kept = [data for data in leftovers(tmp_path) if data.endswith(".kept")]
    assert len(editor) > 20
    assert len([word for word in said if word.startswith("editor")]) + len(kept) >= len(editor)
    assert len(set(said)) == len(said)


def test_eight_processes_that_log_at_once_lose_no_entry(tmp_path: Path) -> None:
    """The same through the API, which plans each entry in the order of the log and anew where somebody was faster."""
    vault = make_vault(tmp_path, {"acme.md": NOTE})
    each = 5

    def task(number: int) -> None:
        opened = plaincrm.open_vault(vault, cache=False)
        for count in range(each):
            with opened.change("acme") as change:
                change.log("2026-11-21", f"note: {number} {count}")

    assert in_processes(PROCESSES, task) == [None] * PROCESSES
    said = entries(vault / "customers" / "acme.md")
    assert set(said) == {f"{number} {count}" for number in range(PROCESSES) for count in range(each)}
    assert len(said) == PROCESSES * each
