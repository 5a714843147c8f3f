"""A write keeps everything of a file but its text, and refuses what it cannot do whole."""

from __future__ import annotations

import fcntl
import itertools
import os
import resource
import stat
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plaincrm.changes import leftovers as left_behind
from plaincrm.changes import system
from plaincrm.changes import write as writing
from plaincrm.changes.plan import Change
from plaincrm.changes.write import Reader, rewrite, write
from plaincrm.document.source import LIMIT
from plaincrm.errors import FileChanged, WriteFailed, WriteRefused
from tests.changes.writing import CHANGE, NEW, OLD, in_child, leftovers, make, save

NOBODY = 65534


@pytest.fixture(params=["exchange", "replace"])
def how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With the exchange of Linux, and as other systems have to do without it."""
    if request.param == "replace":
        monkeypatch.setattr(system, "_renameat2", lambda: None)
    return str(request.param)


@pytest.mark.usefixtures("how")
def test_a_note_is_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = make(tmp_path)
    write(tmp_path, [CHANGE])
    assert path.read_bytes() == NEW
    assert leftovers(tmp_path) == []
    write(tmp_path, [])


@pytest.mark.usefixtures("how")
def test_mode_and_extended_attributes_stay(tmp_path: Path) -> None:
    path = make(tmp_path)
    path.chmod(0o2640)
    try:
        os.setxattr(path, "user.origin", b"a fair")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    os.setxattr(path.parent, "user.origin", b"another")
    write(tmp_path, [CHANGE])
    assert stat.S_IMODE(path.stat().st_mode) == 0o2640
    assert {name: os.getxattr(path, name) for name in os.listxattr(path)} == {"user.origin": b"a fair"}


# One entry for the owner and one for user 65534: version 2, then tag, rights, id of each, in little-endian.
ACL = bytes.fromhex("02000000 01000600ffffffff 02000400feff0000 04000000ffffffff 10000400ffffffff 20000000ffffffff")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_owner_and_access_lists_stay(tmp_path: Path) -> None:
    path = make(tmp_path)
    os.chown(path, NOBODY, NOBODY)
    try:
        os.setxattr(path, "system.posix_acl_access", ACL)
    except OSError:
        pytest.skip("this file system has no access lists")
    os.setxattr(path.parent, "system.posix_acl_default", ACL.replace(b"\x01\0\6", b"\x01\0\7"))
    write(tmp_path, [CHANGE])
    assert (path.stat().st_uid, path.stat().st_gid) == (NOBODY, NOBODY)
    assert os.getxattr(path, "system.posix_acl_access") == ACL


def test_a_link_stays_and_its_target_in_the_vault_is_written(tmp_path: Path) -> None:
    path = make(tmp_path)
    (tmp_path / "shared").mkdir()
    target = path.rename(tmp_path / "shared" / "acme.md")
    path.symlink_to("../shared/acme.md")
    write(tmp_path, [CHANGE])
    assert path.is_symlink()
    assert target.read_bytes() == NEW


def _outside(path: Path) -> None:
    path.rename(path.parents[2] / "outside.md")
    path.symlink_to(path.parents[2] / "outside.md")


def _hidden(path: Path) -> None:
    (path.parents[1] / ".git").mkdir()
    path.rename(path.parents[1] / ".git" / "acme.md")
    path.symlink_to("../.git/acme.md")


def _circle(path: Path) -> None:
    path.unlink()
    path.symlink_to("acme.md")


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


# what was done to the note since it was read -> why it is not written
ODD = {
    "link out of the vault": (_outside, "it is a link out of the vault"),
    "link into a hidden folder": (_hidden, "it is hidden, and hidden files belong to other programs"),
    "link in a circle": (_circle, ""),
    "hard link": (lambda path: os.link(path, path.with_name("b.md")), "it has another name besides"),
    "pipe": (_pipe, "it is no plain file"),
    "folder": (lambda path: (path.unlink(), path.mkdir()), "it is no plain file"),
    "gone": (Path.unlink, "it is no longer there"),
    "folder gone": (lambda path: path.parent.rename(path.parents[1] / "moved"), "it is no longer there"),
    "saved": (lambda path: save(path, OLD + b"x"), "somebody has saved it since it was read"),
    "cut short": (lambda path: path.write_bytes(b""), "somebody has saved it since it was read"),
    "read-only": (lambda path: path.chmod(0o444), "permission denied"),
}


@pytest.mark.usefixtures("how")
@pytest.mark.parametrize("odd", ODD)
def test_what_cannot_be_written_whole_and_in_place_is_refused(odd: str, tmp_path: Path) -> None:
    root = tmp_path / "vault"
    path = make(root)
    do, why = ODD[odd]
    do(path)
    before = _state(root)
    with pytest.raises(WriteRefused) as refused:
        write(root, [CHANGE])
    assert refused.value.file == "customers/acme.md"
    assert refused.value.message.startswith(f"customers/acme.md was not written: {why}")
    assert refused.value.remedy
    assert _state(root) == before


def _state(root: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every name below a folder with its file's mode, number and content."""
    found = {}
    for item in root.rglob("*"):
        seen = item.lstat()
        found[str(item)] = seen.st_mode, seen.st_ino, item.read_bytes() if stat.S_ISREG(seen.st_mode) else b""
    return found


@pytest.fixture
def theirs() -> Iterator[Path]:
    """A vault of another user, whom modes and rights hold back as they do not hold root."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        path = make(root)
        for item in (root, path.parent, path):
            os.chown(item, NOBODY, NOBODY)
        yield root


def _refused_as_nobody(root: Path, words: str) -> None:
    def attempt() -> None:
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        with pytest.raises(WriteFailed, match=f"customers/acme.md was not written: {words}"):
            write(root, [CHANGE])

    assert in_child(attempt) == 0
    assert (root / CHANGE.path).read_bytes() == OLD
    assert leftovers(root) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
@pytest.mark.parametrize(("item", "mode"), [("customers/acme.md", 0o644), ("customers", 0o555)])
def test_a_file_or_folder_without_the_right_to_write_is_refused(theirs: Path, item: str, mode: int) -> None:
    os.chown(theirs / item, 0, 0)
    (theirs / item).chmod(mode)
    _refused_as_nobody(theirs, "permission denied")


def test_a_file_size_limit_as_a_full_disk_leaves_the_old_text(tmp_path: Path) -> None:
    path = make(tmp_path)

    def attempt() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        with pytest.raises(WriteFailed, match=r"customers/acme\.md was not written: file too large"):
            write(tmp_path, [CHANGE])

    assert in_child(attempt) == 0
    assert path.read_bytes() == OLD
    assert leftovers(tmp_path) == []


def test_what_is_on_the_disk_is_so_in_the_right_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path)
    calls: list[str] = []
    fsync, exchange, unlink = os.fsync, writing.exchange, os.unlink

    def synced(handle: int) -> None:
        calls.append("fsync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "fsync file")
        fsync(handle)

    def exchanged(folder: int, one: str, other: str) -> bool:
        calls.append("exchange")
        return exchange(folder, one, other)

    def removed(name: str, **more: int) -> None:
        calls.append("remove the old one")
        unlink(name, **more)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(writing, "exchange", exchanged)
    monkeypatch.setattr(os, "unlink", removed)
    write(tmp_path, [CHANGE])
    assert calls == ["fsync file", "exchange", "fsync folder", "remove the old one"]


def _saving(path: Path, monkeypatch: pytest.MonkeyPatch, *texts: bytes) -> None:
    """Have an editor save these texts, each right before one of our exchanges."""
    left, exchange = list(texts), writing.exchange

    def exchanged(folder: int, one: str, other: str) -> bool:
        if left:
            save(path, left.pop(0))
        return exchange(folder, one, other)

    monkeypatch.setattr(writing, "exchange", exchanged)


@pytest.mark.usefixtures("how")
def test_a_save_between_the_look_and_the_exchange_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path)
    _saving(path, monkeypatch, b"of the editor")
    with pytest.raises(WriteRefused, match="somebody has saved it"):
        write(tmp_path, [CHANGE])
    assert path.read_bytes() == b"of the editor"
    assert leftovers(tmp_path) == []


def test_two_saves_in_that_moment_are_both_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path)
    _saving(path, monkeypatch, b"first", b"second")
    with pytest.raises(WriteRefused, match="changed again and again") as refused:
        write(tmp_path, [CHANGE])
    assert path.read_bytes() == b"second"
    (kept,) = leftovers(tmp_path)
    assert kept in refused.value.message
    assert (path.parent / kept).read_bytes() == b"first"


@pytest.mark.usefixtures("how")
def test_several_files_are_all_seen_to_be_as_read_before_the_first_is_written(tmp_path: Path) -> None:
    paths = [make(tmp_path, f"{name}.md") for name in "abc"]
    changes = [Change(f"customers/{name}.md", OLD, NEW) for name in "abc"]
    save(paths[2], b"saved")
    with pytest.raises(WriteRefused, match=r"customers/c\.md was not written: somebody has saved it"):
        write(tmp_path, changes)
    assert [path.read_bytes() for path in paths] == [OLD, OLD, b"saved"]
    assert leftovers(tmp_path) == []


def failing_exchange(monkeypatch: pytest.MonkeyPatch, *failing: int) -> None:
    """Let some exchanges fail, counted from 1."""
    exchange, count = writing.exchange, itertools.count(1)

    def exchanged(folder: int, one: str, other: str) -> bool:
        if next(count) in failing:
            raise OSError(5, "Input/output error")
        return exchange(folder, one, other)

    monkeypatch.setattr(writing, "exchange", exchanged)


def test_where_a_later_file_fails_those_before_it_get_their_text_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [make(tmp_path, f"{name}.md") for name in "abc"]
    paths[0].chmod(0o640)
    failing_exchange(monkeypatch, 3)
    with pytest.raises(WriteFailed) as refused:
        write(tmp_path, [Change(f"customers/{name}.md", OLD, NEW) for name in "abc"])
    assert refused.value.message == "customers/c.md was not written: input/output error."
    assert [path.read_bytes() for path in paths] == [OLD, OLD, OLD]
    assert stat.S_IMODE(paths[0].stat().st_mode) == 0o640
    assert leftovers(tmp_path) == []


def test_what_was_written_before_and_stays_is_told_where_a_later_file_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [make(tmp_path, f"{name}.md") for name in "abc"]
    failing_exchange(monkeypatch, 3, 4)
    with pytest.raises(WriteFailed) as refused:
        write(tmp_path, [Change(f"customers/{name}.md", OLD, NEW) for name in "abc"])
    assert refused.value.message == (
        "customers/c.md was not written: input/output error. Already written: customers/b.md."
    )
    assert refused.value.written == ("customers/b.md",)
    assert [path.read_bytes() for path in paths] == [OLD, NEW, OLD]
    assert leftovers(tmp_path) == []


@pytest.mark.usefixtures("how")
def test_a_new_file_is_made_with_its_folders(tmp_path: Path) -> None:
    umask = os.umask(0o027)
    try:
        write(tmp_path, [Change("customers/new/äcme.md", None, NEW)])
    finally:
        os.umask(umask)
    path = tmp_path / "customers" / "new" / "äcme.md"
    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [item.name for item in path.parent.iterdir()] == ["äcme.md"]


@pytest.mark.usefixtures("how")
@pytest.mark.parametrize("there", ["äcme.md", "ÄCME.md", unicodedata.normalize("NFD", "Äcme.md")])
def test_a_new_file_never_takes_a_name_that_is_taken(there: str, tmp_path: Path) -> None:
    path = make(tmp_path, there)
    with pytest.raises(WriteRefused, match="is there already"):
        write(tmp_path, [Change("customers/äcme.md", None, NEW)])
    assert path.read_bytes() == OLD
    assert [item.name for item in path.parent.iterdir()] == [there]


@pytest.mark.usefixtures("how")
def test_a_name_that_is_taken_in_the_last_moment_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, name_anew = tmp_path / CHANGE.path, writing.name_anew

    def late(folder: int, name: str, new: str) -> None:
        path.write_bytes(b"of somebody")
        name_anew(folder, name, new)

    monkeypatch.setattr(writing, "name_anew", late)
    with pytest.raises(WriteRefused, match="it is there already"):
        write(tmp_path, [Change(CHANGE.path, None, NEW)])
    assert path.read_bytes() == b"of somebody"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("path", ["../out.md", ".git/a.md", "customers/.a.md", "/a.md", "a//b.md", "a\0.md", ""])
def test_a_new_file_stands_in_the_vault_and_is_not_hidden(path: str, tmp_path: Path) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    with pytest.raises(WriteRefused):
        write(root, [Change(path, None, NEW)])
    assert list(tmp_path.rglob("*")) == [root]


def test_a_folder_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    make(root)
    outside = make(tmp_path / "outside")
    (root / "linked").symlink_to(outside.parent)
    with pytest.raises(WriteRefused):
        write(root, [Change("linked/new.md", None, NEW)])
    with pytest.raises(WriteRefused, match="link out of the vault"):
        write(root, [Change("linked/acme.md", OLD, NEW)])
    assert [item.name for item in outside.parent.iterdir()] == ["acme.md"]
    assert outside.read_bytes() == OLD


def test_another_process_that_writes_is_waited_for_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path)
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    monkeypatch.setattr(system, "PATIENCE", 0.05)
    with pytest.raises(WriteFailed, match="another plaincrm has been writing"):
        write(tmp_path, [CHANGE])
    assert path.read_bytes() == OLD
    assert leftovers(tmp_path) == []
    os.close(handle)
    write(tmp_path, [CHANGE])
    assert path.read_bytes() == NEW


def test_where_the_file_system_has_no_locks_the_exchange_does_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path)

    def refused(_handle: int, _how: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refused)
    write(tmp_path, [CHANGE])
    assert path.read_bytes() == NEW


def test_what_killed_runs_left_is_cleared_away_once_it_is_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path)
    left, kept = path.with_name(".plaincrm-0123abcd.tmp"), path.with_name(".plaincrm-0123abcd.kept")
    left.write_bytes(b"")
    kept.write_bytes(b"")
    write(tmp_path, [CHANGE])
    assert leftovers(tmp_path) == [kept.name, left.name]
    monkeypatch.setattr(left_behind, "_LEFT_BEHIND", -1)
    write(tmp_path, [Change(CHANGE.path, NEW, OLD)])
    assert leftovers(tmp_path) == [kept.name]
    assert path.read_bytes() == OLD


def test_a_file_larger_than_a_note_may_be_is_neither_cut_nor_made(tmp_path: Path) -> None:
    path = make(tmp_path)
    with pytest.raises(WriteRefused, match="larger than a note may be"):
        write(tmp_path, [Change(CHANGE.path, OLD, b"x" * (LIMIT + 1))])
    assert path.read_bytes() == OLD
    with path.open("ab") as stream:
        stream.truncate(LIMIT + 10)
    with pytest.raises(WriteRefused, match="larger than a note may be"):
        rewrite(tmp_path, lambda read: [Change(CHANGE.path, read(CHANGE.path), NEW)])
    assert path.stat().st_size == LIMIT + 10
    assert leftovers(tmp_path) == []


def test_what_was_saved_meanwhile_is_read_and_changed_anew(tmp_path: Path) -> None:
    path = make(tmp_path)
    seen = []

    def made(read: Reader) -> list[Change]:
        data = read(CHANGE.path)
        seen.append(data)
        if len(seen) == 1:
            save(path, OLD + b"saved\n")
        return [Change(CHANGE.path, data, data + b"ours\n")]

    assert rewrite(tmp_path, made)[0].new == OLD + b"saved\nours\n"
    assert seen == [OLD, OLD + b"saved\n"]
    assert path.read_bytes() == OLD + b"saved\nours\n"


REMOVAL = Change(CHANGE.path, OLD, None)


@pytest.mark.parametrize("linux", [True, False])
def test_a_note_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linux: bool) -> None:
    if not linux:
        monkeypatch.setattr(system, "_renameat2", lambda: None)
    path = make(tmp_path)
    write(tmp_path, [REMOVAL])
    assert not path.exists()
    assert leftovers(tmp_path) == []


def test_a_note_that_was_saved_since_is_not_removed(tmp_path: Path) -> None:
    path = make(tmp_path, data=OLD + b"saved\n")
    with pytest.raises(FileChanged):
        write(tmp_path, [REMOVAL])
    assert path.read_bytes() == OLD + b"saved\n"


@pytest.mark.parametrize("linux", [True, False])
def test_a_note_saved_in_the_moment_of_its_removal_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linux: bool
) -> None:
    if not linux:
        monkeypatch.setattr(system, "_renameat2", lambda: None)
    path, real = make(tmp_path), writing.name_anew

    def after_a_save(*given: Any) -> bool:
        monkeypatch.setattr(writing, "name_anew", real)
        save(path, OLD + b"saved\n")
        return real(*given)

    monkeypatch.setattr(writing, "name_anew", after_a_save)
    with pytest.raises(FileChanged):
        write(tmp_path, [REMOVAL])
    assert path.read_bytes() == OLD + b"saved\n"
    assert leftovers(tmp_path) == []


def test_a_note_made_anew_while_another_save_is_given_back_stays_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real, asked = make(tmp_path), writing.name_anew, []

    def with_saves(*given: Any) -> bool:
        asked.append(given)
        save(path, OLD + b"first\n" if len(asked) == 1 else b"second\n")
        return real(*given)

    monkeypatch.setattr(writing, "name_anew", with_saves)
    with pytest.raises(WriteRefused, match="kept beside it"):
        write(tmp_path, [REMOVAL])
    assert path.read_bytes() == b"second\n"
    assert [(path.parent / name).read_bytes() for name in leftovers(tmp_path)] == [OLD + b"first\n"]
