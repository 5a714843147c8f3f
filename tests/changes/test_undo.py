"""What commands wrote is kept, and taken back where nobody has changed it since."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import plaincrm
from plaincrm.changes.carry_out import carry_out
from plaincrm.changes.draft import Step
from plaincrm.changes.journal import KEPT, Entry, Journal
from plaincrm.changes.plan import Change
from plaincrm.changes.undo import ChangedSince
from plaincrm.errors import NoMatch, WriteFailed, WriteRefused
from tests.changes.writing import save
from tests.making import vault_of

ACME = "---\nname: Acme\nnext: 2026-12-01\n---\n\n## Log\n"
BEA = "---\r\nname: Bea\r\n---\r\nOdd: \udcff\r\nno end".encode("utf-8", "surrogateescape")
A, B = "customers/acme.md", "customers/bea.md"


@pytest.fixture
def vault(tmp_path: Path) -> plaincrm.Vault:
    return vault_of(tmp_path / "vault", {"acme.md": ACME, "bea.md": BEA})


def files(vault: plaincrm.Vault) -> dict[str, bytes]:
    """Every note of the vault."""
    return {path.name: path.read_bytes() for path in vault.root.rglob("*.md")}


def told(entries: list[Entry]) -> list[tuple[int, list[tuple[str, tuple[str, ...]]]]]:
    return [(entry.number, [(step.change.path, step.what) for step in entry.steps]) for entry in entries]


def state(vault: plaincrm.Vault) -> list[str]:
    return sorted(path.name for path in Journal(vault.root).folder.iterdir())


def test_a_command_is_taken_back_and_done_again(vault: plaincrm.Vault) -> None:
    before = files(vault)
    vault.change_each([A, B], lambda change: change.set(next="2027-01-05"))
    after = files(vault)
    report = vault.undo()
    assert [(item.file, item.line, item.what) for item in report.files] == [
        (B, 3, ("took back: next 2027-01-05",)),
        (A, 3, ("took back: next 2027-01-05",)),
    ]
    assert files(vault) == before
    report = vault.undo()
    assert [item.what for item in report.files] == [("done again: next 2027-01-05",)] * 2
    assert files(vault) == after
    assert [item.what for item in vault.undo(dry_run=True).files] == [("took back: next 2027-01-05",)] * 2
    assert [number for number, _steps in told(list(vault.journal()))] == [3, 2, 1]
    assert state(vault) == ["1.gz", "2.gz", "3.gz"]


def test_a_dry_run_and_a_command_that_writes_nothing_keep_nothing(vault: plaincrm.Vault) -> None:
    vault.change_each([A], lambda change: change.set(next="2027-01-05"), dry_run=True)
    vault.change_each([A], lambda change: change.set(next="2026-12-01"))
    with pytest.raises(NoMatch, match="There is nothing to take back"):
        vault.undo()
    with pytest.raises(NoMatch, match="There is no command 7 to take back"):
        vault.undo(7)
    with vault.change("acme") as change:
        change.set(next="2027-01-05")
    after = files(vault)
    assert [item.new for item in vault.undo(dry_run=True).files] == [ACME]
    assert files(vault) == after
    assert told(list(vault.journal())) == [(1, [(A, ("next 2027-01-05",))])]


def test_an_earlier_command_is_taken_back_by_its_number(vault: plaincrm.Vault) -> None:
    with vault.change("acme") as change:
        change.set(next="2027-01-05")
    with vault.change("bea") as change:
        change.set(next="2027-01-06")
    vault.undo(1)
    assert files(vault)["acme.md"] == ACME.encode()
    assert b"2027-01-06" in files(vault)["bea.md"]
    assert vault.undo(1).files == ()  # it is taken back already


def test_nothing_is_taken_back_where_a_file_was_changed_since(vault: plaincrm.Vault) -> None:
    vault.change_each([A, B], lambda change: change.set(next="2027-01-05"))
    path = vault.root / A
    save(path, path.read_bytes() + b"- 2026-11-21 call: saved since\n")
    before = files(vault)
    with pytest.raises(ChangedSince) as refused:
        vault.undo()
    assert refused.value.message == f"{A} was not written: it was changed since command 1 wrote it."
    assert refused.value.remedy == "Take it back by hand."
    assert [(item.file, (item.now or "").removeprefix(item.ours or "")) for item in refused.value.since] == [
        (A, "- 2026-11-21 call: saved since\n")
    ]
    assert files(vault) == before


def test_a_file_that_a_later_command_wrote_names_that_command(vault: plaincrm.Vault) -> None:
    for day in ("2027-01-05", "2027-01-06"):
        with vault.change("acme") as change:
            change.set(next=day)
    with pytest.raises(ChangedSince) as refused:
        vault.undo(1)
    assert refused.value.remedy == "Take back command 2 first, which wrote it later."
    vault.undo(2)
    vault.undo(1)
    assert files(vault)["acme.md"] == ACME.encode()


def test_a_file_that_is_gone_was_changed(vault: plaincrm.Vault) -> None:
    with vault.change("acme") as change:
        change.set(next="2027-01-05")
    (vault.root / A).unlink()
    with pytest.raises(ChangedSince) as refused:
        vault.undo()
    assert refused.value.since[0].now is None


def test_a_note_that_was_made_goes_and_one_that_was_taken_away_comes_back(vault: plaincrm.Vault) -> None:
    """As a command renames: the new name is made, the old one goes."""
    before = files(vault)
    new = "customers/people/acme-oy.md"
    steps = [
        Step(Change(new, None, ACME.encode()), ("renamed from acme",)),
        Step(Change(A, ACME.encode(), None), ("renamed to acme-oy",)),
    ]
    carry_out(vault.root, lambda _read: steps)
    assert sorted(files(vault)) == ["acme-oy.md", "bea.md"]
    vault.undo()
    assert files(vault) == before
    vault.undo()
    assert sorted(files(vault)) == ["acme-oy.md", "bea.md"]
    save(vault.root / A, b"another one")
    with pytest.raises(ChangedSince):
        vault.undo()
    assert sorted(files(vault)) == ["acme-oy.md", "acme.md", "bea.md"]


def test_a_note_that_comes_back_has_the_rights_that_it_had(vault: plaincrm.Vault) -> None:
    path = vault.root / A

    def rights(path: Path) -> tuple[int, bytes]:
        return stat.S_IMODE(path.stat().st_mode), os.getxattr(path, "user.origin")

    path.chmod(0o640)
    os.setxattr(path, "user.origin", b"a fair\0")
    vault.rename("acme", "Bolt Oy")
    assert rights(path.with_name("bolt-oy.md")) == (0o640, b"a fair\0")
    vault.undo()
    assert rights(path) == (0o640, b"a fair\0")
    vault.undo()
    assert rights(path.with_name("bolt-oy.md")) == (0o640, b"a fair\0")


def test_a_new_note_taken_back_and_made_again_has_the_rights_it_had(vault: plaincrm.Vault) -> None:
    vault.new("Cee Oy")
    path = vault.root / "customers/cee-oy.md"
    path.chmod(0o604)
    vault.undo()
    assert not path.exists()
    vault.undo()
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


def test_lines_are_told_of_the_text_that_comes_back(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"acme.md": f"{ACME}\n- 2026-11-01 call: w\n"})
    with vault.change("acme") as change:
        change.set(next=None)
        change.log("2026-11-21", "call: x")
    (done,) = vault.journal()
    assert list(zip(done.steps[0].what, done.steps[0].lines, strict=True)) == [
        ("next cleared", (3,)),
        ("logged 2026-11-21 call: x", (7,)),
    ]
    back = vault.undo().files[0]
    assert [(place.line, place.what) for place in back.places] == [
        (3, ("took back: next cleared",)),
        (8, ("took back: logged 2026-11-21 call: x",)),
    ]
    again = vault.undo().files[0]
    assert [(place.line, place.what) for place in again.places] == [
        (3, ("done again: next cleared",)),
        (7, ("done again: logged 2026-11-21 call: x",)),
    ]


def test_fix_is_one_command_without_the_notes_it_had_to_leave(
    vault: plaincrm.Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = b"---\nname: Acme\nnext: 1.12.2026\n---\n"
    for name in (A, B):
        (vault.root / name).write_bytes(wrong.replace(b"Acme", name[10:13].encode()))
    before = files(vault)
    import plaincrm.changes.write as writing

    exchange = writing.exchange

    def exchanged(folder: int, one: str, other: str) -> bool:
        if other == "acme.md":
            raise OSError(5, "Input/output error")
        return exchange(folder, one, other)

    monkeypatch.setattr(writing, "exchange", exchanged)
    report = vault.fix()
    assert [item.file for item in report.files] == [B]
    assert [item.file for item in report.refused] == [A]
    assert told(list(vault.journal())) == [(1, [(B, report.files[0].what)])]
    (vault.root / A).write_bytes(b"---\nname: Acme\n---\n")  # mended by hand: no matter of that command
    vault.undo()
    assert files(vault) == {**before, "acme.md": b"---\nname: Acme\n---\n"}


def test_a_baseline_is_taken_back(vault: plaincrm.Vault) -> None:
    (vault.root / A).write_text("---\nname: Acme\nnext: never\n---\n", encoding="utf-8")
    vault.write_baseline()
    assert (vault.root / "plaincrm-baseline.txt").exists()
    vault.undo()
    assert not (vault.root / "plaincrm-baseline.txt").exists()


def test_the_journal_is_for_its_user_alone(vault: plaincrm.Vault) -> None:
    mask = os.umask(0)
    try:
        with vault.change("acme") as change:
            change.set(next="2027-01-05")
    finally:
        os.umask(mask)
    folder = Journal(vault.root).folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_after_thirty_days_it_is_forgotten(vault: plaincrm.Vault) -> None:
    for day in range(1, 5):
        with vault.change("acme") as change:
            change.set(next=f"2027-01-0{day}")
    folder = Journal(vault.root).folder
    for number, age in ((1, KEPT + 3_600), (2, KEPT + 60), (3, KEPT - 60)):
        when = (folder / "4.gz").stat().st_mtime - age
        os.utime(folder / f"{number}.gz", (when, when))
    (folder / "mine.txt").touch()
    with vault.change("acme") as change:
        change.set(next="2027-01-05")
    assert state(vault) == ["3.gz", "4.gz", "5.gz", "mine.txt"]


def test_what_cannot_be_kept_is_not_written(
    vault: plaincrm.Vault, state_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(vault)
    (state_folder / "plaincrm").write_text("no folder")
    with pytest.raises(WriteFailed) as refused, vault.change("acme") as change:
        change.set(next="2027-01-05")
    assert refused.value.message == (
        f"{A} was not written: what could be taken back cannot be kept in the user's state folder (not a directory)."
    )
    assert refused.value.remedy == "See to that folder, or name another one in XDG_STATE_HOME."
    (state_folder / "plaincrm").unlink()
    (state_folder / "plaincrm").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(WriteFailed, match="belongs to another user"), vault.change("acme") as change:
        change.set(next="2027-01-05")
    assert files(vault) == before


def test_an_entry_that_is_damaged_is_passed_over(vault: plaincrm.Vault) -> None:
    for day in (5, 6):
        with vault.change("acme") as change:
            change.set(next=f"2027-01-0{day}")
    path = Journal(vault.root).folder / "2.gz"
    path.write_bytes(path.read_bytes()[:-9])
    assert [entry.number for entry in vault.journal()] == [1]
    with pytest.raises(WriteRefused, match="changed since command 1"):
        vault.undo()


@given(st.lists(st.tuples(st.binary(max_size=40), st.binary(max_size=40)), min_size=1, max_size=4))
def test_whatever_the_bytes_an_undo_gives_them_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[bytes, bytes]]
) -> None:
    root = tmp_path_factory.mktemp("vault")
    changes = [Change(f"{number}.md", old, new) for number, (old, new) in enumerate(texts)]
    for change in changes:
        (root / change.path).write_bytes(change.old or b"")
    carry_out(root, lambda _read: [Step(change, ("something",)) for change in changes])
    kept = [step.change for step in next(Journal(root).entries()).steps]
    assert kept == changes
    plaincrm.open_vault(root, cache=False).undo()
    assert [(root / change.path).read_bytes() for change in changes] == [old for old, _new in texts]
