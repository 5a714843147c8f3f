"""Each command that writes, killed or failing at some of the system calls by which it reaches the vault.

`benchmarks/crash.py` is the same at all of them; docs/writing.md has what it found.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.changes.test_faults import can_trace

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import crash

LEAST = {
    "notes": 15,
    "set --all": 30,
    "rename": 60,
    "undo of rename": 60,
    "undo of new": 12,
    "import": 30,
    "letters": 30,
}  # calls; of one note there are 20 at least


@pytest.mark.skipif(bool(can_trace()), reason=can_trace() or "it can")
@pytest.mark.parametrize("name", crash.COMMANDS)
def test_a_command_that_is_killed_or_fails(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))  # the trial sets it; it is to be as it was afterwards
    trial = crash.Trial(tmp_path / "trial", crash.COMMANDS[name])
    assert len(trial.points) >= LEAST.get(name, 20)
    turn = list(crash.COMMANDS).index(name)
    renaming = [at for at, point in enumerate(trial.points) if point.call.startswith("rename")]
    for number, at in enumerate((len(trial.points) * turn // 13 % len(trial.points), renaming[turn % len(renaming)])):
        fault = crash.FAULTS[(turn + number) % len(crash.FAULTS)]
        assert trial.see(trial.points[at], fault) in ("old", "new", "back")


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
