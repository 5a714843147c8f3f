import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.checks.check import check
from plaincrm.document.source import Unreadable
from plaincrm.errors import fault
from plaincrm.index import rows
from plaincrm.index.paths import disk_path, shown_path
from plaincrm.index.rows import blob_id
from plaincrm.index.store import connect, create
from plaincrm.index.sync import sync
from plaincrm.vault.find import Folder
from tests.index.conftest import Notes, contents, state

SECOND = 1_000_000_000


class Memory:
    """An index in memory that is synced again and again. `later` seconds make the stamps of files old."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.db = connect(":memory:")
        create(self.db)

    def sync(self, later: float = 10, folders: list[Folder] | None = None) -> None:
        vault = self.notes.vault
        now = time.time_ns() + int(later * SECOND)
        sync(self.db, vault, list(vault.finder.folders()) if folders is None else folders, now, None)

    def contents(self, *, stamps: bool = False) -> dict:
        for table in ("words", "parts"):
            self.db.execute(f"insert into {table} ({table}) values ('integrity-check')")
        return contents(self.db, stamps=stamps)

    def codes(self) -> list[tuple[str, str]]:
        return self.db.execute("select path, code from diagnostics join files using (file) order by 1, 2").fetchall()


@pytest.fixture
def memory(notes: Notes) -> Memory:
    return Memory(notes)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    names: list[str] = []
    really = rows.read_bytes

    def counted(path: str) -> bytes:
        names.append(Path(path).name)
        return really(path)

    monkeypatch.setattr(rows, "read_bytes", counted)
    return names


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The contents that are parsed from now on."""
    seen: list[bytes] = []
    really = rows.read_document

    def counted(data: bytes) -> object:
        seen.append(data)
        return really(data)

    monkeypatch.setattr(rows, "read_document", counted)
    return seen


# Any edits, in any order

LINES = [
    *"""---
name: Kahvila Ääni Oy
name: "a\\0b"
tags: [café, vip]
stage: customer
next: 2026-12-01
tier: ky
contacts: [Liisa <l@x.fi> 040 1234567 (boss), {name: Matti}]
own: {a: [1]}
referred_by: "[[Toinen]]"
aliases: [Toinen nimi, nimi]
## Log
### 2026-11-20 14:30 call in
### 2026-11-20 email out - Sähköasennus
### 2026-13-45 what
### 2026 visit
- [ ] promise @us 📅 2026-12-01
- [x] done [due:: 2026-01-01] [[Toinen#x|y]]
[sale:: 100] [cost:: 50] [sale:: 7 USD] [product:: Maali]
[mood:: -] [nps:: 9] [resolved:: yes]
[deal:: Talo] [value:: 900] [deal:: Sauna] [chance:: 20]
[won:: 2026-01-01
<<<<<<< HEAD
```
Åbo ẞ ﬁ e\u0301
a \0 b nul \u2028 line

""".encode().splitlines(),
    b"name: N\xffN",
    b"\xed\xa0\x80 \x1b[31m",
    b"\xef\xbb\xbf",
    b"\r",
    b"x" * 300,
]
NOTE = st.lists(st.sampled_from(LINES), max_size=12).map(b"\n".join)
ODD_NAMES = [
    "a 2.md",
    "a.sync-conflict-20260101-120000-ABCDEFG.md",
    "UPPER.MD",
    "Ääni.md",
    "x\\xe9.md",
    "x\udce9.md",
    "n\nl.md",
]
NAMES = st.sampled_from(["a.md"] * 6 + ["b.md"] * 3 + [".h.md", *ODD_NAMES])
FOLDERS = st.sampled_from(["customers"] * 5 + ["customers/sub", "customers/sub/\udcff", "customers/templates", "notes"])
CONFIGS = [
    b"",
    b'[vault]\nrecords = ["customers/*.md", "notes/*.md"]\n[fields]\nown = "text"\n',
    b'[vault]\nignore = ["**/b.md"]\ncurrency = "USD"\n',
    b"[broken",
]
SYNC = st.tuples(st.just("sync"), st.sampled_from([0, 0.5, 10]))
STEP = st.one_of(
    SYNC,
    SYNC,
    st.tuples(st.just("write"), FOLDERS, NAMES, NOTE),
    st.tuples(st.just("same_size_and_time"), FOLDERS, NAMES),
    st.tuples(st.just("touch"), FOLDERS, NAMES),
    st.tuples(st.just("remove"), FOLDERS, NAMES),
    st.tuples(st.just("rename"), FOLDERS, NAMES, FOLDERS, NAMES),
    st.tuples(st.just("move_folder"), FOLDERS, FOLDERS),
    st.tuples(st.just("link"), FOLDERS, NAMES, FOLDERS, NAMES),
)
FIRST = [
    ("write", "customers", "a.md", b"---\nname: First\n---\nS\xc3\xa4hk\xc3\xb6"),
    ("write", "notes", "a.md", b"One"),
    ("sync", 10),
]


def act(root: Path, step: tuple) -> None:
    """One edit of a vault; what is impossible just now is left out."""
    kind, *rest = step
    try:
        if kind == "move_folder":
            (root / rest[0]).rename(root / rest[1])
            return
        path = root / rest[0] / rest[1]
        if kind == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(rest[2])
        elif kind == "same_size_and_time":
            status, data = path.stat(), path.read_bytes()
            path.write_bytes(data[::-1])
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        elif kind == "touch":
            path.touch()
        elif kind == "remove":
            path.unlink()
        elif kind == "rename":
            path.rename(root / rest[2] / rest[3])
        elif kind == "link":
            path.symlink_to(root / rest[2] / rest[3])
    except OSError:
        pass


@settings(max_examples=150, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=25))
def test_an_index_after_any_edits_is_the_one_built_from_nothing(steps):
    folder = Path(tempfile.mkdtemp())
    try:
        notes = Notes(folder / "vault")
        memory = Memory(notes)
        for step in [*FIRST, *steps, ("sync", 0)]:
            if step[0] == "sync":
                memory.sync(step[1])
                new = Memory(notes)
                new.sync()
                assert memory.contents(stamps=True) == new.contents(stamps=True)
            else:
                act(notes.root, step)
    finally:
        shutil.rmtree(folder)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(STEP, st.tuples(st.just("config"), st.sampled_from(CONFIGS))), min_size=3, max_size=20))
def test_an_index_on_disk_follows_edits_and_settings(steps):
    folder = Path(tempfile.mkdtemp())
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
            notes = Notes(folder / "vault")
            for step in [*FIRST, *steps, ("sync", 0)]:
                if step[0] == "sync":
                    with notes.open() as kept, notes.open(cache=False) as new:
                        assert kept.notice == ""
                        assert contents(kept.db, stamps=True) == contents(new.db, stamps=True)
                elif step[0] == "config":
                    notes.write("plaincrm.toml", step[1])
                else:
                    act(notes.root, step)
    finally:
        shutil.rmtree(folder)


# What is read, and what is not


def test_only_changed_files_are_read(notes, memory, read):
    for number in range(5):
        notes.write(f"c{number}", f"---\nname: C{number}\n---\n")
    memory.sync()
    assert sorted(read) == [f"c{number}.md" for number in range(5)]
    read.clear()
    memory.sync()
    assert read == []
    notes.write("c3", "---\nname: Changed\n---\n")
    memory.sync()
    assert read == ["c3.md"]


def test_new_stamps_on_old_content_are_read_and_not_parsed(notes, memory, read, parsed):
    file = notes.write("a", "---\nname: A\n---\n")
    memory.sync()
    parsed.clear()
    read.clear()
    os.utime(file, ns=(0, 1))
    memory.sync()
    assert (read, parsed) == (["a.md"], [])
    memory.sync()
    assert read == ["a.md"]


def test_a_change_that_no_stamp_tells_is_seen_while_the_file_is_fresh(notes, memory, read):
    notes.write("a", "---\nname: Old\n---\n")
    listing = list(notes.vault.finder.folders())
    memory.sync(later=1.5, folders=listing)
    notes.write("a", "---\nname: New\n---\n")
    memory.sync(later=1.9, folders=listing)  # the same stamps, as a coarse clock gives them
    assert memory.db.execute("select name from customers").fetchall() == [("New",)]
    memory.sync(later=10, folders=listing)
    assert memory.db.execute("select fresh from files").fetchall() == [(0,)]
    read.clear()
    memory.sync(later=10, folders=listing)
    assert read == []


def test_a_file_from_the_future_is_never_trusted_and_never_parsed_twice(notes, memory, read, parsed):
    file = notes.write("a", "---\nname: A\n---\n")
    os.utime(file, (4e9, 4e9))
    memory.sync()
    parsed.clear()
    memory.sync()
    memory.sync()
    assert (len(read), parsed) == (3, [])


def test_stamps_larger_than_a_number_of_sqlite(notes, memory, read):
    notes.write("a", "---\nname: A\n---\n")
    vault = notes.vault
    huge = [
        Folder(folder.path, [(name, 10**19, ctime, size, 2**64 - 5, mode) for name, _m, ctime, size, _i, mode in rows])
        for folder in vault.finder.folders()
        for rows in [folder.listing]
    ]
    memory.sync(folders=huge)
    assert memory.db.execute("select mtime_ns < 0, inode from files").fetchall() == [(1, -5)]
    old = [Folder("customers", [*huge[0].listing, ("gone.md", 1, 1, 1, 1, huge[0].listing[0][5])])]
    memory.sync(later=10**10, folders=huge)
    read.clear()
    memory.sync(later=10**10, folders=old)
    assert read == ["gone.md"]


def test_the_blob_id_is_that_of_git(notes, memory):
    data = "---\nname: Äänekoski\n---\n\r\nrest\0".encode()
    file = notes.write("a", data)
    memory.sync()
    git = subprocess.run(["git", "hash-object", "--no-filters", str(file)], capture_output=True, text=True, check=True)
    assert memory.db.execute("select blob from files").fetchall() == [(git.stdout.strip(),)]
    assert blob_id(b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def test_a_failure_in_the_middle_leaves_the_index_as_it_was(notes, memory, monkeypatch):
    notes.write("a", "---\nname: A\n---\n")
    memory.sync()
    before = memory.contents()
    notes.write("a", "---\nname: B\n---\n")
    notes.write("b", "---\nname: C\n---\n")

    def broken(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rows, "rows_of", broken)
        with pytest.raises(KeyboardInterrupt):
            memory.sync()
    assert memory.contents() == before
    memory.sync()
    assert memory.db.execute("select name from customers order by 1").fetchall() == [("B",), ("C",)]


# Folders, links and odd files


def test_folders_come_and_go(notes, memory):
    notes.write("customers/a/b/x.md", "---\nname: X\n---\n")
    notes.write("customers/y.md", "---\nname: Y\n---\n")
    memory.sync()
    (notes.root / "customers/a").rename(notes.root / "away")
    memory.sync()
    assert memory.contents()["folders"] == [("customers", 0)]
    assert [path for path, *_rest in memory.contents()["files"]] == ["customers/y.md"]
    (notes.root / "away").rename(notes.root / "customers/c")
    memory.sync()
    assert [path for path, *_rest in memory.contents()["files"]] == ["customers/c/b/x.md", "customers/y.md"]
    shutil.rmtree(notes.root / "customers")
    memory.sync()
    assert all(not rows for rows in memory.contents().values())


def test_odd_files_keep_one_diagnostic_however_often_they_are_seen(notes, memory):
    notes.write("a", "---\nname: A\n---\n")
    notes.write("a 2", "---\nname: A\n---\n")
    notes.write("a.sync-conflict-20260101-120000-ABCDEFG", "")
    folder = notes.root / "customers"
    (folder / "dangling.md").symlink_to("nowhere.md")
    (folder / "out.md").symlink_to("/etc/hostname")
    (folder / "again.md").symlink_to("a.md")
    (folder / "linked").symlink_to(notes.root)
    (folder / "folder.md").mkdir()
    os.mkfifo(folder / "pipe.md")
    expected = [
        ("customers/a 2.md", "conflict-copy"),
        ("customers/a.sync-conflict-20260101-120000-ABCDEFG.md", "conflict-copy"),
        ("customers/dangling.md", "dangling-link"),
        ("customers/folder.md", "not-a-file"),
        ("customers/linked", "linked-folder"),
        ("customers/out.md", "link-out-of-vault"),
        ("customers/pipe.md", "not-a-file"),
    ]
    for number in range(5):
        notes.write("a", f"---\nname: A{number}\n---\n")
        memory.sync()
        assert memory.codes() == expected
    assert memory.db.execute("select path from customers join files using (file)").fetchall() == [("customers/a.md",)]
    (folder / "a.md").unlink()  # now the copy is all there is
    memory.sync()
    assert ("customers/a 2.md", "conflict-copy") not in memory.codes()
    assert ("customers/again.md", "dangling-link") in memory.codes()


def test_what_a_link_leads_to_is_read_again_when_it_changes(notes, memory, read):
    target = notes.write("elsewhere/t.md", "---\nname: Old\n---\n")
    (notes.root / "customers/l.md").symlink_to("../elsewhere/t.md")
    memory.sync()
    assert memory.db.execute("select name from customers").fetchall() == [("Old",)]
    memory.sync()
    assert read == ["l.md"]
    target.write_text("---\nname: New\n---\n")
    memory.sync()
    assert memory.db.execute("select name from customers").fetchall() == [("New",)]
    target.unlink()
    memory.sync()
    assert memory.codes() == [("customers/l.md", "dangling-link")]
    target.write_text("---\nname: Third\n---\n")
    memory.sync()
    assert (memory.codes(), memory.db.execute("select name from customers").fetchall()) == ([], [("Third",)])


def test_names_that_are_no_text(notes, memory):
    names = [
        b"caf\xe9.md",
        b"caf\\xe9.md",
        b"caf\\\\xe9.md",
        b"caf\\\xe9.md",
        b"a\nb.md",
        b"\xff/\xfe.md",
        b"\\xff/x.md",
    ]
    for name in names:
        notes.write(f"customers/{os.fsdecode(name)}", "---\nname: N\n---\n")
    for _time in range(3):
        notes.write("other", f"---\nname: {_time}\n---\n")
        memory.sync()
    shown = [path for path, *_rest in memory.contents()["files"]]
    assert len(shown) == len(names) + 1
    assert "customers/caf\\xe9.md" in shown
    assert all((notes.root / disk_path(path)).exists() for path in shown)


@given(st.binary(min_size=1, max_size=12).filter(lambda name: b"\0" not in name) | st.lists(st.sampled_from(
    [b"\\", b"x", b"e9", b"\xe9", b"\xc3\xa9", b"/"])).map(b"".join))  # fmt: skip
def test_a_shown_path_names_one_path(name):
    path = os.fsdecode(name)
    assert disk_path(shown_path(path)) == path
    shown_path(path).encode()


def test_a_file_that_cannot_be_read_is_listed_and_tried_again(notes, memory, monkeypatch, read):
    notes.write("a", "---\nname: A\n---\n")
    notes.write("b", "---\nname: B\n---\n")

    def refused(path: str) -> bytes:
        if path.endswith("a.md"):
            raise Unreadable(fault("unreadable-file", 0, 0, reason="Input/output error"))
        return Path(path).read_bytes()

    with monkeypatch.context() as patch:
        patch.setattr(rows, "read_bytes", refused)
        for _time in range(3):
            memory.sync()
            assert memory.codes() == [("customers/a.md", "unreadable-file")]
        assert memory.db.execute("select name from customers order by 1").fetchall() == [("B",), ("a",)]
    memory.sync()  # no stamp has changed
    assert (memory.codes(), read) == ([], ["a.md"])
    assert memory.db.execute("select name from customers order by 1").fetchall() == [("A",), ("B",)]
    memory.sync()
    assert read == ["a.md"]


def test_a_file_that_goes_while_the_folders_are_read_is_gone_the_next_time(notes, memory):
    file = notes.write("a", "---\nname: A\n---\n")
    listing = list(notes.vault.finder.folders())
    file.unlink()
    memory.sync(folders=listing)
    assert memory.codes() == [("customers/a.md", "unreadable-file")]
    memory.sync()
    assert memory.contents()["files"] == []


def test_obsidian_naming_its_templates_hides_them(notes):
    notes.write("a", "---\nname: A\n---\n")
    notes.write("customers/Pohjat/new.md", "---\nname: '{{title}}'\n---\n")
    (notes.root / "customers/Pohjat2").symlink_to(notes.root / "customers/Pohjat")
    assert [path for path, *_rest in state(notes)["files"]] == [
        "customers/Pohjat/new.md",
        "customers/Pohjat2",
        "customers/a.md",
    ]
    notes.write(".obsidian/templates.json", '{"folder": "customers/Pohjat"}')
    assert state(notes) == state(notes, cache=False)
    notes.write(".obsidian/templates.json", '{"folder": "Pohjat2"}')
    assert state(notes) == state(notes, cache=False)


def test_another_setting_has_notes_read_anew(notes):
    notes.write("a", "---\nname: A\nstage: nuoli\n---\n")
    notes.write("plaincrm.toml", '[stages]\norder = ["nuoli", "sydän"]\n')
    with notes.open() as index:
        assert check(index).diagnostics == ()
    notes.write("plaincrm.toml", '[stages]\norder = ["nuol1", "sydän"]\n')  # as long as before
    with notes.open() as index:
        assert [item.code for item in check(index).diagnostics] == ["unknown-stage"]
        assert index.notice == ""


# Cost: one changed note costs the same in a large vault as in a small one, but for one row a folder


def steps_of_a_change(notes: Notes, memory: Memory, name: str) -> tuple[int, int, int]:
    """How many statements, instructions of SQLite's machine, and changed rows one edit takes."""
    notes.write(name, "---\nname: Changed\n---\n\n## Log\n\n### 2026-11-20 call\n\nWell.\n")
    statements: list[str] = []
    ticks = 0

    def tick() -> int:
        nonlocal ticks
        ticks += 1
        return 0

    before = memory.db.total_changes
    memory.db.set_trace_callback(statements.append)
    memory.db.set_progress_handler(tick, 1)
    memory.sync()
    memory.db.set_progress_handler(None, 1)
    memory.db.set_trace_callback(None)
    return len(statements), ticks, memory.db.total_changes - before


def test_one_changed_note_costs_no_more_in_a_large_folder(tmp_path):
    costs = []
    for count in (20, 2000):
        notes = Notes(tmp_path / str(count))
        for number in range(count):
            notes.write(f"c{number}", f"---\nname: Customer {number}\n---\n")
        memory = Memory(notes)
        memory.sync()
        costs.append(steps_of_a_change(notes, memory, "c7"))
    (few, steps, changes), (many, more_steps, more_changes) = costs
    assert many <= few
    assert more_changes <= changes + 2
    assert more_steps - steps < 20 * 1980  # the rows of the folder are compared once, at so many steps each


def test_one_changed_note_costs_no_more_with_many_other_folders(tmp_path):
    costs = []
    for count in (2, 60):
        notes = Notes(tmp_path / str(count))
        for number in range(count * 20):
            notes.write(f"customers/f{number % count}/c{number}.md", f"---\nname: Customer {number}\n---\n")
        memory = Memory(notes)
        memory.sync()
        costs.append(steps_of_a_change(notes, memory, "customers/f1/c1.md"))
    (few, steps, changes), (many, more_steps, more_changes) = costs
    assert many <= few
    assert more_changes <= changes + 2
    assert more_steps - steps < 10 * 58
