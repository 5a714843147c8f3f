"""docs/schemas/: what a command answers as JSON is what its schema says, and no key is left unexplained."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from plaincrm.cli.group import cli
from tests.docs.blocks import ROOT
from tests.making import EXAMPLE

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


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_the_example_vault_answers_as_its_schema_says(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    arguments = ["--no-cache", "--vault", str(EXAMPLE), "--today", "2026-11-21", path.stem, "--format", "json"]
    answer = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    jsonschema.Draft202012Validator(schema).validate(json.loads(answer.stdout))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_every_key_is_told_and_no_other_is_allowed(path: Path) -> None:
    for place, found in objects(json.loads(path.read_text(encoding="utf-8"))):
        assert found.get("additionalProperties") is False, place
        assert sorted(found.get("required", [])) == sorted(found["properties"]), place
        untold = [key for key, of in found["properties"].items() if "description" not in of and "$ref" not in of]
        assert untold == [], place
