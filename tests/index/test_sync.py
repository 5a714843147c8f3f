import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.checks.check import check
from plaincrm.document.source import Unreadable
from plaincrm.errors import fault
from plaincrm.index import rows
from plaincrm.index.paths import disk_path, shown_path
from plaincrm.index.rows import blob_id
from plaincrm.vault import files
from plaincrm.vault.find import Folder
from tests.index.conftest import state


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    names: list[str] = []
    really = files.read_bytes

    def counted(path: str) -> bytes:
        if not str(path).endswith(".json"):  # Obsidian's settings
            names.append(Path(path).name)
        return really(path)

    monkeypatch.setattr(files, "read_bytes", counted)
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
        patch.setattr(rows, "read_record", broken)
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
        if str(path).endswith(("a.md", ".json")):
            raise Unreadable(fault("unreadable-file", 0, 0, reason="Input/output error"))
        return Path(path).read_bytes()

    with monkeypatch.context() as patch:
        patch.setattr(files, "read_bytes", refused)
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


def test_the_first_notes_leave_all_tables_and_indexes_as_they_are_laid_out(notes, memory):
    laid_out = memory.db.execute("select type, name, sql from sqlite_master order by name").fetchall()
    notes.write("a", "---\nname: A\n---\n")
    memory.sync()
    assert memory.db.execute("select type, name, sql from sqlite_master order by name").fetchall() == laid_out
