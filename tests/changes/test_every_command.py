"""Commands that write, killed or failing at some of the system calls by which they reach the vault.

`benchmarks/crash.py` is the same of all of them at all calls; docs/writing.md has what it found.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.changes.test_faults import can_trace

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import crash

# Those that differ in what they do to files (change, make, take away, several of these), with how many calls at least.
LEAST = {
    "new": 20,
    "rename": 60,
    "merge": 25,
    "notes": 15,
    "import": 30,
    "undo of rename": 60,
}


@pytest.mark.skipif(bool(can_trace()), reason=can_trace() or "it can")
@pytest.mark.parametrize("name", LEAST)
def test_a_command_that_is_killed_or_fails(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))  # the trial sets it; it is to be as it was afterwards
    trial = crash.trial_of(tmp_path, name)
    assert len(trial.points) >= LEAST[name]
    turn = list(LEAST).index(name)
    renaming = [at for at, point in enumerate(trial.points) if point.call.startswith("rename")]
    for number, at in enumerate((len(trial.points) * turn // len(LEAST), renaming[turn % len(renaming)])):
        fault = crash.FAULTS[(turn + number) % len(crash.FAULTS)]
        assert trial.see(trial.points[at], fault) in ("old", "new", "back")


@pytest.mark.skipif(bool(can_trace()), reason=can_trace() or "it can")
def test_the_merge_driver_that_is_killed_or_fails(tmp_path: Path) -> None:
    """Before anything is written, while it is, and as it takes its place."""
    trial = crash.trial_of(tmp_path, "merge-driver")
    assert len(trial.points) >= 13
    calls = [point.call for point in trial.points]
    assert trial.see(trial.points[calls.index("write")], "ENOSPC") == "old"
    assert trial.see(trial.points[calls.index("rename")], "kill") == "old"
    assert trial.see(trial.points[calls.index("rename")], "EROFS") == "old"
    assert trial.see(trial.points[-1], "kill") == "new"


def test_every_command_that_writes_is_in_the_table() -> None:
    """Those with --dry-run write notes."""
    from plaincrm.cli.group import cli

    context = cli.make_context("plaincrm", ["--help"], resilient_parsing=True)
    writing = {
        name
        for name in cli.list_commands(context)
        if any(option.name == "dry_run" for option in cli.get_command(context, name).params)
    }
    assert {command.words[0] for command in crash.COMMANDS.values()} >= writing - {
        "quality",
        "letters",
    }  # which set and log, too
