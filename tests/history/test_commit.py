"""A commit holds what one command wrote, and nothing that others changed or staged."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import plaincrm
from plaincrm.changes.carry_out import WriteReport, carry_out
from plaincrm.changes.draft import Step
from plaincrm.changes.plan import Change
from plaincrm.cli.run import run
from plaincrm.history import git as calling
from plaincrm.history.commit import NotCommitted
from tests.history.repository import commit_all, git, script, set_up
from tests.making import vault_of

NOTES = {"acme.md": "---\nname: Acme\nnext: 2026-12-01\n---\n", "bea.md": "---\nname: Bea\n---\n"}
A, B = "customers/acme.md", "customers/bea.md"


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> plaincrm.Vault:
    """A vault whose notes are committed."""
    set_up(tmp_path, monkeypatch)
    vault = vault_of(tmp_path / "vault", NOTES)
    git(vault.root, "init", "--quiet")
    commit_all(vault.root)
    return vault


def set_next(vault: plaincrm.Vault, *paths: str, day: str = "2027-01-05") -> WriteReport:
    return vault.change_each(paths or [A], lambda change: change.set(next=day))


def touched(vault: plaincrm.Vault) -> list[str]:
    """The files of the last commit, each behind what was done to it."""
    return git(vault.root, "show", "--format=", "--no-renames", "--name-status", "-z", "HEAD").split("\0")[:-1]


def status(vault: plaincrm.Vault) -> list[str]:
    return git(vault.root, "status", "--porcelain").splitlines()


def test_a_commit_holds_the_files_of_the_command_and_says_what_it_did(vault: plaincrm.Vault) -> None:
    report = set_next(vault, A, B)
    assert vault.commit(report.files) == "2 notes: next 2027-01-05"
    assert touched(vault) == ["M", A, "M", B]
    assert status(vault) == []
    assert git(vault.root, "log", "-1", "--format=%B") == (
        "2 notes: next 2027-01-05\n\nCustomer: acme\nCustomer: bea\n\n"
    )
    assert git(vault.root, "log", "-1", "--format=%(trailers:key=Customer,valueonly)").split() == ["acme", "bea"]


def test_what_others_changed_or_staged_stays_as_it_is(vault: plaincrm.Vault) -> None:
    (vault.root / B).write_text("staged", encoding="utf-8")
    git(vault.root, "add", B)
    (vault.root / B).write_text("changed since", encoding="utf-8")
    (vault.root / "new.txt").write_text("staged too", encoding="utf-8")
    git(vault.root, "add", "new.txt")
    (vault.root / "other.txt").write_text("nobody's", encoding="utf-8")
    before = status(vault)
    vault.commit(set_next(vault).files)
    assert touched(vault) == ["M", A]
    assert status(vault) == before == [f"MM {B}", "A  new.txt", "?? other.txt"]
    assert git(vault.root, "show", f":{B}") == "staged"


def test_notes_that_were_made_and_that_went_away_are_committed(vault: plaincrm.Vault) -> None:
    new = "customers/people/äcme *?[x] oy.md"
    steps = [
        Step(Change(new, None, b"---\nname: Acme\n---\n"), ("renamed from acme",)),
        Step(Change(A, NOTES["acme.md"].encode(), None), ("renamed to äcme",)),
    ]
    report = carry_out(vault.root, lambda _read: steps)
    vault.commit(report.files)
    assert touched(vault) == ["D", A, "A", new]
    assert status(vault) == []
    vault.commit(vault.undo().files)
    assert git(vault.root, "diff", "HEAD~2", "HEAD") == ""
    assert git(vault.root, "log", "-1", "--format=%(trailers:key=Customer,valueonly)").split("\n")[0] == "acme"


def test_a_name_that_is_no_utf_8_and_a_vault_in_a_folder_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(tmp_path, monkeypatch)
    vault = vault_of(tmp_path / "all" / "vault", {"caf\udce9.md": NOTES["acme.md"]})
    git(tmp_path / "all", "init", "--quiet")
    commit_all(tmp_path / "all")
    vault.commit(set_next(vault, "customers/caf\\xe9.md").files)
    assert status(vault) == []
    assert touched(vault) == ["M", "vault/customers/caf\udce9.md"]


def test_crlf_that_git_turns_into_lf_is_no_change_of_others(vault: plaincrm.Vault) -> None:
    git(vault.root, "config", "core.autocrlf", "true")
    (vault.root / B).write_bytes(b"---\r\nname: Bea\r\n---\r\n")
    vault.commit(set_next(vault, B).files)
    assert touched(vault) == ["M", B]
    assert b"\r\n" in (vault.root / B).read_bytes()


def staged(vault: plaincrm.Vault) -> None:
    text = (vault.root / A).read_text(encoding="utf-8")
    (vault.root / A).write_text("staged", encoding="utf-8")
    git(vault.root, "add", A)
    (vault.root / A).write_text(text, encoding="utf-8")


def changed(vault: plaincrm.Vault) -> None:
    with (vault.root / A).open("a", encoding="utf-8") as note:
        note.write("- 2026-11-21 call: not committed yet\n")


def merging(vault: plaincrm.Vault) -> None:
    git(vault.root, "checkout", "--quiet", "-b", "other")
    changed(vault)
    commit_all(vault.root)
    git(vault.root, "checkout", "--quiet", "main")
    git(vault.root, "merge", "--quiet", "--no-ff", "--no-commit", "other")


def linked(vault: plaincrm.Vault) -> None:
    (vault.root / A).rename(vault.root / "acme.md")
    (vault.root / A).symlink_to("../acme.md")
    commit_all(vault.root)


# what was done before the command -> why its write is not committed
REFUSED: dict[str, tuple[Callable[[plaincrm.Vault], object], str]] = {
    "changed": (changed, f"{A} had changes before that are not committed."),
    "staged": (staged, f"{A} has staged changes of its own."),
    "merging": (merging, "a merge is under way."),
    "rebasing": (lambda vault: (vault.root / ".git/rebase-merge").mkdir(), "a rebase is under way."),
    "linked": (linked, f"{A} is no plain file in git."),
    "untracked": (lambda vault: git(vault.root, "rm", "--cached", A), f"{A} has staged changes of its own."),
    "never in git": (lambda vault: git(vault.root, "update-ref", "-d", "HEAD"), f"{A} has staged changes of its own."),
    "locked": (lambda vault: (vault.root / ".git/index.lock").touch(), "git says: Unable to create"),
}


@pytest.mark.parametrize("before", REFUSED)
def test_what_cannot_be_committed_alone_is_left_uncommitted(before: str, vault: plaincrm.Vault) -> None:
    prepare, why = REFUSED[before]
    prepare(vault)
    staged_before = git(vault.root, "ls-files", "-s")
    head = git(vault.root, "rev-list", "--all")
    report = set_next(vault)
    with pytest.raises(NotCommitted) as refused:
        vault.commit(report.files)
    assert refused.value.message.startswith(f"It is written, but not committed: {why}")
    assert git(vault.root, "rev-list", "--all") == head
    assert git(vault.root, "ls-files", "-s") == staged_before
    assert b"2027-01-05" in (vault.root / A).read_bytes()


def test_a_file_that_was_saved_since_is_not_committed(vault: plaincrm.Vault) -> None:
    report = set_next(vault)
    changed(vault)
    with pytest.raises(NotCommitted, match=f"{A} was saved since"):
        vault.commit(report.files)


def test_a_note_that_git_ignores_is_not_committed(vault: plaincrm.Vault) -> None:
    (vault.root / ".gitignore").write_text("private*\n", encoding="utf-8")
    commit_all(vault.root)
    step = Step(Change("customers/private.md", None, b"---\nname: P\n---\n"), ("made",))
    report = carry_out(vault.root, lambda _read: [step])
    with pytest.raises(NotCommitted, match=r"customers/private\.md is ignored by git"):
        vault.commit(report.files)


def test_the_first_commit_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(tmp_path, monkeypatch)
    vault = vault_of(tmp_path / "vault", {"bea.md": NOTES["bea.md"]})
    git(vault.root, "init", "--quiet")
    with pytest.raises(NotCommitted, match="was not in git before"):
        vault.commit(set_next(vault, B).files)
    step = Step(Change(A, None, NOTES["acme.md"].encode()), ("made",))
    vault.commit(carry_out(vault.root, lambda _read: [step]).files)
    assert git(vault.root, "ls-tree", "-r", "--name-only", "HEAD") == f"{A}\n"


def test_without_a_repository_a_name_or_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(tmp_path, monkeypatch, "[user]\nuseConfigOnly = true\n")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    vault = vault_of(tmp_path / "vault", NOTES)
    report = set_next(vault)
    with pytest.raises(NotCommitted, match="the vault is in no git repository"):
        vault.commit(report.files)
    git(vault.root, "init", "--quiet")
    with pytest.raises(NotCommitted, match="git does not know who you are"):
        vault.commit(report.files)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotCommitted, match="git says: it is not installed"):
        vault.commit(report.files)


def test_variables_of_a_hook_lead_to_no_other_repository(
    vault: plaincrm.Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    git(tmp_path / "other", "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Noora")
    vault.commit(set_next(vault).files)
    assert touched(vault) == ["M", A]
    assert git(vault.root, "log", "-1", "--format=%an") == "Noora\n"


def hostile(root: Path, sign: Path) -> None:
    """A repository that names programs wherever git runs one for a commit."""
    leave = f"echo $0 >> '{sign}'"
    for hook in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-index-change"):
        script(root / ".git/hooks" / hook, leave)
    script(root / ".git/hooks/reference-transaction", leave)
    program = script(root / ".git/program", f"{leave}; exit 1")
    for name in ("core.fsmonitor", "gpg.program", "core.editor", "core.pager", "trailer.customer.command"):
        git(root, "config", name, str(program))
    git(root, "config", "commit.gpgSign", "true")


def test_a_setting_of_the_vault_runs_no_program_of_the_repository(vault: plaincrm.Vault, tmp_path: Path) -> None:
    sign = tmp_path / "sign"
    hostile(vault.root, sign)
    sign.unlink(missing_ok=True)
    vault.commit(set_next(vault).files, trusted=False)
    assert not sign.exists()
    script(vault.root / ".git/filter", f"echo filter >> '{sign}'; cat")
    git(vault.root, "config", "filter.own.clean", str(vault.root / ".git/filter"))
    (vault.root / ".gitattributes").write_text("bea.md filter=own\n", encoding="utf-8")
    os.utime(vault.root / B, (1, 1))  # git has to look at it, though the command is about another note
    with pytest.raises(NotCommitted, match="the repository sends files through a filter of its own") as refused:
        vault.commit(set_next(vault, day="2027-01-06").files, trusted=False)
    assert refused.value.remedy == "Say --commit yourself: a setting of the vault may run no program."
    assert not sign.exists()


def test_a_filter_of_the_users_own_settings_is_the_users_word(vault: plaincrm.Vault) -> None:
    git(vault.root, "config", "--global", "filter.own.clean", "sed s/2027/2028/")
    (vault.root / ".gitattributes").write_text("*.md filter=own\n", encoding="utf-8")
    vault.commit(set_next(vault).files, trusted=False)
    assert "next: 2028-01-05" in git(vault.root, "show", f"HEAD:{A}")


def test_the_users_own_commit_runs_hooks_and_filters(vault: plaincrm.Vault, tmp_path: Path) -> None:
    sign = tmp_path / "sign"
    hook = script(vault.root / ".git/hooks/pre-commit", f"git diff --cached --name-only -- 'customers/*' > '{sign}'")
    git(vault.root, "config", "filter.own.clean", "sed s/2027/2028/")
    (vault.root / ".gitattributes").write_text("*.md filter=own\n", encoding="utf-8")
    vault.commit(set_next(vault).files)
    assert sign.read_text(encoding="utf-8") == f"{A}\n"
    assert "next: 2028-01-05" in git(vault.root, "show", f"HEAD:{A}")
    script(hook, "echo first; echo 'No commits on Sundays.' >&2; exit 1")
    step = Step(Change("customers/new.md", None, b"---\nname: New\n---\n"), ("made",))
    report = carry_out(vault.root, lambda _read: [step])
    with pytest.raises(NotCommitted, match=r"git says: No commits on Sundays\.$"):
        vault.commit(report.files)
    assert status(vault) == ["?? .gitattributes", "?? customers/new.md"]


def test_git_is_not_waited_for_for_ever(vault: plaincrm.Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "HOOKS_PATIENCE", 1)
    script(vault.root / ".git/hooks/pre-commit", "sleep 20")
    begun = time.monotonic()
    with pytest.raises(NotCommitted, match="git says: it was not done within 1 seconds"):
        vault.commit(set_next(vault).files)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("settings", "words", "subject"),
    [
        ("", "set acme next=2027-01-05 --commit", "acme: next 2027-01-05"),
        ("[git]\ncommit = true\n", "set acme next=2027-01-05", "acme: next 2027-01-05"),
        ("[git]\ncommit = true\n", "set acme next=2027-01-05 --dry-run", "before"),
        ("[git]\ncommit = true\n", "set acme next=2026-12-01", "before"),
        ("[git]\ncommit = false\n", "set acme next=2027-01-05", "before"),
        ("", "fix --commit", "slip: mended bad-date"),
        ("[git]\ncommit = true\n", "check --fix", "slip: mended bad-date"),
    ],
)
def test_commands_commit_where_one_says_so(
    settings: str, words: str, subject: str, vault: plaincrm.Vault, capfd: pytest.CaptureFixture[str]
) -> None:
    (vault.root / "plaincrm.toml").write_text(settings, encoding="utf-8")
    (vault.root / "customers/slip.md").write_text("---\nname: Slip\nnext: 1.12.2026\n---\n", encoding="utf-8")
    git(vault.root, "add", "--all")
    git(vault.root, "commit", "--quiet", "--amend", "--message", "before")
    assert run(["--vault", str(vault.root), "--today", "2026-11-21", *words.split()]) == 0
    told = capfd.readouterr().err
    assert git(vault.root, "log", "-1", "--format=%s") == f"{subject}\n"
    assert ("Committed: " in told) == (subject != "before")


def test_a_command_that_cannot_commit_says_so_when_it_has_told_what_it_wrote(
    vault: plaincrm.Vault, capfd: pytest.CaptureFixture[str]
) -> None:
    changed(vault)
    assert run(["--vault", str(vault.root), "set", "acme", "next=2027-01-05", "--commit"]) == 1
    told = capfd.readouterr()
    assert told.out == f"{A}:3: next 2027-01-05\n"
    assert told.err == (
        f"plaincrm: It is written, but not committed: {A} had changes before that are not committed.\n"
        "Commit it with git once; from then on it goes by itself.\n"
    )


def test_what_was_not_committed_and_is_taken_back_needs_no_commit(vault: plaincrm.Vault) -> None:
    head = git(vault.root, "rev-parse", "HEAD")
    set_next(vault, A, B)
    assert vault.commit(vault.undo().files) == ""
    assert git(vault.root, "rev-parse", "HEAD") == head
    assert status(vault) == []


def test_the_settings_of_others_are_left_alone(vault: plaincrm.Vault) -> None:
    before = (vault.root / ".git/config").read_bytes()
    vault.commit(set_next(vault).files)
    assert (vault.root / ".git/config").read_bytes() == before
    assert "GIT_EDITOR" not in os.environ
