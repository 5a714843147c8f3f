"""docs/schemas/: what a command answers as JSON is what its schema says, and no key is left unexplained."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
from click.testing import CliRunner
from referencing import Registry, Resource

from plaincrm.cli.group import COMMANDS as GROUP
from plaincrm.cli.group import cli
from plaincrm.reports.trend import REPORTS
from tests.docs.blocks import ROOT
from tests.making import EXAMPLE, make_vault

SCHEMAS = sorted((ROOT / "docs/schemas").glob("*.json"))


def objects(schema: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of a schema that has properties."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield place, schema
        for key, inner in schema.items():
            yield from objects(inner, f"{place}/{key}")
    elif isinstance(schema, list):
        for at, inner in enumerate(schema):
            yield from objects(inner, f"{place}/{at}")


# What is asked where a command alone says too little; each must answer as the schema says.
ASKED = {
    "columns": [
        ["--columns", "name,tags,revenue,last_contact,contacts,birthday,file"],
        ["customer:nobody", "--columns", "name"],
    ],
    "sample": [["--sample", "3"], ["customer:nobody", "--sample", "1"]],
    "sql": [["select customer, 1.5 as half, null as none from customers"], ["select file from files where false"]],
    "agenda": [[], ["--days", "60"], ["customer:kahvila-aurinko", "--days", "0"], ["customer:nobody"]],
    "explain": [["--all"]],
    "fix": [["--dry-run"]],
    "import": [[str(ROOT / f"tests/fixtures/import/{name}")] for name in ("asiakasluettelo.csv", "contacts-4.vcf")],
    "list": [["--limit", "0"], ["customer:nobody"]],
    "merge": [["kahvila-aurinko", "kukkakauppa-orvokki", "--take", "address=b", "--dry-run"]],
    "notes": [["--dry-run"]],
    "promises": [[], ["--by", "month"], ["--period", "2020"]],
    "response": [[], ["--by", "channel"], ["--period", "2020"]],
    "search": [["terrace"], ["nowhere-to-be-found"]],
    "show": [["kahvila-aurinko"], ["korhonen"], ["wang-li"], ["hotelli-satama"]],
    **{name: [] for name in ("history", "diff", "blame")},  # of a repository: tests/history/test_forms.py
    "trend": [[report, "--hindsight", "--every", "year"] for report in REPORTS],
    "set": [["kahvila-aurinko", "stage=regular", "--dry-run"], ["kahvila-aurinko", "stage=customer", "--dry-run"]],
}
COMMANDS = {"columns": "list", "sample": "quality"}  # whose schema is called otherwise
EXPLAINED = ("deals", "experience", "growth", "promises", "quality", "response", "retention", "season", "targets")
EXPLAINED += ("tiers", "value")
FAULTY = "---\nname: X\nstage: custmer\nsinse: 2026-01-01\nnext: 1.2.2026\n---\n"


# Schemas name one another by file.
REGISTRY = Registry().with_resources(
    (path.name, Resource.from_contents(json.loads(path.read_text(encoding="utf-8")))) for path in SCHEMAS
)


def validate(name: str, vault: Path, asked: list[str], command: str = "") -> Any:
    """What a command answers about a vault, held against its schema."""
    schema = json.loads((ROOT / f"docs/schemas/{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    arguments = ["--vault", str(vault), "--today", "2026-11-21", command or COMMANDS.get(name, name)]
    arguments += [*asked, "--format", "json"]
    answer = json.loads(CliRunner().invoke(cli, arguments, catch_exceptions=False).stdout)
    jsonschema.Draft202012Validator(schema, registry=REGISTRY).validate(answer)
    return answer


@pytest.mark.parametrize(
    ("name", "asked"),
    [(path.stem, asked) for path in SCHEMAS if path.stem != "explanation" for asked in ASKED.get(path.stem, [[]])],
    ids=lambda of: of if isinstance(of, str) else " ".join(of),
)
def test_the_example_vault_answers_as_its_schema_says(name: str, asked: list[str]) -> None:
    validate(name, EXAMPLE, asked)


@pytest.mark.parametrize("command", EXPLAINED)
def test_a_report_explains_a_customer_as_the_schema_says(command: str) -> None:
    told = validate("explanation", EXAMPLE, ["--explain", "aho-pentti"], command)
    assert told["report"] == command
    assert told["figures"]
    assert told["lines"]


def test_every_command_that_explains_is_among_them() -> None:
    context = click.Context(cli)
    commands = {name: cli.get_command(context, name) for name in GROUP}
    named = [name for name, of in commands.items() if of and "CUSTOMER" in [option.metavar for option in of.params]]
    explaining = [name for name in named if any(option.name == "explain" for option in commands[name].params)]
    assert sorted(explaining) == sorted(EXPLAINED)


def test_faults_and_unread_notes_are_told_as_the_schemas_say(tmp_path: Path) -> None:
    vault = make_vault(tmp_path, {"x.md": FAULTY})
    assert len(validate("check", vault, [])["diagnostics"]) == 3
    assert validate("fix", vault, ["--dry-run"])["files"][0]["codes"] == ["bad-date"]
    for name in ("agenda", "list", "promises", "response"):
        assert validate(name, vault, [])["unread"][0]["code"] == "unknown-stage"


def test_pairs_are_told_as_the_schema_says(tmp_path: Path) -> None:
    twin = "---\nname: Twin\nemail: t@x.example\nbusiness_id: {0}\n---\n"
    vault = make_vault(tmp_path, {"a.md": twin.format("2779126-0"), "b.md": twin.format("0737546-2")})
    (pair,) = validate("duplicates", vault, [])["pairs"]
    assert [len(pair["shared"]), len(pair["against"])] == [2, 1]


def test_generated_notes_are_told_as_their_schema_says(tmp_path: Path) -> None:
    settings = '[notes]\n"Agenda.md" = "agenda"\n"Log.md" = "log x"\n'
    told = validate("notes", make_vault(tmp_path, {"a.md": "---\nname: A\n---\n"}, settings), [])
    assert [item["file"] for item in told["files"]] == ["Agenda.md"]
    assert [item["file"] for item in told["refused"]] == ["Log.md"]


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_every_key_is_told_and_no_other_is_allowed(path: Path) -> None:
    for place, found in objects(json.loads(path.read_text(encoding="utf-8"))):
        assert found.get("additionalProperties") is False, place
        assert sorted(found.get("required", [])) == sorted(found["properties"]), place
        untold = [key for key, of in found["properties"].items() if "description" not in of and "$ref" not in of]
        assert untold == [], place
