"""git told how to merge notes: what is set, what is left alone, and all of it taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

import plaincrm
from plaincrm.cli.run import run
from plaincrm.index.rows import read_file
from tests.history.repository import commit_all, git, script, set_up
from tests.making import make_vault

NOTE = "---\nname: Acme\n---\n\n## Log\n- 2026-11-20 call in: one\n- 2026-10-20 call in: two\n"
SETTINGS = ["merge.plaincrm.driver", "merge.plaincrm.name", "diff.plaincrm.xfuncname"]
HOOKS = ["hook pre-commit", "hook prepare-commit-msg", "hook post-merge"]
LINE = "customers/**/*.md merge=plaincrm diff=plaincrm\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    set_up(tmp_path, monkeypatch)
    root = make_vault(tmp_path / "my vault", {"acme.md": NOTE})
    git(root, "init", "--quiet")
    commit_all(root)
    return root


def setup(root: Path, capfd: pytest.CaptureFixture[str], *words: str, code: int = 0) -> list[str]:
    assert run(["--vault", str(root), "git-setup", *words]) == code
    return capfd.readouterr().out.splitlines()


def all_files(root: Path) -> dict[str, bytes]:
    """The files of the working tree, the settings and the hooks."""
    files = [path for path in root.rglob("*") if path.is_file() and ".git" not in path.relative_to(root).parts[:1]]
    files += [root / ".git/config", *(root / ".git/hooks").iterdir()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_it_says_what_it_does_and_a_second_time_does_nothing(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert setup(root, capfd, "--check", code=1) == [f"{name} is missing" for name in (*SETTINGS, ".gitattributes")]
    assert setup(root, capfd) == [
        *(f"{name} is set" for name in SETTINGS),
        ".gitattributes has a line for customers/**/*.md",
    ]
    assert (root / ".gitattributes").read_text() == LINE
    before = all_files(root)
    assert setup(root, capfd) == [f"{name} is there" for name in (*SETTINGS, ".gitattributes")]
    assert setup(root, capfd, "--check") == [f"{name} is there" for name in (*SETTINGS, ".gitattributes")]
    assert all_files(root) == before


def test_what_it_made_is_taken_away_and_nothing_else(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (root / ".gitattributes").write_bytes(b"*.png binary\r\n*.md text")
    git(root, "config", "merge.other.driver", "true")
    git(root, "config", "merge.plaincrm.recursive", "text")
    script(root / ".git/hooks/pre-push", "true")
    before = all_files(root)
    setup(root, capfd, "--hooks", "--textconv")
    assert (root / ".gitattributes").read_bytes() == b"*.png binary\r\n*.md text\r\n" + LINE.encode()[:-1] + b"\r\n"
    setup(root, capfd, "--remove")
    after = all_files(root)
    assert after.pop(".gitattributes") == before.pop(".gitattributes") + b"\r\n"
    assert after == before


def test_what_was_set_by_another_plaincrm_is_set_anew(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    git(root, "config", "merge.plaincrm.driver", "/gone/plaincrm merge-driver %O %A %B %L %P")
    assert setup(root, capfd, "--check", code=1)[0] == "merge.plaincrm.driver is another one"
    assert setup(root, capfd)[0] == "merge.plaincrm.driver is set anew"
    assert "/gone/" not in git(root, "config", "merge.plaincrm.driver")


def test_the_attributes_reach_the_records_of_a_vault_below_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up(tmp_path, monkeypatch)
    settings = '[vault]\nrecords = ["my notes/**/*.md", "*.markdown"]\n'
    root = make_vault(tmp_path / "all/vault", {"my notes/a/acme.md": NOTE}, settings)
    git(tmp_path / "all", "init", "--quiet")
    setup(root, capfd)
    names = {"my notes/a/acme.md": "plaincrm", "x.markdown": "plaincrm", "a/x.markdown": "unspecified"}
    for name, driver in names.items():
        assert git(root, "check-attr", "merge", "--", name).rstrip().endswith(f": {driver}")


def test_another_line_for_the_same_notes_is_named(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    setup(root, capfd)
    with (root / ".gitattributes").open("a") as file:
        file.write("*.md merge=union\n")
    assert setup(root, capfd, "--check", code=1)[-1] == ".gitattributes is another one"
    said = ".gitattributes has our lines, and another one, or .git/info/attributes, says otherwise"
    assert setup(root, capfd)[-1] == said


def test_git_diff_names_the_entry_and_the_field(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    setup(root, capfd)
    lines = "".join(f"  line {number}\n" for number in range(9))
    fields = NOTE.replace("name: Acme\n", "name: Acme\ncontacts:\n  - A\n  - B\n  - C\n  - D\n")
    note = f"{fields}{lines}\n### 2026-01-02 visit: three\n{lines}\n## Notes\n{lines}"
    (root / "customers/acme.md").write_text(note)
    commit_all(root)
    (root / "customers/acme.md").write_text(note.replace("line 5", "line five").replace("  - D", "  - E"))
    heads = [line for line in git(root, "diff").splitlines() if line.startswith("@@")]
    assert [head.partition(" @@")[2].strip() for head in heads] == [
        "contacts:",
        "- 2026-10-20 call in: two",
        "### 2026-01-02 visit: three",
        "## Notes",
    ]


def test_textconv_shows_canonical_words_where_it_is_wished(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (root / "customers/acme.md").write_text("---\nnimi: Acme\nvaihe: liidi\n---\n")
    commit_all(root)
    (root / "customers/acme.md").write_text("---\nnimi: Acme\nvaihe: asiakas\n---\n")
    setup(root, capfd)
    assert "-vaihe: liidi\n+vaihe: asiakas\n" in git(root, "diff")
    setup(root, capfd, "--textconv")
    assert "-stage: lead\n+stage: customer\n" in git(root, "diff")


def test_hooks_of_the_user_stay(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    own = script(root / ".git/hooks/pre-commit", "exit 0")
    before = own.read_bytes()
    said = setup(root, capfd, "--hooks")[-3:]
    assert said[0].startswith("hook pre-commit is yours and stays as it is; let it run: git ls-files --stage -z | /")
    assert [line.rpartition(" is ")[2] for line in said[1:]] == ["written", "written"]
    assert own.read_bytes() == before
    assert setup(root, capfd, "--hooks", "--check", code=1)[-3] == "hook pre-commit is another one"
    own.write_text(f"#!/bin/sh\n{said[0].partition('let it run: ')[2]}\n")
    assert setup(root, capfd, "--hooks", "--check")[-3] == "hook pre-commit is there"
    setup(root, capfd, "--remove")
    assert own.exists()
    assert not (root / ".git/hooks/post-merge").exists()


def test_a_folder_of_hooks_that_others_keep_is_not_written_to(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    git(root, "config", "core.hooksPath", ".husky")
    assert all("is yours and stays as it is; let it run: " in line for line in setup(root, capfd, "--hooks")[-3:])
    assert not (root / ".husky").exists()


def test_what_pre_commit_runs_is_not_run_twice(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    setup(root, capfd, "--hooks")
    (root / ".git/hooks/pre-commit").rename(root / ".git/hooks/pre-commit.legacy")  # as `pre-commit install` does
    theirs = script(root / ".git/hooks/pre-commit", "exit 0")
    before = theirs.read_bytes()
    config = root / ".pre-commit-config.yaml"
    config.write_text("repos:\n# - id: plaincrm-check\n")
    assert setup(root, capfd, "--hooks")[-3].startswith("hook pre-commit is yours and stays as it is; let it run: git")
    config.write_text("repos:\n  - repo: x\n    hooks:\n      - id: plaincrm-check\n")
    by_them = "hook pre-commit (plaincrm-check of .pre-commit-config.yaml)"
    assert setup(root, capfd, "--hooks", "--check", code=1)[-3] == f"{by_them} is another one"
    assert setup(root, capfd, "--hooks")[-3] == f"{by_them} is enough: the one that git-setup wrote is taken away"
    assert not (root / ".git/hooks/pre-commit.legacy").exists()
    assert setup(root, capfd, "--hooks")[-3] == f"{by_them} is there"
    setup(root, capfd, "--remove")
    assert theirs.read_bytes() == before


def test_without_a_repository_or_with_a_link_it_says_so(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    bare = make_vault(tmp_path / "bare", {"acme.md": NOTE})
    assert run(["--vault", str(bare), "git-setup"]) == 2
    assert "is in no git repository.\nMake one with git init" in capfd.readouterr().err
    (root / ".gitattributes").symlink_to("elsewhere")
    assert run(["--vault", str(root), "git-setup"]) == 2
    assert "is a link, which git does not follow." in capfd.readouterr().err
    assert run(["--vault", str(root), "git-setup", "--check", "--remove"]) == 2


def test_a_name_is_never_set_without_a_driver(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """git refuses every merge where the driver has a name and no command."""
    setup(root, capfd)
    sections = git(root, "config", "--name-only", "--get-regexp", r"^merge\.").split()
    assert sections == ["merge.plaincrm.driver", "merge.plaincrm.name"]
    (root / ".git/config.lock").touch()
    assert run(["--vault", str(root), "git-setup", "--remove"]) == 1
    (root / ".git/config.lock").unlink()
    git(root, "merge", "HEAD")


def test_what_is_staged_is_checked_and_not_what_stands_there(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    setup(root, capfd, "--hooks")
    note = root / "customers/acme.md"
    note.write_text(NOTE.replace("name: Acme\n", "name: Acme\nnext: 2026-13-01\n"))
    git(root, "add", "--all")
    note.write_text(NOTE)
    with pytest.raises(Exception, match="status 1"):
        git(root, "commit", "--quiet", "--message", "bad")
    git(root, "add", "--all")
    note.write_text(NOTE.replace("name: Acme\n", "name: Acme\nnext: 2026-13-01\n"))
    git(root, "commit", "--quiet", "--message", "good")
    with pytest.raises(Exception, match="status 1"):
        git(root, "commit", "--quiet", "--all", "--message", "bad, of an index of its own")
    assert git(root, "log", "--format=%s").split() == ["good", "before"]
    assert [path.name for path in (root / ".git").glob("plaincrm*")] == []


def test_what_git_filters_is_checked_as_it_would_be_checked_out(
    root: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with files that git keeps encrypted; what is in the repository is no note at all."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(root.parent / "cache"))
    setup(root, capfd, "--hooks")
    git(root, "config", "filter.rot.clean", "tr a-z b-za")
    git(root, "config", "filter.rot.smudge", "tr b-za a-z")
    (root / ".gitattributes").write_text("*.md filter=rot\n")
    (root / "customers/bea.md").write_text("---\nname: Bea\n---\n")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "good")
    assert "obnf: Bfb" in git(root, "cat-file", "blob", "HEAD:customers/bea.md")
    (root / "customers/bea.md").write_text("---\nname: Bea\nnext: 2026-13-01\n---\n")
    git(root, "add", "--all")
    with pytest.raises(Exception, match="status 1"):
        git(root, "commit", "--quiet", "--message", "bad")


def test_what_is_staged_is_parsed_only_where_it_is_new(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(root.parent / "cache"))
    (root / "customers/bea.md").write_text("---\nname: Bea\n---\n")
    (root / "customers/cee.md").write_text("---\nname: Cee\n---\n")
    assert run(["--vault", str(root), "list"]) == 0
    git(root, "add", "--all")
    (root / "customers/bea.md").write_text("---\nname: Bea\nnext: 2026-13-01\n---\n")
    git(root, "add", "--all")
    read: list[str] = []
    monkeypatch.setattr(
        "plaincrm.index.reading.read_file", lambda *given: (read.append(given[2]), read_file(*given))[1]
    )
    listing = git(root, "ls-files", "--stage", "-z").encode()
    report = plaincrm.open_vault(root).staged(listing).check(severity="error")
    assert [(item.file, item.code) for item in report.diagnostics] == [("customers/bea.md", "bad-date")]
    assert read == ["customers/bea.md"]


def test_a_commit_without_a_message_begins_with_what_it_does(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    setup(root, capfd, "--hooks")
    commit_all(root)
    assert git(root, "log", "-1", "--format=%s") == "before\n"
    note = root / "customers/acme.md"
    note.write_text(NOTE.replace("name: Acme\n", "name: Acme\nnext: 2026-12-01\ntags: [café]\n") + "- [x] Sent\n")
    (root / "customers/bea.md").write_text("---\nname: Bea\n---\n")
    (root / "todo.txt").write_text("no note")
    git(root, "add", "--all")
    git(root, "-c", "core.editor=true", "commit", "--quiet", "--verbose")
    assert git(root, "log", "-1", "--format=%B") == (
        "2 notes: next 2026-12-01; tags café; done: Sent; new\n\n"
        "customers/acme.md: next 2026-12-01; tags café; done: Sent\ncustomers/bea.md: new\n\n"
        "Customer: acme\nCustomer: bea\n\n"
    )


def test_the_hooks_know_a_vault_below_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up(tmp_path, monkeypatch)
    root = make_vault(tmp_path / "all/my vault", {"acme.md": NOTE})
    git(tmp_path / "all", "init", "--quiet")
    setup(root, capfd, "--hooks")
    (tmp_path / "all/other.md").write_text("---\nname: [\n---\n")
    commit_all(tmp_path / "all")  # the first commit; what is no note of the vault is none of its errors
    (root / "customers/acme.md").write_text(NOTE.replace("name: Acme", "name: [Acme"))
    git(root, "add", "--all")
    with pytest.raises(Exception, match="status 1"):
        git(root, "commit", "--quiet", "--message", "bad")
