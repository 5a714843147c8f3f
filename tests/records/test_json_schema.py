"""The schema of front matter: what is sound fits, and what editors should mark does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from plaincrm.records.json_schema import json_schema
from plaincrm.records.schema import Schema
from plaincrm.vault.config import read_config
from tests.making import EXAMPLE

CONFIG = (EXAMPLE / "plaincrm.toml").read_bytes()


class AsEditors(yaml.SafeLoader):
    """YAML as editors read it: days are texts (YAML 1.2 core)."""


AsEditors.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rows if not tag.endswith("timestamp")]
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def front_matter(path: Path) -> Any:
    head, _, _rest = path.read_text(encoding="utf-8").removeprefix("\ufeff---").partition("\n---")
    return yaml.load(head.removeprefix("---"), AsEditors)


def faults(text: str, schema: Schema | None = None) -> list[str]:
    validator = Draft202012Validator(json_schema(schema or Schema()))
    return sorted(error.json_path for error in validator.iter_errors(yaml.load(text, AsEditors)))


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema(read_config(CONFIG).schema))


@pytest.mark.parametrize("path", sorted(EXAMPLE.glob("customers/**/*.md")), ids=lambda path: path.stem)
def test_every_note_of_the_example_vault_fits(path: Path) -> None:
    validator = Draft202012Validator(json_schema(read_config(CONFIG).schema))
    found = front_matter(path)
    assert isinstance(found, dict)
    assert [error.message for error in validator.iter_errors(found)] == []


def test_what_is_wrong_does_not_fit() -> None:
    assert faults("stage: custmer") == ["$.stage"]
    assert faults("vaihe: asiakas\nStage: 5\nstage: Kanta-asiakas") == []
    assert faults("name: [a]\nprefers: [call, fax]\nnext: 1.5.2026\nreference: 7") == [
        "$.name",
        "$.next",
        "$.prefers",
        "$.reference",
    ]
    assert faults("next:\ntags: []\nemail: [a@b.fi, c@d.fi]\nmy own: {x: 1}") == []


def test_fields_of_the_vault_stand_with_them() -> None:
    schema = read_config(b'[fields]\npaint = { type = "choice", choices = ["oil"], aliases = ["maali"] }\n').schema
    assert faults("maali: oil", schema) == []
    assert faults("maali: lime", schema) == ["$.maali"]
