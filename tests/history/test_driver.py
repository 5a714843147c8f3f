"""The merge driver in real repositories, whatever git does with it, and cut short at any point."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plaincrm.cli.run import run
from plaincrm.document.source import LIMIT
from plaincrm.history import driver as driving
from plaincrm.history.driver import drive
from tests.changes.test_faults import through
from tests.changes.writing import in_child
from tests.history.repository import commit_all, git, set_up
from tests.history.year import DRIVER, Year
from tests.making import make_vault

NOTE = """\
---
name: Acme Oy
tags: [café, turku]
next: 2026-12-01
---

## Log
- 2026-10-02 email out: thanks
- 2026-09-30 visit: painting done
"""
A = "customers/acme.md"
OURS = NOTE.replace("tags: [café,", "tags: [café, vip,").replace("## Log\n", "## Log\n- 2026-11-21 call: A\n")
THEIRS = NOTE.replace("turku]", "turku, new]").replace("## Log\n", "## Log\n- 2026-11-22 call: B\n")
BOTH = (
    NOTE.replace("tags: [café, turku]", "tags: [café, vip, turku, new]")
    .replace("## Log\n", "## Log\n- 2026-11-22 call: B\n- 2026-11-21 call: A\n")
)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault in a repository that has two branches: main with OURS and other with THEIRS."""
    set_up(tmp_path, monkeypatch)
    root = make_vault(tmp_path / "my vault", {"acme.md": NOTE})
    git(root, "init", "--quiet")
    git(root, "config", "merge.plaincrm.driver", DRIVER)
    (root / ".gitattributes").write_text("customers/*.md merge=plaincrm\n")
    commit_all(root)
    git(root, "branch", "other")
    save(root, OURS)
    commit_all(root)
    git(root, "checkout", "--quiet", "other")
    save(root, THEIRS)
    commit_all(root)
    git(root, "checkout", "--quiet", "main")
    return root


def save(root: Path, text: str | bytes) -> None:
    (root / A).write_bytes(text if isinstance(text, bytes) else text.encode())


def text(root: Path) -> str:
    return (root / A).read_text(encoding="utf-8")


def fails(root: Path, *words: str) -> None:
    with pytest.raises(Exception, match="returned non-zero exit status 1"):
        git(root, *words)


@pytest.mark.parametrize(
    "words", ["merge --no-edit other", "rebase other", "cherry-pick other", "merge -s recursive other"]
)
def test_two_peoples_work_merges_whatever_git_calls_it(words: str, root: Path) -> None:
    git(root, *words.split())
    assert text(root) == BOTH
    assert git(root, "status", "--porcelain") == ""


def test_a_stash_comes_back_on_top_of_other_work(root: Path) -> None:
    git(root, "checkout", "--quiet", "other~1")
    save(root, THEIRS)
    git(root, "stash")
    git(root, "checkout", "--quiet", "main")
    git(root, "stash", "pop")
    assert text(root) == BOTH


def test_a_conflict_is_as_small_as_it_can_be_and_is_no_commit(root: Path) -> None:
    for branch, day in (("other", "2026-12-07"), ("main", "2026-12-05")):
        git(root, "checkout", "--quiet", branch)
        save(root, text(root).replace("2026-12-01", day))
        commit_all(root)
    fails(root, "merge", "other")
    hunk = "<<<<<<< ours\nnext: 2026-12-05\n=======\nnext: 2026-12-07\n>>>>>>> theirs\n"
    assert text(root) == BOTH.replace("next: 2026-12-01\n", hunk)
    assert git(root, "status", "--porcelain") == f"UU {A}\n"


def test_a_renamed_note_takes_the_other_sides_work(root: Path) -> None:
    git(root, "mv", A, "customers/acme ab.md")
    commit_all(root)
    git(root, "merge", "--no-edit", "other")
    assert (root / "customers/acme ab.md").read_text() == BOTH


def test_criss_cross_merges_have_a_base_that_is_a_merge(root: Path) -> None:
    """Each side merges the other's earlier state, with a conflict that each decides its own way."""
    days = {"main": "2026-12-05", "other": "2026-12-07"}
    for branch, day in days.items():
        git(root, "checkout", "--quiet", branch)
        save(root, text(root).replace("2026-12-01", day))
        commit_all(root)
        git(root, "branch", f"{branch}-before")
    for branch, with_branch in (("main", "other-before"), ("other", "main-before")):
        git(root, "checkout", "--quiet", branch)
        fails(root, "merge", with_branch)
        save(
            root, BOTH.replace("2026-12-01", days[branch]).replace("## Log\n", f"## Log\n- 2026-11-23 call: {branch}\n")
        )
        commit_all(root)
    fails(root, "merge", "main")
    for said in ("2026-11-23 call: main", "2026-11-23 call: other", "2026-11-22 call: B", "2026-11-21 call: A"):
        assert text(root).count(said) >= 1
    assert "2026-12-05" in text(root)
    assert "2026-12-07" in text(root)
    assert "<<<<<<<" in text(root)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (OURS.replace("name: Acme Oy", "name: [Acme"), THEIRS),
        (OURS, THEIRS.replace("next:", "name: Twice\nnext:")),
        (OURS, b"\x00GITCRYPT\x00" + bytes(range(256))),
        (OURS.replace("---\n", "", 1), THEIRS),
    ],
)
def test_what_is_no_sure_note_is_merged_by_git_and_never_for_good(ours: str, theirs: str | bytes, root: Path) -> None:
    for branch, said in (("other", theirs), ("main", ours)):
        git(root, "checkout", "--quiet", branch)
        save(root, said)
        git(root, "commit", "--quiet", "--all", "--allow-empty", "--message", "odd")
    fails(root, "merge", "other")
    assert git(root, "status", "--porcelain") == f"UU {A}\n"
    assert "call: A" in text(root)
    if isinstance(theirs, str):
        assert "call: B" in text(root)
        assert "<<<<<<< ours" in text(root)


def test_a_clean_text_merge_of_a_note_without_fields_is_done(root: Path, tmp_path: Path) -> None:
    base = "".join(f"line {number}\n" for number in range(9))
    old, mine, yours = (tmp_path / name for name in ("o", "a", "b"))
    old.write_text(base)
    mine.write_text(base.replace("line 1\n", "line one\n"))
    yours.write_text(base.replace("line 8\n", "line eight\n"))
    assert drive(old, mine, yours, 7, root / A)
    assert mine.read_text() == base.replace("line 1\n", "line one\n").replace("line 8\n", "line eight\n")


def test_the_vaults_own_fields_count_and_broken_settings_do_not_stop_it(root: Path, tmp_path: Path) -> None:
    base, ours, theirs = (NOTE.replace("name:", f"{key}\nname:") for key in ("väri: a", "colour: a", "väri: b"))
    files = [tmp_path / name for name in ("o", "a", "b")]
    for settings, expected in (
        ('[fields]\ncolour = { type = "text", aliases = ["väri"] }\n', theirs),
        ("[fields\n", None),
    ):
        (root / "plaincrm.toml").write_text(settings)
        for file, data in zip(files, (base, ours, theirs), strict=True):
            file.write_text(data)
        clean = drive(*files, 7, root / "customers/gone/acme.md")
        assert clean == (expected is not None)
        assert expected is None or files[1].read_text() == expected


def test_a_name_that_looks_like_an_option(root: Path) -> None:
    for branch, data in (("other", THEIRS), ("main", OURS)):
        git(root, "checkout", "--quiet", branch)
        (root / ".gitattributes").write_text("*.md merge=plaincrm\n")
        (root / "--help $(touch x) é.md").write_text(data)
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", "odd")
    git(root, "merge", "--no-edit", "other", "-X", "no-renames")
    assert "call: A" in (root / "--help $(touch x) é.md").read_text()
    assert not (root / "x").exists()


def three(folder: Path) -> list[Path]:
    files = [folder / name for name in ("o", "a", "b")]
    for file, data in zip(files, (NOTE, OURS, THEIRS), strict=True):
        file.write_text(data)
    return files


def merge_in(folder: Path) -> None:
    assert drive(folder / "o", folder / "a", folder / "b", 7, folder / A)


CALLS: list[tuple[Any, str]] = [(os, name) for name in ("open", "read", "write", "fsync", "fchmod", "close", "replace")]


def at(point: int, then: Callable[[], object]) -> Callable[[str, Callable[[], Any]], Any]:
    left = [point]

    def call(_name: str, ask: Callable[[], Any]) -> Any:
        left[0] -= 1
        if left[0] == -1:
            then()
        return ask()

    return call


def refuse() -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("as_text", [False, True])
def test_killed_or_refused_anywhere_it_leaves_ours_or_the_whole_result(
    as_text: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    three(tmp_path)
    if as_text:
        monkeypatch.setattr(driving, "merge_notes", lambda *_given: None)
    seen: list[str] = []
    with through(lambda name, ask: (seen.append(name), ask())[1], CALLS):
        drive(*three(tmp_path), 7, tmp_path / A)
    done = (tmp_path / "a").read_text()
    assert done == BOTH or "<<<<<<<" in done
    assert {"write", "fsync", "replace"} <= set(seen)
    for point in range(len(seen)):
        for how in (lambda: os.kill(os.getpid(), signal.SIGKILL), refuse):
            three(tmp_path)

            def task(point: int = point, how: Callable[[], object] = how) -> None:
                with through(at(point, how), CALLS):
                    drive(tmp_path / "o", tmp_path / "a", tmp_path / "b", 7, tmp_path / A)

            in_child(task)
            assert (tmp_path / "a").read_text() in (OURS, done), (point, seen[point])


def test_a_fault_of_ours_leaves_the_merge_to_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise AssertionError

    monkeypatch.setattr(driving, "merge_notes", fail)
    old, mine, yours = three(tmp_path)
    assert not drive(old, mine, yours, 7, tmp_path / A)
    assert "<<<<<<< ours" in mine.read_text()
    assert "call: A" in mine.read_text()
    assert "call: B" in mine.read_text()


def test_what_cannot_be_read_leaves_ours(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    old, mine, yours = three(tmp_path)
    with yours.open("ab") as file:
        file.truncate(LIMIT + 1)
    assert run(["merge-driver", str(old), str(mine), str(yours), "7", A]) == 1
    assert mine.read_text() == OURS
    assert "customers/acme.md is not merged: too large." in capfd.readouterr().err


def test_a_year_of_three_people_has_conflicts_where_a_careful_person_would(played: Year) -> None:
    figs = "- 2026-11-11 09:20 chat out, Minna: lovely pizza with figs, and the oil for the worktop is in the post\n"
    assert [(Path(met.path).stem, met.ours, met.theirs) for met in played.met] == [
        ("hotelli-satama", "next: 2027-02-10\n", "next: 2027-03-03\n"),
        ("laakso-perhe", figs, ""),
        ("kirjakauppa-lukutoukka", "stage: lead\n", "stage: prospect\n"),
        ("kirjakauppa-lukutoukka", "owner: matti\n", "owner: noora\n"),
    ]


def test_not_a_line_of_the_year_is_lost(played: Year) -> None:
    notes = "".join(path.read_text(encoding="utf-8") for path in (played.root / "customers").rglob("*.md"))
    assert len(played.lines) > 100
    assert [line for line in played.lines if line not in notes] == []
    talks = [done.new for done in played.done if done.what == "entry"]
    assert all(notes.count(talk.partition(": ")[2]) == 1 for talk in talks)
    kept = [done.old for done in played.done if done.what == "kept"]
    assert all(f"- [x] {promise} " in notes for promise in kept)
    assert "<<<<<<<" not in notes


def test_the_vault_of_the_year_is_sound(played: Year) -> None:
    assert run(["--vault", str(played.root), "--today", "2027-12-01", "--no-cache", "check"]) == 0
