"""`plaincrm import` on the command line: decisions, fields of new customers, and what is no option's value."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plaincrm.cli.group import cli
from plaincrm.errors import UsageError
from tests.exchange.test_import import PEKKA, csv, notes_of, vault

LIST = "Name;Phone\nPekka Laine;\nBolt Oy;02 555 1000\n"


def asked(tmp_path: Path, *arguments: str) -> Result:
    given = ["--no-cache", "--vault", str(tmp_path / "v"), "--today", "2026-11-21", "import", *arguments]
    return CliRunner().invoke(cli, given)


def test_decisions_and_fields_are_told(tmp_path: Path) -> None:
    here, file = vault(tmp_path, pekka=PEKKA), str(csv(tmp_path, LIST))
    assert "1 new, 1 unclear." in asked(tmp_path, file).stdout
    given = [
        file,
        "--is",
        "list.csv:2=new",
        "--set",
        "stage=customer",
        "--set",
        "next=friday",
        "--limit",
        "1",
        "--apply",
    ]
    shown = asked(tmp_path, *given).stdout
    assert "and 1 more; --limit 0 shows all" in shown
    assert "2 new. 2 notes written." in shown
    assert notes_of(here).count("stage: customer\nnext: 2026-11-27\n") == 2
    assert "1 the same, 1 unclear." in asked(tmp_path, file, "--is", "list.csv:3=bolt").stdout


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--map", "Phone", "--map Phone names no column and field"),
        ("--set", "stage", "--set gives a field a value"),
        ("--set", "foo=bar", "There is no field foo"),
        ("--is", "list.csv=new", "--is list.csv=new names no record and customer"),
        ("--encoding", "utf-99", "There is no encoding utf-99"),
        ("--delimiter", "ab", "ab is no delimiter"),
    ],
)
def test_what_is_no_value_is_said(option: str, value: str, message: str, tmp_path: Path) -> None:
    vault(tmp_path)
    refused = asked(tmp_path, str(csv(tmp_path, LIST)), option, value).exception
    assert isinstance(refused, UsageError)
    assert refused.message.startswith(message)
    assert refused.remedy
