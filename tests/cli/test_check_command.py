"""`plaincrm check`: what its arguments and options choose, and what it writes."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import time
from pathlib import Path

import pytest

import plaincrm.cli.check
from plaincrm.changes import write
from plaincrm.cli.run import run
from tests.history.repository import commit_all, git, set_up
from tests.making import make_vault

BAD = "---\nname: Bad\nstage: custmer\nphone: 0401234567\n---\n"
GOOD = "---\nname: Good\nstage: lead\n---\n"
NOTES = {
    "bad.md": BAD,
    "good.md": GOOD,
    "customers/deep/worse.md": "---\nname: Worse\nnext: 5.12.2026\nsizze: 3\n---\n",
}
OFF = '[check.severity]\nworld-readable = "off"\n'


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = make_vault(tmp_path / "vault", NOTES, OFF)
    (folder / "Home.md").write_text("# Home\n")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plaincrm.cli.check, "_SAVING", 0.0)  # notes of tests are always new


def concise(capfd: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """The places and codes that a check finds."""
    assert run(["check", "--format", "concise", *arguments]) in (0, 1)
    seen = capfd.readouterr()
    assert seen.err == ""
    return [re.sub(r":\d+: \w+ ([\w-]+): .*", r" \1", row) for row in seen.out.splitlines()]


IN_BAD = ["customers/bad.md:3 unknown-stage", "customers/bad.md:4 bad-phone", "customers/bad.md:4 unquoted-number"]
IN_WORSE = ["customers/deep/worse.md:3 bad-date", "customers/deep/worse.md:4 unknown-field"]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], IN_BAD + IN_WORSE),
        (["."], IN_BAD + IN_WORSE),
        (["customers/bad.md"], IN_BAD),
        (["customers/deep"], IN_WORSE),
        (["customers/good.md"], []),
        (["customers/good.md", "customers/deep/worse.md"], IN_WORSE),
        (["Home.md", "plaincrm.toml"], []),
        (["customer:bad"], IN_BAD),
        (["-customer:bad"], IN_WORSE),
        (["customer:good", "customers/deep"], IN_WORSE),
        (["--select", "bad-date,bad-phone"], [IN_BAD[1], IN_WORSE[0]]),
        (["--select", "bad-date", "--select", "bad-phone"], [IN_BAD[1], IN_WORSE[0]]),
        (["--ignore", "bad-date, bad-phone,unknown-field"], [IN_BAD[0], IN_BAD[2]]),
        (["--severity", "error"], [IN_BAD[0], IN_BAD[1], IN_WORSE[0]]),
        (["--severity", "warning", "--ignore", "unquoted-number"], [*IN_BAD[:2], *IN_WORSE]),
        (["--", "customers/bad.md"], IN_BAD),
    ],
    ids=str,
)
def test_what_is_checked(
    arguments: list[str], found: list[str], vault: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert vault.is_dir()
    assert concise(capfd, *arguments) == found


def test_paths_are_told_from_the_vault_where_one_stands_in_it(
    vault: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(vault / "customers")
    assert concise(capfd, "bad.md") == IN_BAD
    assert concise(capfd, ".") == IN_BAD + IN_WORSE


def test_the_vault_of_a_path_is_found_and_told_from_the_current_folder(
    vault: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(vault.parent)
    assert concise(capfd, "vault/customers/bad.md") == [f"vault/{row}" for row in IN_BAD]
    assert concise(capfd, "vault") == [f"vault/{row}" for row in IN_BAD + IN_WORSE]
    monkeypatch.chdir(make_vault(vault.parent / "other", {"own.md": BAD}, OFF))
    assert concise(capfd, "../vault/customers/bad.md") == [f"../vault/{row}" for row in IN_BAD]
    monkeypatch.setenv("PLAINCRM_VAULT", ".")
    assert concise(capfd, "../vault/customers/bad.md") == [f"../vault/{row}" for row in IN_BAD]


def test_several_vaults_in_one_call(
    vault: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_vault(vault.parent / "other", {"own.md": BAD}, OFF)
    (vault.parent / "README.md").write_text("in no vault")
    monkeypatch.chdir(vault.parent)
    found = concise(capfd, "vault/customers/bad.md", "README.md", "other/customers/own.md")
    assert found == [f"vault/{row}" for row in IN_BAD] + [f"other/{row.replace('bad.md', 'own.md')}" for row in IN_BAD]
    run(["check", "vault", "other"])
    shown = capfd.readouterr().out
    assert "  stage: custmer\n         ^^^^^^^\n" in shown
    assert shown.endswith("5 errors and 3 warnings in 4 notes; 3 can be mended with plaincrm fix.\n")


def test_a_file_in_no_vault_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "README.md").write_text("---\n---\n")
    monkeypatch.chdir(tmp_path)
    assert run(["--no-cache", "check", "README.md"]) == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("customers/nobody.md", "There is no file or folder customers/nobody.md.\nName it from the current folder.\n"),
        ("nobody.md", "There is no file or folder nobody.md.\nName it from the current folder.\n"),
        ("--vault {v} check ..", ".. lies outside the vault {v}.\nName another vault with --vault.\n"),
        ("--select no-such", "There is no check no-such.\nplaincrm explain --all lists all codes.\n"),
        ("--select bad-dat", "There is no check bad-dat.\nDid you mean bad-date?\n"),
        (
            "--severity fatal",
            "--severity: there is no fatal.\nWrite one of error, warning, hint.\nSee plaincrm check --help.\n",
        ),
        ("stge:customer", "There is no field stge to ask for.\n  stge:customer\n  ^^^^\nDid you mean stage?\n"),
        ("--statistics --format sarif", "There are no statistics as sarif.\nUse --format text, json or csv.\n"),
        ("--write-baseline customers", "A baseline is that of a whole vault.\nGive --write-baseline alone.\n"),
        ("--write-baseline --format json", "A baseline is that of a whole vault.\nGive --write-baseline alone.\n"),
    ],
)
def test_what_cannot_be_asked(line: str, said: str, vault: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = line.format(v=vault).split()
    assert run(words if "check" in words else ["check", *words]) == 2
    assert capfd.readouterr().err == f"plaincrm: {said.format(v=vault)}"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["customers/good.md"], 0),
        (["customers/bad.md"], 1),
        (["--select", "unquoted-number"], 0),
        (["--select", "unquoted-number", "--strict"], 1),
        (["--select", "no-next-step", "--strict"], 0),
        (["--statistics"], 1),
        (["--statistics", "--format", "json"], 1),
        (["--format", "github"], 1),
        (["--format", "sarif", "--severity", "warning", "--ignore", "unknown-stage,bad-phone,bad-date"], 0),
    ],
    ids=str,
)
def test_exit_codes(arguments: list[str], code: int, vault: Path) -> None:
    assert vault.is_dir()
    assert run(["check", *arguments]) == code


def test_hints_never_count(vault: Path) -> None:
    (vault / "plaincrm.toml").write_text(
        f'{OFF}unquoted-number = "hint"\nunknown-field = "hint"\nunknown-stage = "off"\nbad-phone = "off"\n'
    )
    assert run(["check", "--strict", "customers/bad.md"]) == 0


@pytest.mark.parametrize("form", ["text", "concise", "json", "csv", "github", "sarif", "md"])
def test_every_form_goes_into_a_file(form: str, vault: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--format", form]) == 1
    shown = capfd.readouterr().out
    assert run(["check", "--format", form, "-o", str(tmp_path / "out")]) == 1
    assert (tmp_path / "out").read_bytes().decode() == shown
    assert capfd.readouterr().out == ""
    assert run(["check", "--format", form, "-o", str(vault / "customers" / "good.md")]) == 2
    assert (vault / "customers" / "good.md").read_text() == GOOD


def test_statistics(vault: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert vault.is_dir()
    run(["check", "--statistics", "--format", "json", "customers/bad.md"])
    told = json.loads(capfd.readouterr().out)
    assert (told["files"], told["errors"], told["warnings"]) == (1, 2, 1)
    assert told["statistics"] == [
        {"code": "bad-phone", "severity": "error", "faults": 1, "fixable": 0},
        {"code": "unknown-stage", "severity": "error", "faults": 1, "fixable": 0},
        {"code": "unquoted-number", "severity": "warning", "faults": 1, "fixable": 1},
    ]
    run(["check", "--statistics", "--format", "csv", "customers/bad.md"])
    assert [*csv.reader(capfd.readouterr().out.splitlines())][3] == ["unquoted-number", "warning", "1", "1"]


# The baseline


def test_a_baseline_holds_back_what_is_known(vault: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--write-baseline"]) == 0
    seen = capfd.readouterr()
    assert " ".join(seen.out.split()) == (
        "plaincrm-baseline.txt knows 5 faults in 2 files. Only new ones are shown from now on."
    )
    text = (vault / "plaincrm-baseline.txt").read_text()
    assert "1 bad-date customers/deep/worse.md\n" in text
    assert run(["check", "--strict"]) == 0
    assert capfd.readouterr().out == ("3 notes checked: nothing new.\n5 known faults stand in plaincrm-baseline.txt.\n")
    assert run(["check", "--no-baseline"]) == 1
    (vault / "customers" / "good.md").write_text(BAD.replace("Bad", "Worst"))
    capfd.readouterr()
    assert concise(capfd) == [row.replace("bad.md", "good.md") for row in IN_BAD]


def test_what_is_gone_is_told_where_all_is_asked(vault: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(["check", "--write-baseline"])
    (vault / "customers" / "bad.md").write_text(GOOD.replace("Good", "Bad"))
    capfd.readouterr()
    run(["check"])
    assert "3 faults that it knows are gone" in " ".join(capfd.readouterr().out.split())
    for arguments in (["--select", "bad-date"], ["--severity", "error"], ["customers/deep"]):
        run(["check", *arguments])
        assert "gone" not in capfd.readouterr().out
    run(["check", "--write-baseline"])
    assert "bad.md" not in (vault / "plaincrm-baseline.txt").read_text()


def test_a_baseline_of_a_sound_vault_knows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_vault(tmp_path, {"good.md": GOOD}, OFF))
    assert run(["--no-cache", "check", "--write-baseline"]) == 0
    assert "knows no fault" in capfd.readouterr().out
    assert run(["--no-cache", "check", "--strict"]) == 0


def test_odd_names_come_back_from_a_baseline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    names = ["a\nb.md", "1 bad-date x.md", '"q".md', "a\u2028b.md", "a\rb.md", " a .md", "# a.md"]
    monkeypatch.chdir(make_vault(tmp_path, dict.fromkeys(names, BAD), OFF))
    (Path("customers") / os.fsdecode(b"\xff.md")).write_text(BAD)
    assert run(["--no-cache", "check", "--write-baseline"]) == 0
    assert run(["--no-cache", "check", "--strict", "--format", "json"]) == 0
    told = json.loads(capfd.readouterr().out.partition("from\nnow on.\n")[2])
    assert (told["gone"], told["diagnostics"]) == (0, [])


def test_a_baseline_that_cannot_be_written_leaves_the_old_one(
    vault: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (vault / "plaincrm-baseline.txt").write_text("# old\n")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write.os, "fsync", full)
    assert run(["check", "--write-baseline"]) == 2
    assert "plaincrm-baseline.txt was not written: no space left on device" in capfd.readouterr().err
    assert sorted(path.name for path in vault.iterdir()) == [
        "Home.md",
        "customers",
        "plaincrm-baseline.txt",
        "plaincrm.toml",
    ]
    assert (vault / "plaincrm-baseline.txt").read_text() == "# old\n"


# A file that is being saved


def test_a_file_that_is_being_saved_is_read_again(
    vault: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    waits = []

    def saved(seconds: float) -> None:
        waits.append(seconds)
        (vault / "customers" / "bad.md").write_text(GOOD)

    monkeypatch.setattr(plaincrm.cli.check, "_SAVING", 60.0)
    monkeypatch.setattr(plaincrm.cli.check.time, "sleep", saved)
    assert run(["check", "customers/bad.md"]) == 0
    assert waits == [60.0]
    assert capfd.readouterr().out == "1 note checked: all is well.\n"


def test_a_file_that_stands_is_reported_at_once(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_seconds: float) -> None:
        raise AssertionError

    monkeypatch.setattr(plaincrm.cli.check, "_SAVING", 0.2)
    monkeypatch.setattr(plaincrm.cli.check.time, "sleep", never)
    long_ago = time.time() - 3600
    for path in (vault / "customers").rglob("*.md"):
        os.utime(path, (long_ago, long_ago))
    assert run(["check"]) == 1
    (vault / "customers" / "warned.md").write_text("---\nname: W\nsizze: 3\n---\n")  # warnings can be told at once
    assert run(["check"]) == 1


# A gate that checked nothing is not open


def test_a_query_that_names_nobody(vault: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert vault.is_dir()
    for command in ("check", "fix"):
        assert run([command, "name:bad", "-stage:none"]) == 1
        said = "plaincrm: No customer matches the query.\nplaincrm list shows all customers.\n"
        assert capfd.readouterr() == ("", said)


@pytest.mark.parametrize(("settings", "code"), [(True, 0), (False, 2)])
def test_a_folder_without_notes(
    settings: bool, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    if settings:
        (tmp_path / "plaincrm.toml").touch()
    monkeypatch.chdir(tmp_path)
    assert run(["--no-cache", "check"]) == code
    assert "There are no notes to check." in capfd.readouterr().out


def test_what_was_not_asked_for_is_not_said_to_be_well(vault: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert vault.is_dir()
    assert run(["check", "--select", "bad-url"]) == 0
    assert capfd.readouterr().out == "3 notes checked: none of these faults.\n"


def test_a_baseline_is_not_written_through_a_link_out_of_the_vault(
    vault: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    outside = vault.parent / "elsewhere.txt"
    outside.write_text("# kept\n")
    (vault / "plaincrm-baseline.txt").symlink_to(outside)
    assert run(["check", "--write-baseline"]) == 1
    assert "it is a link out of the vault" in capfd.readouterr().err
    assert outside.read_text() == "# kept\n"


def test_a_folder_in_the_place_of_a_baseline_is_told(vault: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (vault / "plaincrm-baseline.txt").mkdir()
    assert run(["check", "--write-baseline"]) == 2
    assert "plaincrm-baseline.txt is no plain file." in capfd.readouterr().err


def test_paths_of_a_revision_need_not_be_there_now(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up(tmp_path, monkeypatch)
    git(vault, "init", "--quiet")
    commit_all(vault)
    shutil.rmtree(vault / "customers")
    (vault / "bad.md").write_text("now it is here\n")

    def told(*words: str) -> list[str]:
        run(["--rev", "HEAD", "check", "--format", "concise", "--severity", "error", *words])
        said = capfd.readouterr()
        return [line.partition(":")[0] for line in said.out.splitlines() if ": error " in line] or said.err.splitlines()

    assert told("customers/bad.md") == ["customers/bad.md"] * 2
    assert set(told("customers/deep/")) == set(told("customers/deep/worse.md")) == {"customers/deep/worse.md"}
    assert set(told("--", "customers/")) == {"customers/bad.md", "customers/deep/worse.md"}
    assert told("bad.md")[0] == "plaincrm: There was no file or folder bad.md then."
    assert told("../elsewhere.md")[0].startswith("plaincrm: ../elsewhere.md lies outside the vault ")
    assert told("a\0.md")[0].startswith("plaincrm: There is no file or folder a")
