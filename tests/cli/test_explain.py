"""`plaincrm explain`: the words of the table, for people and for programs, without a vault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plaincrm.checks.rules import RULES
from plaincrm.cli.run import run

BAD_DATE = """\
bad-date (error)
Finds
  <field>: <value> is no date.
Why it matters
  The day is not known, so the agenda does not remind you of it.
What to do
  Write dates as YYYY-MM-DD. plaincrm fix can often do it.
Bad
  next: 1.12.2026
Good
  next: 2026-12-01
"""


def test_one_check(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "bad-date"]) == 0
    assert capfd.readouterr() == (BAD_DATE, "")


def test_several_stand_in_the_order_of_the_table(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "near-name", "bad-date"]) == 0
    shown = capfd.readouterr().out
    assert shown.startswith(f"{BAD_DATE}\nnear-name (hint)\n")
    assert "  <another note> is called nearly the same.\n" in shown


def test_all_of_them(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "--all", "--format", "json"]) == 0
    assert [row["code"] for row in json.loads(capfd.readouterr().out)["checks"]] == [rule.code for rule in RULES]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("bad-dat", "There is no check bad-dat.\nDid you mean bad-date?\n"),
        ("bad-date bad-dat", "There is no check bad-dat.\nDid you mean bad-date?\n"),
        ("qqq", "There is no check qqq.\nplaincrm explain --all lists all codes.\n"),
        ("", "Which check is to be explained?\nName one, as plaincrm explain bad-date, or give --all.\n"),
        ("--all bad-date", "Which check is to be explained?\nName one, as plaincrm explain bad-date, or give --all.\n"),
    ],
)
def test_refusals(line: str, message: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *line.split()]) == 2
    assert capfd.readouterr() == ("", f"plaincrm: {message}")


def test_it_needs_no_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert run(["--vault", str(tmp_path / "nowhere"), "explain", "bad-date"]) == 0
    assert capfd.readouterr() == (BAD_DATE, "")
    assert not (tmp_path / "cache").exists()
