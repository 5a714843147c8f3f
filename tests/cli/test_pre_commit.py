"""Our hooks in the real pre-commit, in a git repository: what is broken is not committed, and the message says why.

Building a hook's environment needs the network, so the hooks stand in a local repository with everything but the
language as .pre-commit-hooks.yaml has it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from plaincrm.cli.group import COMMANDS
from tests.making import make_vault

MANIFEST = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
HOOKS = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
BIN = Path(sys.executable).parent
BAD = "---\nname: Oksa\nstage: custmer\n---\n"
GOOD = "---\nname: Aho\nstage: lead\n---\n"


class Repository:
    """A git repository whose commits run our hooks."""

    def __init__(self, folder: Path, hooks: list[str]) -> None:
        self.folder = folder / "repository"
        self.folder.mkdir()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PLAINCRM_"))}
        self.environment = {
            **kept,
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(folder / "pre-commit"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_{what}": "t@t.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        local = [{**hook, "language": "system"} for hook in HOOKS if hook["id"] in hooks]
        config = {"repos": [{"repo": "local", "hooks": local}]}
        (self.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
        assert self.run("git", "init", "-q")[0] == 0
        assert self.run("pre-commit", "install")[0] == 0

    def run(self, *command: str) -> tuple[int, str]:
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, text=True, stdout=-1, stderr=-2, check=False
        )
        return done.returncode, done.stdout

    def commit(self, *paths: str) -> tuple[int, str]:
        assert self.run("git", "add", "--", *paths)[0] == 0
        return self.run("git", "commit", "-q", "-m", "notes")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path, ["plaincrm-check"])


def test_the_hooks_are_those_of_the_documentation() -> None:
    assert [hook["id"] for hook in HOOKS] == ["plaincrm-check", "plaincrm-fix"]
    for hook in HOOKS:
        assert hook["language"] == "python"
        assert hook["entry"] == hook["name"]
        assert hook["entry"].split()[1] in {*COMMANDS, "fix"}


def test_the_definition_is_one_for_pre_commit(repository: Repository) -> None:
    assert repository.run("pre-commit", "validate-manifest", str(MANIFEST)) == (0, "")


def test_a_broken_note_is_not_committed(repository: Repository) -> None:
    make_vault(repository.folder, {"oksa.md": BAD})
    code, said = repository.commit("customers/oksa.md")
    assert code == 1
    assert (
        "customers/oksa.md:3:8: error unknown-stage: stage: there is no stage custmer.\n    Did you mean customer?\n"
        "  stage: custmer\n"
        "         ^^^^^^^\n"
        "  Write one of the stages; those of your own are listed in [stages] of\n"
        "  plaincrm.toml.\n"
    ) in said
    (repository.folder / "customers/oksa.md").write_text(BAD.replace("custmer", "customer"))
    code, said = repository.commit("customers/oksa.md")
    assert code == 0, said
    assert "Passed" in said


def test_only_staged_notes_are_reported(repository: Repository) -> None:
    make_vault(repository.folder, {"oksa.md": BAD, "aho.md": GOOD, "puro.md": BAD.replace("Oksa", "Puro")})
    (repository.folder / "README.md").write_text("---\nstage: custmer\n---\n")  # no record
    code, said = repository.commit("customers/aho.md", "README.md", ".pre-commit-config.yaml")
    assert code == 0, said
    code, said = repository.commit("customers/oksa.md")
    assert code == 1
    assert "puro.md" not in said
    assert "error in 1 note" in said


def test_settings_are_checked_when_they_are_staged(repository: Repository) -> None:
    make_vault(repository.folder, {"aho.md": GOOD}, '[vault]\ncurency = "EUR"\n')
    (repository.folder / "pyproject.toml").write_text("[vault]\ncurency = 1\n")  # not ours
    code, said = repository.commit("customers/aho.md", "pyproject.toml")
    assert code == 0, said
    code, said = repository.commit("plaincrm.toml")
    assert code == 1
    assert "plaincrm.toml:2:1: error unknown-setting" in said


def test_the_vault_may_be_a_folder_of_the_repository(repository: Repository) -> None:
    make_vault(repository.folder / "notes", {"oksa.md": BAD})
    make_vault(repository.folder / "archive", {"-x y.md": BAD})
    code, said = repository.commit("notes", "archive")
    assert code == 1
    assert "notes/customers/oksa.md:3:8: error unknown-stage" in said
    assert "archive/customers/-x y.md:3:8: error unknown-stage" in said
    assert "2 errors" in said


def test_a_name_that_looks_like_an_option_is_a_name(repository: Repository) -> None:
    make_vault(repository.folder, {}, '[vault]\nrecords = ["*.md"]\n')
    (repository.folder / "--strict.md").write_text(BAD)
    code, said = repository.commit("--strict.md")
    assert code == 1
    assert "--strict.md:3:8: error unknown-stage" in said


def test_what_is_staged_is_checked_and_not_what_stands_in_the_folder(repository: Repository) -> None:
    make_vault(repository.folder, {"oksa.md": BAD})
    assert repository.run("git", "add", ".")[0] == 0
    (repository.folder / "customers/oksa.md").write_text(GOOD)
    code, said = repository.run("git", "commit", "-q", "-m", "notes")
    assert code == 1
    assert "custmer" in said


@pytest.mark.skipif("fix" not in COMMANDS, reason="the command is not there yet")
def test_what_can_be_mended_is_mended(tmp_path: Path) -> None:
    repository = Repository(tmp_path, ["plaincrm-fix", "plaincrm-check"])
    make_vault(repository.folder, {"oksa.md": "---\nname: Oksa\nstage: lead\npostcode: 00100\n---\n"})
    code, _said = repository.commit("customers/oksa.md")
    assert code == 1  # the hook has changed a file, which is to be looked at
    assert 'postcode: "00100"\n' in (repository.folder / "customers/oksa.md").read_text()
    code, said = repository.commit("customers/oksa.md")
    assert code == 0, said
