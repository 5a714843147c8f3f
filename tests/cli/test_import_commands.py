"""The commands that bring entries in, as they are typed."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plaincrm.cli.group import cli
from plaincrm.errors import UsageError
from tests.making import EXAMPLE


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "vault"))


def run(vault: Path, *asked: str) -> Result:
    return CliRunner().invoke(cli, ["--no-cache", "--vault", str(vault), "--today", "2026-11-21", *asked])


NOTE = "customers/companies/kahvila-aurinko.md"


@pytest.mark.parametrize(
    ("command", "file", "line"),
    [
        ("import-sales", "invoices-2026-11.csv", "- 2026-11-06 invoice [sale:: 1480.00 EUR] [invoice:: 2026-131]"),
        ("import-mail", "question.eml", "email in, Pekka Laine: Could the railing be ready before Easter?"),
        ("import-calendar", "week.ics", "- 2026-11-27 07:00-07:30 visit, Pekka Laine: pavement side and railing"),
        ("import-survey", "survey.csv", "- 2026-11-18 note [nps:: 9] [feedback:: The invoices come split by now]"),
    ],
)
def test_a_look_then_apply_then_nothing_more(vault: Path, command: str, file: str, line: str) -> None:
    before, asked = (vault / NOTE).read_text(), (command, str(vault / "inbox" / file))
    look = run(vault, *asked)
    assert look.exit_code == 0
    assert "Nothing was written: --apply writes 1 entry in 1 note." in look.output
    assert max(map(len, look.output.split("\n"))) <= 80
    assert (vault / NOTE).read_text() == before
    done = run(vault, *asked, "--apply")
    assert "Written: 1 entry in 1 note. plaincrm undo takes all of them back." in done.output
    assert line in (vault / NOTE).read_text()
    assert "Nothing is new; nothing was written." in run(vault, *asked, "--apply").output
    assert run(vault, "undo").exit_code == 0
    assert (vault / NOTE).read_text() == before


def test_every_thing_that_was_read_is_a_row(vault: Path) -> None:
    answer = run(vault, "import-sales", str(vault / "inbox/invoices-2026-11.csv"), "--format", "csv").output
    rows = [(row["place"].rpartition(":")[2], row["state"]) for row in csv.DictReader(answer.splitlines())]
    assert rows == [("3", "new"), ("4", "unknown"), ("5", "unknown")]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["import-sales", "nowhere.csv"], "nowhere.csv cannot be read: no such file or directory."),
        (["import-mail", str(EXAMPLE / "materials")], "There are no mails in"),
        (["import-calendar", str(EXAMPLE / "inbox/survey.csv")], "is no calendar."),
        (["import-survey", str(EXAMPLE / "inbox/invoices-2026-11.csv")], "No column has the date or a score"),
        (["import-sales", str(EXAMPLE / "inbox/survey.csv")], "No column has the invoice number"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(vault: Path, asked: list[str], said: str) -> None:
    error = run(vault, *asked).exception
    assert isinstance(error, UsageError)
    assert said in error.message
    assert error.remedy


def test_what_a_file_says_cannot_touch_the_terminal(vault: Path) -> None:
    (vault / "a.csv").write_text("Invoice,Date,Customer,Net\n1,2026-11-01,\x1b[2JEvil\u202e,5\n")
    shown = run(vault, "import-sales", str(vault / "a.csv")).output
    assert "Evil" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
