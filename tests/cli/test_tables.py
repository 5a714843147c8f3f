"""Reports with several tables: CSV has any of them, with the same figures as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from plaincrm.cli.group import cli
from plaincrm.errors import UsageError
from tests.making import EXAMPLE

# The command and its table -> where JSON has the same rows
TABLES = {
    ("growth", "months"): "months",
    ("growth", "stages"): "stages",
    ("growth", "steps"): "steps",
    ("growth", "sources"): "sources",
    ("growth", "referrers"): "referrers",
    ("retention", "lost"): "lost",
    ("retention", "reasons"): "reasons",
    ("retention", "rhythms"): "rhythms",
    ("deals", "deals"): "deals",
    ("deals", "stages"): "stages",
    ("deals", "months"): "months",
    ("deals", "reasons"): "reasons",
    ("tiers", "moves"): "moves",
    ("tiers", "tiers"): "tiers",
    ("experience", "answers"): "answers",
    ("experience", "complaints"): "complaints",
    ("experience", "unmeasured"): "unmeasured",
    ("targets", "targets"): "targets",
    ("targets", "worklist"): "worklist",
}


@pytest.fixture(scope="module", autouse=True)
def one_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def ask(*words: str) -> Result:
    asked = ["--vault", str(EXAMPLE), "--today", "2026-11-21", *words]
    return CliRunner().invoke(cli, asked, catch_exceptions=False)


def rows(*words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ask(*words, "--format", "csv").stdout, newline="")))


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, Any]]:
    """What each command says in JSON."""
    return {command: json.loads(ask(command, "--format", "json").stdout) for command, _table in TABLES}


def cell(value: Any) -> str:
    return "" if value is None else ", ".join(value) if isinstance(value, list) else str(value)


@pytest.mark.parametrize(("command", "table"), TABLES)
def test_a_table_has_the_rows_of_json(command: str, table: str, told: dict[str, dict[str, Any]]) -> None:
    same = told[command][TABLES[command, table]]
    listed = same if isinstance(same, list) else same["customers"] if "customers" in same else same["complaints"]
    expected = [{name: cell(value) for name, value in row.items()} for row in listed]
    found = rows(command, "--table", table)
    for one in (*found, *expected):
        for name, value in one.items():
            one[name] = value.lower()  # JSON's true is CSV's
    assert found == expected
    assert found or (command, table) in {("growth", "referrers"), ("deals", "reasons")}


def test_the_others(told: dict[str, dict[str, Any]]) -> None:
    bridge = rows("retention", "--table", "bridge")
    assert [row["what"] for row in (bridge[0], bridge[-1])] == ["opening", "closing"]
    assert rows("retention", "--table", "rates")[0]["kept"] == str(told["retention"]["rates"]["kept"])
    cells = rows("retention", "--table", "cohorts")
    assert len(cells) == sum(len(cohort["cells"]) for cohort in told["retention"]["cohorts"])
    assert [row["state"] for row in rows("deals", "--table", "decided")] == ["won", "lost"]
    assert rows("growth") == rows("growth", "--table", "months")


@pytest.mark.parametrize("words", [(), ("--format", "json"), ("--format", "csv", "--explain", "kahvila-aurinko")])
def test_a_table_is_of_csv_and_of_the_report(words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="--table"):
        ask("growth", "--table", "sources", *words)
