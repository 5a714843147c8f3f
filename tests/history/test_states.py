"""Answers from the past in repositories of every state: right, or a clear word; and nothing of theirs runs."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import click
import pytest

import plaincrm
from plaincrm.cli.complete import revisions
from plaincrm.cli.group import cli
from plaincrm.errors import UsageError
from plaincrm.history.repository import NotInGit, Repository
from plaincrm.history.revision import Revision
from plaincrm.index import reading
from plaincrm.index.past import KEPT
from plaincrm.index.store import index_path
from plaincrm.vault.vault import load_vault
from tests.history.asking import asked
from tests.history.repository import script
from tests.history.test_repository import git, saved

NOTE = "---\nname: {name}\nstage: lead\n---\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read into an index from now on."""
    names: list[str] = []
    really = reading.read_file

    def counted(file: int, disk_path: str, *rest: object) -> object:
        names.append(disk_path)
        return really(file, disk_path, *rest)

    monkeypatch.setattr(reading, "read_file", counted)
    return names


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """Three days: Acme and Other, Acme renamed and a third, Other gone."""
    folder = tmp_path / "vault"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "plaincrm.toml").touch()
    for name in ("acme", "other"):
        saved(folder, "2026-01-01", f"customers/{name}.md", NOTE.format(name=name.title()))
    saved(folder, "2026-02-01", "customers/acme.md", NOTE.format(name="Acme Ltd"))
    saved(folder, "2026-02-01", "customers/third.md", NOTE.format(name="Third"))
    (folder / "customers" / "other.md").unlink()
    saved(folder, "2026-03-01", "customers/acme.md", NOTE.format(name="Acme Oy"))
    return folder


def names(vault: plaincrm.Vault) -> list[str]:
    return [customer.name for customer in vault.list().customers]


def test_a_day_and_a_revision(vault: Path) -> None:
    now = plaincrm.open_vault(vault)
    assert names(now.as_of(date(2026, 1, 15))) == ["Acme", "Other"]
    assert names(now.as_of(date(2026, 2, 1))) == ["Acme Ltd", "Other", "Third"]
    assert names(now.as_of("HEAD~1")) == ["Acme Ltd", "Other", "Third"]
    assert names(now.as_of(date(2030, 1, 1))) == ["Acme Oy", "Third"]
    assert names(now.as_of("HEAD").as_of(date(2026, 1, 15))) == ["Acme", "Other"]
    told = now.as_of(date(2026, 2, 20)).notices
    assert told == [
        f"As committed on 2026-02-01 ({git(vault, 'rev-parse', 'HEAD~1')[:7]}, “customers/third.md on 2026-02-01”)."
    ]


def test_a_second_look_reads_nothing_and_a_first_one_what_differs(vault: Path, read: list[str]) -> None:
    now = plaincrm.open_vault(vault)
    names(now)
    read.clear()
    now.as_of("HEAD").agenda(date(2026, 3, 1))
    assert read == []  # all of it stands in the index of the working files
    now.as_of("HEAD~1").agenda(date(2026, 3, 1))
    assert sorted(read) == ["customers/acme.md", "customers/other.md"]
    read.clear()
    plaincrm.open_vault(vault).as_of("HEAD~1").value()
    git(vault, "commit", "-q", "--allow-empty", "-m", "nothing new", when="2026-03-02T12:00:00+0000")
    plaincrm.open_vault(vault).as_of("HEAD").value()
    assert read == []


def test_few_indexes_are_kept_and_that_of_longest_ago_goes(vault: Path, read: list[str]) -> None:
    for number in range(KEPT + 2):
        saved(vault, "2026-04-01", "customers/acme.md", NOTE.format(name=f"Acme {number}"))
    now = plaincrm.open_vault(vault)
    for back in range(KEPT + 2):
        assert names(now.as_of(f"HEAD~{back}"))[0] == f"Acme {KEPT + 1 - back}"
    own = index_path(load_vault(vault))
    assert len([*own.parent.glob(f"{own.stem}-*.sqlite")]) == KEPT
    read.clear()
    assert names(now.as_of(f"HEAD~{KEPT + 1}"))[0] == "Acme 0"
    assert read == []
    assert names(now.as_of("HEAD~1"))[0] == f"Acme {KEPT}"
    assert read == ["customers/acme.md"]


@pytest.mark.parametrize("damage", ["cut", "other", "gone"])
def test_a_damaged_index_of_a_state_costs_time_and_no_answer(vault: Path, damage: str) -> None:
    now = plaincrm.open_vault(vault)
    right = names(now.as_of("HEAD~2"))
    for path in index_path(load_vault(vault)).parent.glob("*.sqlite"):
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:5000] if damage == "cut" else b"no index" * 2000)
    assert names(plaincrm.open_vault(vault).as_of("HEAD~2")) == right


def test_settings_are_those_of_then(vault: Path) -> None:
    saved(vault, "2026-05-01", "plaincrm.toml", '[vault]\nrecords = ["customers/acme.md"]\n')
    now = plaincrm.open_vault(vault)
    assert names(now) == ["Acme Oy"]
    assert names(now.as_of("HEAD~1")) == ["Acme Oy", "Third"]
    (vault / "plaincrm.toml").unlink()
    assert names(now.as_of("HEAD")) == ["Acme Oy"]


@pytest.mark.parametrize("path", ["log", "next", "set", "fix", "undo", "new", "check --fix", "check --write-baseline"])
def test_what_was_is_not_changed(vault: Path, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    from plaincrm.cli.run import run

    more = {"log": ["acme", "call: x"], "next": ["acme", "friday"], "set": ["acme", "city=Turku"], "new": ["Y Oy"]}
    before = {file: file.read_bytes() for file in vault.rglob("*.md")}
    for clock in (["--rev", "HEAD"], ["--as-of", "2026-02-02"], ["--as-of", "2026-02-02", "--hindsight"]):
        assert run(["--vault", str(vault), *clock, *path.split(), *more.get(path, [])]) == 2
        assert "What was cannot be changed." in capsys.readouterr().err
    assert {file: file.read_bytes() for file in vault.rglob("*.md")} == before
    with pytest.raises(UsageError, match="What was cannot be changed"):
        plaincrm.open_vault(vault).as_of("HEAD").fix()


def test_where_there_is_no_past(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    (folder / "customers").mkdir(parents=True)
    (folder / "customers" / "a.md").write_text(NOTE.format(name="A"))
    vault = plaincrm.open_vault(folder)
    with pytest.raises(NotInGit, match="in no git repository"):
        vault.as_of("HEAD")
    git(folder, "init", "-q", "-b", "main")
    with pytest.raises(NotInGit, match="Nothing is committed"):
        vault.as_of(date(2026, 1, 1))
    saved(folder, "2026-01-01", "b.md", "")
    with pytest.raises(UsageError, match="the history begins on 2026-01-01"):
        vault.as_of(date(2025, 12, 31))
    assert names(vault.as_of("HEAD")) == ["A"]


def test_a_vault_below_the_root_and_a_folder_that_was_not_there(tmp_path: Path) -> None:
    saved_in = tmp_path / "repository"
    saved_in.mkdir()
    git(saved_in, "init", "-q", "-b", "main")
    saved(saved_in, "2026-01-01", "customers/other.md", NOTE.format(name="Not ours"))
    saved(saved_in, "2026-02-01", "crm/customers/acme.md", NOTE.format(name="Acme"))
    (saved_in / "crm" / "customers" / "out.md").symlink_to("../../customers/other.md")
    saved(saved_in, "2026-02-01", "crm/plaincrm.toml", "")
    vault = plaincrm.open_vault(saved_in / "crm")
    then = vault.as_of("HEAD")
    assert names(then) == ["Acme"]
    assert [item.code for item in then.check().diagnostics] == ["link-out-of-vault"]
    before = vault.as_of("HEAD~2")
    assert names(before) == []
    assert "There are no notes at" in before.notices[-1]


def test_a_shallow_clone_says_so(vault: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{vault}", "shallow")
    shallow = plaincrm.open_vault(tmp_path / "shallow")
    assert names(shallow.as_of("HEAD")) == ["Acme Oy", "Third"]
    with pytest.raises(UsageError, match="this shallow clone begins on 2026-03-01"):
        shallow.as_of(date(2026, 2, 1))
    with pytest.raises(UsageError, match="is no revision") as refused:
        shallow.as_of("HEAD~1")
    assert "--unshallow" in refused.value.remedy


def test_a_worktree_a_submodule_and_a_detached_head(vault: Path, tmp_path: Path) -> None:
    git(vault, "worktree", "add", "-q", "--detach", str(tmp_path / "tree"), "HEAD~1")
    tree = plaincrm.open_vault(tmp_path / "tree")
    assert names(tree.as_of("HEAD")) == ["Acme Ltd", "Other", "Third"]
    assert names(tree.as_of("main")) == ["Acme Oy", "Third"]
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q", "-b", "main")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(vault), "customers/inner")
    saved(outer, "2026-04-01", "customers/own.md", NOTE.format(name="Own"))
    assert names(plaincrm.open_vault(outer).as_of("HEAD")) == ["Own"]  # a submodule is a vault of its own
    assert names(plaincrm.open_vault(outer / "customers" / "inner").as_of("HEAD~1")) == ["Acme Ltd", "Other", "Third"]


def test_longer_names_of_objects(tmp_path: Path, read: list[str]) -> None:
    folder = tmp_path / "sha256"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main", "--object-format=sha256")
    for number in (1, 2):
        saved(folder, f"2026-0{number}-01", "customers/a.md", NOTE.format(name=f"A{number}"))
    saved(folder, "2026-02-02", "customers/b.md", NOTE.format(name="B"))
    vault = plaincrm.open_vault(folder)
    assert names(vault) == ["A2", "B"]
    assert names(vault.as_of("HEAD")) == ["A2", "B"]
    assert names(vault.as_of("HEAD~2")) == ["A1"]
    read.clear()
    assert names(vault.as_of("HEAD~1")) == ["A2"]
    assert names(vault.as_of("HEAD")) == ["A2", "B"]
    assert read == []


@pytest.mark.parametrize("how", ["merge", "rebase"])
def test_in_the_middle_of_something(vault: Path, how: str) -> None:
    git(vault, "checkout", "-q", "-b", "side", "HEAD~1")
    saved(vault, "2026-04-01", "customers/acme.md", NOTE.format(name="Acme Aside"))
    with pytest.raises(Exception, match="returned non-zero"):
        git(vault, how, "main")
    now = plaincrm.open_vault(vault)
    assert names(now.as_of("side")) == ["Acme Aside", "Other", "Third"]
    assert names(now.as_of("HEAD"))[0] == ("Acme Aside" if how == "merge" else "Acme Oy")


def test_a_bare_repository_is_no_vault(vault: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(vault), "bare.git")
    assert "[0]" not in asked(tmp_path / "bare.git", "--rev", "HEAD", "list")


def test_a_hostile_repository_runs_nothing(vault: Path, tmp_path: Path) -> None:
    trap = script(tmp_path / "trap.sh", f"touch {tmp_path / 'sprung'}; cat")
    programs = ("core.fsmonitor", "core.sshCommand", "core.pager", "core.hooksPath", "core.editor", "gpg.program")
    filters = ("diff.external", "diff.x.textconv", "filter.x.smudge", "filter.x.clean", "filter.x.process")
    for name in (*programs, *filters):
        git(vault, "config", name, str(trap))
    (vault / ".gitattributes").write_text("* filter=x diff=x\n")
    hooks = vault / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        shutil.copy(trap, hooks / hook)
    now = plaincrm.open_vault(vault)
    assert names(now.as_of("HEAD~1")) == ["Acme Ltd", "Other", "Third"]
    now.trend("list", "month", date(2026, 3, 1))
    assert not (tmp_path / "sprung").exists()


def test_what_is_told_of_a_commit_is_no_command_of_a_terminal(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from plaincrm.cli.run import run

    git(vault, "commit", "-q", "--allow-empty", "-m", "\x1b[2Jgone", when="2026-03-02T12:00:00+0000")
    run(["--vault", str(vault), "--rev", "HEAD", "list"])
    assert "\x1b" not in capsys.readouterr().err


def test_links_are_followed_in_the_tree(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    (folder / "a" / "b").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "a" / "b" / "file.txt").write_text("here")
    links = {"one": "a/b/file.txt", "two": "one", "dir": "a", "up": "a/b/../../one", "loop": "loop", "no": "nowhere",
             "out": "../x", "whole": str(folder / "a")}  # fmt: skip
    for name, target in links.items():
        (folder / name).symlink_to(target)
    saved(folder, "2026-01-01", "plaincrm.toml", "")
    files = Revision(Repository(folder), folder, Repository(folder).commit("HEAD"))
    for path in ("one", "two", "up", "dir/b/file.txt"):
        assert files.follow(path).path == "a/b/file.txt", path
        assert files.read(path) == b"here"
    assert files.follow("dir/b").path == "a/b"
    assert (files.follow("out").path, files.follow("whole").path) == (None, None)
    for path in ("loop", "no", "one/x", "nowhere"):
        with pytest.raises(OSError):  # noqa: PT011 (there are several)
            files.follow(path)
    there = list(files.paths())
    assert there == ["loop", "no", "one", "out", "plaincrm.toml", "two", "up", "whole", "a/b/file.txt"]


def test_a_shell_completes_branches_and_tags(vault: Path) -> None:
    context = click.Context(cli, resilient_parsing=True)
    context.params["vault"] = str(vault)
    git(vault, "tag", "made")
    found = revisions(context, cli.params[0], "ma")
    assert [item.value for item in found] == ["made", "main"]
