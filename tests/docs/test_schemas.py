"""docs/schemas/NAME.json describes what `plaincrm NAME --format json` prints, key by key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from plaincrm.cli.run import run
from tests.docs.blocks import ROOT

SCHEMAS = sorted((ROOT / "docs/schemas").glob("*.json"))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
@pytest.mark.parametrize("period", ["12m", "2019"])
def test_the_json_of_the_example_vault(
    path: Path, period: str, capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    timed = ["--period", period] if "from" in schema["properties"] else []
    vault = ["--vault", str(ROOT / "example-vault"), "--today", "2026-11-21"]
    assert run([*vault, path.stem, *timed, "--format", "json"]) == 0
    Draft202012Validator(schema).validate(json.loads(capfd.readouterr().out))
    for part in _objects(schema):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])


def _objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object that a schema describes."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from _objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _objects(part)
