"""Customers exported as JSON Lines and read into an empty vault are the same customers."""

from __future__ import annotations

import io
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import plaincrm
from plaincrm.errors import UsageError
from tests.making import EXAMPLE, make_vault, vault_of


def exported(vault: plaincrm.Vault) -> list[str]:
    file = io.BytesIO()
    vault.export(file, today=date(2026, 11, 21), form="jsonl")
    return file.getvalue().decode().splitlines()


def without_lines(vault: plaincrm.Vault, table: str) -> list[str]:
    """The rows of a table without the columns that say where in a file they come from."""
    found = vault.sql(f"select * from {table}")
    kept = [at for at, name in enumerate(found.columns) if name not in ("file", "line", "end_line", "entry")]
    return sorted(repr([row[at] for at in kept]) for row in found.rows)


def test_the_example_comes_back_as_it_was(tmp_path: Path) -> None:
    lines = exported(plaincrm.open_vault(EXAMPLE, cache=False))
    shutil.copy(EXAMPLE / "plaincrm.toml", tmp_path)
    vault = plaincrm.open_vault(tmp_path, cache=False)
    assert len(vault.restore(lines).files) == len(lines) > 40
    assert exported(vault) == lines
    for table in ("entries", "tasks", "sales", "deals", "contacts", "measures"):
        assert without_lines(vault, table) == without_lines(plaincrm.open_vault(EXAMPLE, cache=False), table)
    assert vault.restore(lines).files == ()  # a second time there is nothing to do
    vault.undo()
    assert not list(tmp_path.glob("customers/**/*.md"))


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(name=texts, needs=texts, tags=st.lists(st.from_regex(r"\w{1,8}", fullmatch=True), max_size=3), own=texts)
def test_whatever_fields_say_comes_back(
    name: str, needs: str, tags: list[str], own: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    fields = {"name": name, "needs": needs, "tags": tags, "own": own}
    front = "\n".join(f"{key}: {json.dumps(value)}" for key, value in fields.items())
    vault = vault_of(tmp_path_factory.mktemp("one"), {"x.md": f"---\n{front}\n---\n\nBody.\n"})
    other = plaincrm.open_vault(make_vault(tmp_path_factory.mktemp("two"), {}), cache=False)
    lines = exported(vault)
    other.restore(lines)
    assert exported(other) == lines


RECORD = {"customer": "x", "name": "X", "body": "", "file": "customers/x.md"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1: This is no customer"),
        ("[]", "line 1: This is no customer"),
        ('{"name": "X"}', "line 1: This is no customer"),
        (json.dumps({**RECORD, "other": []}), "line 1: This is no customer"),
        (json.dumps({**RECORD, "file": "../x.md"}), "no path in a vault"),
        (json.dumps({**RECORD, "file": "/etc/x.md"}), "no path in a vault"),
        (json.dumps({**RECORD, "file": "customers/\x1bx.md"}), "no path in a vault"),
        (json.dumps({**RECORD, "file": "notes/x.md"}), "would not be read as a customer"),
        (json.dumps({**RECORD, "file": "customers/there.md"}), "is there, and says something else"),
    ],
)
def test_what_is_no_customer_of_an_export_is_refused(line: str, message: str, tmp_path: Path) -> None:
    vault = vault_of(tmp_path / "vault", {"there.md": "---\nname: There\n---\n"})
    with pytest.raises(UsageError, match=message):
        vault.restore([line, json.dumps(RECORD)])
    assert not (tmp_path / "vault/customers/x.md").exists()
