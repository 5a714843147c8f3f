"""What is committed of a vault, read: revisions, days, files and bytes, from repositories of every state."""

from __future__ import annotations

import subprocess
from datetime import UTC, date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from plaincrm.errors import UsageError
from plaincrm.history.git import GitFailed
from plaincrm.history.repository import NotInGit, Repository


def git(folder: Path, *words: str, when: str = "2026-01-01T12:00:00+0000") -> str:
    done = subprocess.run(
        ["git", "-C", folder, "-c", "user.name=Liisa", "-c", "user.email=liisa@example.com", *words],
        env={"PATH": "/usr/bin:/bin", "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "HOME": str(folder)},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def saved(folder: Path, day: str, name: str, text: str) -> str:
    """A commit of one file on a day."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", f"{name} on {day}", when=day if "T" in day else f"{day}T12:00:00+0000")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def test_a_revision_is_named_as_git_names_it(vault: Path) -> None:
    first, second = saved(vault, "2026-01-01", "a.md", "1"), saved(vault, "2026-02-01", "a.md", "2")
    repository = Repository(vault)
    assert repository.commit("HEAD") == repository.commit("main") == repository.commit(second[:8]) == second
    assert repository.commit("HEAD~1") == first


@pytest.mark.parametrize("word", ["nowhere", "HEAD~9", "--output=x", "-h", "HEAD:a.md", "", "a\nb"])
def test_what_is_no_revision_is_said_so(vault: Path, word: str) -> None:
    saved(vault, "2026-01-01", "a.md", "1")
    with pytest.raises(UsageError, match="is no revision"):
        Repository(vault).commit(word)


def test_a_day_means_the_last_commit_of_it(vault: Path) -> None:
    """Late in the evening in Helsinki is the day before by the clocks of Greenwich."""
    first = saved(vault, "2026-01-01", "a.md", "1")
    late = saved(vault, "2026-02-01T22:30:00+0000", "a.md", "2")
    repository = Repository(vault)
    assert repository.commit_on(date(2026, 1, 31)) == first
    assert repository.commit_on(date(2026, 2, 1)) == late
    assert repository.commit_on(date(2026, 2, 1), ZoneInfo("Europe/Helsinki")) == first
    with pytest.raises(UsageError, match="Nothing was committed up to 2025-12-31: the history begins on 2026-01-01"):
        repository.commit_on(date(2025, 12, 31), UTC)


def test_a_commit_with_a_wrong_clock_hides_nothing(vault: Path) -> None:
    """A commit of 1970 between two others is as late as the one before it."""
    saved(vault, "2026-01-01", "a.md", "1")
    odd = saved(vault, "1970-01-02", "a.md", "2")
    last = saved(vault, "2026-03-01", "a.md", "3")
    repository = Repository(vault)
    assert repository.commit_on(date(2026, 2, 1)) == odd
    assert repository.commit_on(date(2026, 3, 1)) == last


def test_the_files_of_a_vault_below_the_root(vault: Path) -> None:
    """Paths are those of the vault; a name that is no UTF-8 keeps its bytes, and a link is told by its mode."""
    below = vault / "crm"
    below.mkdir()
    (below / "b.md").symlink_to("customers/ä.md")
    (vault / "other.md").write_text("not ours")
    commit = saved(vault, "2026-01-01", "crm/customers/ä.md", "Åke")
    repository = Repository(below)
    assert repository.prefix == "crm/"
    files = repository.files(commit)
    assert [(blob.path, blob.mode) for blob in files] == [("b.md", 0o120000), ("customers/ä.md", 0o100644)]
    with repository.objects() as objects:
        assert [objects.read(blob.name) for blob in files] == ["customers/ä.md".encode(), "Åke".encode()]
        assert objects.read("0" * 40) is None
        assert objects.read(commit) is None, "a commit is no file"
        assert objects.read(files[1].name, limit=3) is None
        assert objects.read(files[1].name) == "Åke".encode(), "what was passed over does not get in the way"
    assert repository.files(repository.commit("HEAD")) == files


def test_a_folder_that_was_not_there_then_held_nothing(vault: Path) -> None:
    saved(vault, "2026-01-01", "a.md", "1")
    saved(vault, "2026-02-01", "crm/b.md", "2")
    assert Repository(vault / "crm").files("HEAD~1") == []


def test_states_of_repositories(tmp_path: Path, vault: Path) -> None:
    """No repository, nothing committed, shallow, a worktree, sha256, detached."""
    (tmp_path / "plain").mkdir()
    with pytest.raises(NotInGit, match="in no git repository"):
        Repository(tmp_path / "plain")
    with pytest.raises(NotInGit, match="Nothing is committed"):
        Repository(vault).commit("HEAD")
    first, second = saved(vault, "2026-01-01", "a.md", "1"), saved(vault, "2026-02-01", "a.md", "2")
    git(vault, "worktree", "add", "-q", "--detach", str(tmp_path / "tree"), first)
    assert Repository(tmp_path / "tree").commit("HEAD") == first
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{vault}", "shallow")
    shallow = Repository(tmp_path / "shallow")
    assert shallow.is_shallow
    assert shallow.commit("HEAD") == second
    with pytest.raises(UsageError) as refused:
        shallow.commit("HEAD~1")
    assert "git fetch --unshallow" in refused.value.remedy
    with pytest.raises(UsageError, match="this shallow clone begins on 2026-02-01"):
        shallow.commit_on(date(2026, 1, 15))
    git(tmp_path, "init", "-q", "--object-format=sha256", "long")
    long = saved(tmp_path / "long", "2026-01-01", "a.md", "1")
    assert len(long) == 64
    assert Repository(tmp_path / "long").files(long)[0].path == "a.md"


def test_a_bare_repository_is_no_vault(tmp_path: Path, vault: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "bare.git")
    with pytest.raises(GitFailed, match="bare repository"):
        Repository(tmp_path / "bare.git")
    with pytest.raises(GitFailed, match="bare repository"):
        Repository(vault / ".git")


def test_nothing_of_the_repository_runs(vault: Path, tmp_path: Path) -> None:
    """What its settings and attributes name stays where it is when revisions, files and bytes are read."""
    mark = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\nexec cat\n")
    program.chmod(0o755)
    saved(vault, "2026-01-01", ".gitattributes", "* filter=evil diff=evil\n")
    commit = saved(vault, "2026-01-02", "a.md", "1")
    for key in ("core.fsmonitor", "filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "core.pager"):
        git(vault, "config", key, str(program))
    git(vault, "config", "core.hooksPath", str(tmp_path))
    repository = Repository(vault)
    assert repository.commit_on(date(2026, 1, 2)) == repository.commit("HEAD") == commit
    with repository.objects() as objects:
        assert [objects.read(blob.name) for blob in repository.files(commit)][1] == b"1"
    assert not mark.exists()
