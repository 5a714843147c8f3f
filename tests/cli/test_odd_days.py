"""What is done as told and yet said: a next step that is over, a past to come, what is put off to an earlier day."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.cli.run import run
from tests.making import make_vault

NOTE = "---\nname: Acme\nnext: 2026-12-01\nnext_action: Ask\n---\n- [ ] Send it 📅 2026-11-30\n"
TOLD = {
    "next acme yesterday Ask": "next: 2026-11-20 is over.",
    "next acme today Ask": "",
    "set acme next=1.11.2026": "next: 2026-11-01 is over.",
    "set acme seuraava=1.11.2026": "next: 2026-11-01 is over.",
    "set acme since=2027-01-01": "since: 2027-01-01 is still to come.",
    "set acme since=2026-11-21 verified=today": "",
    "new Bertta verified=tomorrow quiet_until=yesterday": "verified: 2026-11-22 is still to come.\n"
    "quiet_until: 2026-11-20 is over.",
    "log acme call:x --next yesterday Ask": "next: 2026-11-20 is over.",
    "done acme Send --next 2026-11-01 Ask": "next: 2026-11-01 is over.",
    "snooze acme 2026-11-24": "2026-11-24 is earlier than 2026-12-01, where it stood.",
    "snooze acme 2026-11-24 Send": "2026-11-24 is earlier than 2026-11-30, where it stood.",
    "snooze acme 2026-12-24": "",
}


@pytest.mark.parametrize(("line", "told"), TOLD.items(), ids=TOLD)
def test_what_is_told(line: str, told: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    vault = make_vault(tmp_path, {"acme.md": NOTE})
    code = run(["--vault", str(vault), "--no-cache", "--today", "2026-11-21", *line.split()])
    out, err = capfd.readouterr()
    assert (code, err) == (0, "".join(f"plaincrm: {row}\n" for row in told.split("\n") if row))
    assert "customers/" in out
