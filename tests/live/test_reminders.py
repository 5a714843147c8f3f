"""Reminders come when they are due, each once, and what they say does nothing on a desktop."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import pytest

from plaincrm.cli.watch import _Reminding, _words
from plaincrm.errors import UsageError
from plaincrm.live.programs import notification, notifier, run_after
from plaincrm.live.reminders import reminders
from plaincrm.live.watch import Moment
from tests.making import vault_of

NOTES = {
    "aurinko.md": "---\nname: Aurinko Oy\nstage: customer\n---\n\n## Log\n\n### 2026-11-21 14:00 visit: the terrace\n\n"
    "### 2026-11-01 call\n- [ ] Send the quote 📅 2026-11-21\n- [ ] Send the samples 📅 2026-11-20\n"
    "- [ ] Send the bill 📅 2026-11-22\n",
}
TODAY = datetime(2026, 11, 21).date()


def due(folder: Path, clock: str) -> list[str]:
    report = vault_of(folder, NOTES).agenda(TODAY, days=0)
    return [one.text for one in reminders(report, datetime.fromisoformat(f"2026-11-21T{clock}"))]


def test_promises_in_the_morning_and_appointments_half_an_hour_before(tmp_path: Path) -> None:
    owed = ["promise: Send the samples (due 2026-11-20)", "promise: Send the quote"]
    assert due(tmp_path, "07:59") == []
    assert sorted(due(tmp_path, "08:00")) == sorted(owed)
    assert sorted(due(tmp_path, "13:29")) == sorted(owed)
    assert sorted(due(tmp_path, "13:30")) == sorted([*owed, "appointment at 14:00: the terrace"])
    assert sorted(due(tmp_path, "14:00")) == sorted(owed)


def test_each_is_shown_once_and_told_here_where_no_desktop_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault, said = vault_of(tmp_path, NOTES), list[str]()
    monkeypatch.setattr("plaincrm.live.reminders.MORNING", datetime.min.time())
    monkeypatch.setattr("plaincrm.live.reminders.AHEAD", datetime.resolution)
    monkeypatch.setenv("PATH", str(tmp_path))
    remind = _Reminding(said.append)
    for _look in range(3):
        remind(Moment(vault, TODAY, lambda _words: ""))
    assert said[0] == "There is no notify-send or osascript here; reminders are told in this window."
    assert sorted(said[1:]) == [
        "Aurinko Oy: promise: Send the quote",
        "Aurinko Oy: promise: Send the samples (due 2026-11-20)",
    ]


def test_the_notifier_of_the_desktop_gets_texts_that_mean_nothing(tmp_path: Path) -> None:
    assert notification("-x", "<b>\x1b[31m & $(touch y)", "linux") == [
        *("notify-send", "--app-name=plaincrm", "--", "-x", "&lt;b&gt;\\x1b[31m &amp; $(touch y)"),
    ]
    apple = notification('"', "--help", "darwin")
    assert (apple[0], apple[-3:]) == ("osascript", ["--", '"', "--help"])
    told = tmp_path / "told"
    program = tmp_path / "notify-send"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >> {told}\n')
    program.chmod(0o755)
    show = notifier({"PATH": str(tmp_path)}, "linux")
    assert show is not None
    path = os.environ["PATH"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path}:{path}")
        assert show("Aurinko", "promise: <x>")
        assert told.read_text() == "--app-name=plaincrm|--|Aurinko|promise: &lt;x&gt;|"
        program.write_text("#!/bin/sh\nexit 1\n")
        assert not show("Aurinko", "promise")
    assert notifier({"PATH": str(tmp_path / "none")}, "linux") is None


def test_a_command_gets_the_files_and_no_shell_reads_them(tmp_path: Path) -> None:
    out = tmp_path / "out"
    script = "import sys, pathlib; pathlib.Path('out').write_text(repr(sys.argv[1:]))"
    files = ["customers/a b.md", "$(touch x).md", "-rf.md"]
    assert run_after([sys.executable, "-c", script], tmp_path, files) == ""
    assert out.read_text() == repr(["customers/a b.md", "$(touch x).md", "./-rf.md"])
    assert run_after([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, []).endswith("ended with exit code 3.")
    assert (
        run_after(["no-such-program"], tmp_path, []) == "no-such-program could not be run: No such file or directory."
    )


def test_the_command_is_taken_apart_like_a_shell_would() -> None:
    assert _words(None) == []
    assert _words("git commit -m 'a b'") == ["git", "commit", "-m", "a b"]
    for wrong in ("", "echo 'x"):
        with pytest.raises(UsageError):
            _words(wrong)
