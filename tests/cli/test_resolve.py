"""`plaincrm resolve`: the conflicts of a merge listed, and decided in the terminal."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from plaincrm.changes.conflicts import conflicts, decided
from plaincrm.cli.run import run
from plaincrm.records.schema import Schema
from tests.history.repository import commit_all, git, script, set_up
from tests.making import make_vault

NOTE = """\
---
name: Acme
<<<<<<< ours
vaihe: liidi
=======
vaihe: asiakas
>>>>>>> theirs
contacts:
<<<<<<< ours
  - Ann <ann@a.example>
=======
  - Bea <bea@a.example>
>>>>>>> theirs
---

## Log

### 2026-11-20 call in, Ann: hello
She said
<<<<<<< HEAD
yes
||||||| base
perhaps
=======
>>>>>>> matti
in the end.
- 2026-11-01 call: a
"""
A = "customers/acme.md"
SIDES = [  # field, about, ours, theirs
    ("vaihe", "stage", "vaihe: liidi\n", "vaihe: asiakas\n"),
    ("contacts", "contacts", "  - Ann <ann@a.example>\n", "  - Bea <bea@a.example>\n"),
    ("", "2026-11-20 call in, Ann: hello", "yes\n", ""),
]
DECIDED = """\
---
name: Acme
vaihe: asiakas
contacts:
  - Ann <ann@a.example>
  - Bea <bea@a.example>
---

## Log

### 2026-11-20 call in, Ann: hello
She said
yes
in the end.
- 2026-11-01 call: a
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return make_vault(tmp_path / "vault", {"acme.md": NOTE, "bea.md": "---\nname: Bea\n---\n"})


def at_terminal(root: Path, typed: str, editor: str = "false") -> tuple[int, str]:
    """The exit code and what is shown where both ends are a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "EDITOR": editor, "VISUAL": editor, "TERM": "dumb"}
    command = [sys.executable, "-m", "plaincrm", "--vault", str(root), "resolve"]
    shown = b""
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        os.write(ours, typed.encode())
        while True:
            try:
                part = os.read(ours, 1 << 16)
            except OSError:  # the terminal is gone
                break
            shown += part
        process.wait(timeout=60)
    os.close(ours)
    return process.returncode, shown.decode().replace("\r\n", "\n")


def text(root: Path) -> str:
    return (root / A).read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_what_stands_between_markers_is_found(ending: str) -> None:
    found = conflicts(A, NOTE.replace("\n", ending).encode(), Schema())
    assert [(item.field, item.about, item.ours, item.theirs) for item in found] == [
        (field, about, ours.replace("\n", ending), theirs.replace("\n", ending)) for field, about, ours, theirs in SIDES
    ]
    assert [item.line for item in found] == [3, 9, 20]
    assert [item.may_both_stay for item in found] == [False, True, True]
    assert [(item.our_label, item.their_label) for item in found][-1] == ("HEAD", "matti")


@pytest.mark.parametrize(
    "text", ["<<<<<<< a\nx\n", "=======\n>>>>>>> b\n", "<<<<<<< a\nx\n>>>>>>> b\n", "<<<<<<< a\n========\n>>>>>>>> b\n"]
)
def test_markers_that_make_no_conflict_are_text(text: str) -> None:
    assert conflicts(A, text.encode(), Schema()) == ()


def test_the_base_of_a_nested_merge_has_longer_markers_which_are_no_sides() -> None:
    base = "<<<<<<<<< a\nx\n=========\ny\n>>>>>>>>> b\n"
    text = f"<<<<<<<< stray\n<<<<<<< HEAD\nours\n||||||| merged\n{base}=======\ntheirs\n>>>>>>> matti\n{base}"
    found = conflicts(A, text.encode(), Schema())
    assert [(item.line, item.ours, item.theirs) for item in found] == [
        (2, "ours\n", "theirs\n"),
        (13, "x\n", "y\n"),
    ]


def test_what_is_left_undecided_keeps_its_markers() -> None:
    (step,) = decided(A, NOTE.encode(), Schema(), lambda item: item.theirs if item.field == "vaihe" else None)
    assert (
        step.change.new == NOTE.replace(NOTE[NOTE.index("<<<") : NOTE.index("contacts")], "vaihe: asiakas\n").encode()
    )
    assert step.what == ("decided stage: asiakas",)
    assert decided(A, NOTE.encode(), Schema(), lambda _item: None) == []


def test_without_a_terminal_they_are_listed(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--vault", str(root), "resolve"]) == 1
    said = capfd.readouterr().out
    assert f"{A}:3: stage\n  ours\n    vaihe: liidi\n  theirs\n    vaihe: asiakas\n\n" in said
    assert f"{A}:20: 2026-11-20 call in, Ann: hello\n  ours (HEAD)\n    yes\n  theirs (matti)\n    (nothing)\n" in said
    assert said.endswith("\n3 conflicts in 1 note.\n")
    assert run(["--vault", str(root), "resolve", "--format", "json"]) == 1
    told = json.loads(capfd.readouterr().out)["conflicts"]
    assert [(item["about"], item["ours"], item["theirs"]) for item in told] == [side[1:] for side in SIDES]
    assert run(["--vault", str(root), "resolve", "acme", "--format", "csv"]) == 1
    assert [row["line"] for row in csv.DictReader(io.StringIO(capfd.readouterr().out))] == ["3", "9", "20"]
    assert run(["--vault", str(root), "resolve", "bea"]) == 0
    assert capfd.readouterr().out == "There are no conflicts.\n"
    assert text(root) == NOTE


def test_a_key_decides_each(root: Path) -> None:
    code, shown = at_terminal(root, "t\nb\no\n")
    assert code == 0, shown
    assert text(root) == DECIDED
    assert "o ours, t theirs, e edit, s skip, q quit: " in shown  # a field has one value
    assert "o ours, t theirs, b both, e edit, s skip, q quit: " in shown
    assert f"{A}:3: decided stage: asiakas; decided contacts: Ann <" in shown
    assert "git add says to git that a note is done.\n" in shown


def test_what_is_decided_is_taken_back_by_undo(root: Path) -> None:
    at_terminal(root, "t\nb\no\n")
    assert run(["--vault", str(root), "undo"]) == 0
    assert text(root) == NOTE


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("take", "said", "left"),
    [
        ("ours", "2026-11-20 call in, Ann: yes", "### 2026-11-20 call in, Ann: yes\n"),
        ("theirs", "2026-11-21 email: no", "### 2026-11-21 email: no\nbody\n"),
        (
            "both",
            "2026-11-20 call in, Ann: yes",
            "### 2026-11-20 call in, Ann: yes\n\n### 2026-11-21 email: no\nbody\n",
        ),
    ],
)
def test_what_is_taken_is_told(take: str, said: str, left: str, ending: str) -> None:
    head = "---\nname: Acme\n---\n## Log\n\n"
    sides = "<<<<<<< a\n### 2026-11-20 call in, Ann: yes\n=======\n### 2026-11-21 email: no\nbody\n>>>>>>> b\n"
    note = (head + sides).replace("\n", ending).encode()
    (step,) = decided(A, note, Schema(), lambda item: getattr(item, take))
    assert step.what == (f"decided {said}",)
    assert step.change.new == (head + left).replace("\n", ending).encode()


def test_one_may_skip_edit_and_quit(root: Path, tmp_path: Path) -> None:
    editor = script(tmp_path / "editor", 'sed -i "s/Ann/Anna/" "$1"')
    code, shown = at_terminal(root, "s\ne\nq\n", str(editor))
    assert code == 1
    assert "2 conflicts are left." in shown
    assert "contacts:\n  - Anna <ann@a.example>\n  - Bea <bea@a.example>\n---\n" in text(root)
    assert text(root).count("<<<<<<<") == 2


def test_all_may_be_decided_at_once(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--vault", str(root), "resolve", "--take", "both"]) == 2
    assert f"{A}:3: stage has one value.\nTake ours or theirs.\n" in capfd.readouterr().err
    assert text(root) == NOTE
    assert run(["--vault", str(root), "resolve", "--take", "theirs"]) == 0
    assert "vaihe: asiakas\ncontacts:\n  - Bea <bea@a.example>\n---" in text(root)
    assert "She said\nin the end." in text(root)


def test_it_says_whose_the_sides_are(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up(tmp_path, monkeypatch)
    (root / A).write_text("---\nname: Acme\n---\nx\n")
    git(root, "init", "--quiet")
    commit_all(root)
    for branch, said in (("matti", "theirs"), ("main", "ours")):
        git(root, "checkout", "--quiet", *(["-b", branch] if branch == "matti" else [branch]))
        (root / A).write_text(f"---\nname: Acme\n---\n{said}\n")
        git(root, "-c", f"user.name={branch.title()}", "commit", "--quiet", "--all", "-m", f"it is {said}")
    with pytest.raises(Exception, match="status 1"):
        git(root, "merge", "matti")
    assert run(["--vault", str(root), "resolve"]) == 1
    said = capfd.readouterr().out
    day = git(root, "log", "-1", "--format=%as").strip()
    assert f"  ours (HEAD, Main, {day}: it is ours)\n    ours\n" in said
    assert f"  theirs (matti, Matti, {day}: it is theirs)\n    theirs\n" in said


def test_a_note_that_both_renamed_has_longer_markers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Two branches give Sami another name, and change one sale; git writes eight signs in both notes it leaves."""
    set_up(tmp_path, monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    text = "---\nname: Sami\nsince: 2020\n---\n\n## Log\n\n- 2026-11-01 visit: painted [sale:: 100 EUR]\n"
    root = make_vault(tmp_path / "vault", {"sami.md": text + "- 2026-10-01 call: about the hall\n" * 9})
    git(root, "init", "--quiet")
    commit_all(root)
    for branch, name, sale in (("matti", "Sami Alpha", "200"), ("main", "Sami Beta", "300")):
        git(root, "checkout", "--quiet", *(["-b", branch] if branch == "matti" else [branch]))
        assert run(["--vault", str(root), "rename", "sami", name]) == 0
        note = root / f"customers/{name.lower().replace(' ', '-')}.md"
        note.write_text(note.read_text().replace("100 EUR", f"{sale} EUR"))
        commit_all(root)
    with pytest.raises(subprocess.CalledProcessError):
        git(root, "merge", "matti")
    beta = root / "customers/sami-beta.md"
    assert "\n<<<<<<<< " in beta.read_text()
    capfd.readouterr()
    assert run(["--vault", str(root), "resolve"]) == 1
    twice = (
        "customers/sami-beta.md: both sides renamed this note, theirs to customers/sami-alpha.md; git left it twice:"
        " keep one, git rm the other\n"
    )
    assert twice in capfd.readouterr().out

    assert run(["--vault", str(root), "check", str(beta)]) == 1
    said = capfd.readouterr().out
    assert "unresolved-merge" in said
    assert "bad-yaml" not in said
    assert run(["--vault", str(root), "check"]) == 1
    assert f"plaincrm: {twice[:-1]}.\n" in capfd.readouterr().err
    assert run(["--vault", str(root), "--today", "2026-11-21", "log", "sami-beta", "call: hello"]) != 0
    assert "both sides of a merge stand in it" in capfd.readouterr().err
    assert run(["--vault", str(root), "git-setup", "--hooks"]) == 0
    git(root, "add", "--all")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        git(root, "commit", "--message", "all is well")
    assert b"error unresolved-merge" in refused.value.stdout + refused.value.stderr

    git(root, "reset", "--quiet", "--merge")
    with pytest.raises(subprocess.CalledProcessError):
        git(root, "merge", "matti")
    assert run(["--vault", str(root), "resolve", "--take", "ours"]) == 1  # git waits for one of the names to go
    assert twice in capfd.readouterr().out
    assert "name: Sami Beta\n" in beta.read_text()
    assert "[sale:: 300 EUR]" in beta.read_text()
    assert "<<<<" not in beta.read_text() + (root / "customers/sami-alpha.md").read_text()
    git(root, "rm", "--quiet", "customers/sami-alpha.md", "customers/sami.md")
    git(root, "add", "customers/sami-beta.md")
    assert run(["--vault", str(root), "resolve"]) == 0


def test_a_generated_note_is_made_fresh_and_not_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Both sides have a new customer, and a list that each has made fresh."""
    set_up(tmp_path, monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = make_vault(tmp_path / "vault", {"acme.md": "---\nname: Acme\n---\n"}, '[notes]\n"All.md" = "list"\n')
    git(root, "init", "--quiet")
    assert run(["--vault", str(root), "notes"]) == 0
    commit_all(root)
    for branch, name in (("matti", "Bea"), ("main", "Cee")):
        git(root, "checkout", "--quiet", *(["-b", branch] if branch == "matti" else [branch]))
        (root / f"customers/{name.lower()}.md").write_text(f"---\nname: {name}\n---\n")
        assert run(["--vault", str(root), "notes"]) == 0
        commit_all(root)
    with pytest.raises(subprocess.CalledProcessError):
        git(root, "merge", "matti")
    capfd.readouterr()
    assert run(["--vault", str(root), "resolve"]) == 1
    assert "All.md: generated on both sides: git checkout --ours takes ours back" in capfd.readouterr().out
    git(root, "checkout", "--ours", "All.md")
    assert run(["--vault", str(root), "notes"]) == 0
    git(root, "add", "All.md")
    assert run(["--vault", str(root), "resolve"]) == 0
    assert all(name in (root / "All.md").read_text() for name in ("Acme", "Bea", "Cee"))


def merging(root: Path, how: tuple[str, ...], changes: dict[str, list[dict[str, str | None]]]) -> None:
    """Branches from one commit, each with commits that write files (None: delete); then one goes into the other.

    Whoever commits is called as the branch with a capital, and the message is `BRANCH NUMBER`.
    """
    git(root, "init", "--quiet")
    commit_all(root)
    for branch, commits in changes.items():
        git(root, "checkout", "--quiet", *(["main"] if branch == "main" else ["-b", branch, "main"]))
        for number, files in enumerate(commits, 1):
            for name, text in files.items():
                if text is None:
                    (root / name).unlink()
                else:
                    (root / name).write_text(text)
            git(root, "add", "--all")
            git(root, "-c", f"user.name={branch.title()}", "commit", "--quiet", "-m", f"{branch} {number}")
    with pytest.raises(subprocess.CalledProcessError):
        git(root, *how)


def test_files_that_are_decided_elsewhere_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up(tmp_path, monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    acme = "---\nname: Acme\n---\nold\n"
    root = make_vault(tmp_path / "vault", {"acme.md": acme, "bea.md": "---\nname: Bea\n---\n"})
    (root / "Home.md").write_text("x\n")
    theirs: dict[str, str | None] = {A: acme + "new\n", "Home.md": "theirs\n"}
    merging(root, ("merge", "matti"), {"matti": [theirs], "main": [{A: None, "Home.md": "ours\n"}]})

    assert run(["--vault", str(root), "resolve"]) == 1
    assert capfd.readouterr().out == (
        "Home.md: both sides changed it\n"
        f"{A}: ours took it away, theirs changed it\n"
        "git waits for them: edit, then git add FILE; or git rm FILE to let it go.\n"
    )
    assert run(["--vault", str(root), "resolve", "--format", "json"]) == 1
    assert json.loads(capfd.readouterr().out) == {
        "conflicts": [],
        "unmerged": [
            {"file": "Home.md", "why": "both sides changed it"},
            {"file": A, "why": "ours took it away, theirs changed it"},
        ],
    }
    assert run(["--vault", str(root), "resolve", "bea"]) == 0
    capfd.readouterr()
    (root / "Home.md").write_text("both\n")
    assert run(["--vault", str(root), "resolve", "--take", "ours"]) == 1
    assert "Home.md" not in capfd.readouterr().out
    git(root, "rm", "--quiet", A)
    assert run(["--vault", str(root), "resolve"]) == 0
    assert capfd.readouterr().out == "There are no conflicts.\n"


@pytest.mark.parametrize(
    ("how", "ours", "theirs"),
    [
        (("merge", "matti"), "Main", "Matti"),
        (("cherry-pick", "matti~1"), "Main", "Matti"),
        (("rebase", "main", "matti"), "Main", "Matti"),
        (("rebase", "matti", "main"), "Matti", "Main"),
    ],
    ids=["merge", "cherry-pick", "their branch rebased", "our branch rebased"],
)
def test_each_side_is_who_set_the_value_last(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    how: tuple[str, ...],
    ours: str,
    theirs: str,
) -> None:
    """Each branch sets the stage in its first commit, and something else in the second."""
    set_up(tmp_path, monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    note = "---\nname: Acme\nstage: lead\ncity: Turku\n---\n\n## Log\n\n- 2026-11-01 call: a\n"
    root = make_vault(tmp_path / "vault", {"acme.md": note})
    matti, main = note.replace("lead", "customer"), note.replace("lead", "former")
    more = "- 2026-10-01 call: b\n"
    merging(root, how, {"matti": [{A: matti}, {A: matti + more}], "main": [{A: main}, {A: main + more}]})

    assert run(["--vault", str(root), "resolve"]) == 1
    said = capfd.readouterr().out
    sides = [row.strip() for row in said.splitlines() if row.startswith(("  ours", "  theirs"))]
    for side, who in zip(sides, (ours, theirs), strict=True):
        assert f", {who}, " in side
        assert side.endswith(f": {who.lower()} 1)")
