"""What is exported and imported into an empty vault gives the same records, as far as a form can carry them."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from plaincrm import Vault, open_vault
from plaincrm.errors import UsageError
from tests.exchange.test_import import HOW, TODAY, imported
from tests.making import EXAMPLE

# A vault like the example, in which nothing stands yet and notes begin as the built-in template.
SETTINGS = "".join(
    line
    for line in (EXAMPLE / "plaincrm.toml").read_text(encoding="utf-8").splitlines(keepends=True)
    if not line.startswith("templates")
)


def empty(folder: Path) -> Vault:
    folder.mkdir()
    (folder / "plaincrm.toml").write_text(SETTINGS, encoding="utf-8")
    return open_vault(folder, cache=False)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """The example with an index, since it is asked often."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield open_vault(EXAMPLE)


def exported(vault: Vault, path: Path, form: str, **options: Any) -> Path:
    with path.open("w+b") as file:
        vault.export(file, today=TODAY, form=form, **options)
    return path


def told(vault: Vault, *tables: str) -> list[str]:
    """The rows of tables without the columns that say where in a file they come from."""
    rows = list[str]()
    for table in tables:
        found = vault.sql(f"select f.path, t.* from {table} t join files f using (file)")
        kept = [
            at for at, name in enumerate(found.columns) if name not in ("file", "line", "end_line", "entry", "position")
        ]
        rows += sorted(f"{table} {[row[at] for at in kept]}" for row in found.rows)
    return rows


@pytest.mark.parametrize(
    ("form", "options"),
    [("csv", {}), ("csv", {"locale": "fi"}), ("csv", {"raw": True}), ("xlsx", {})],
    ids=["CSV", "Finnish CSV", "CSV for programs", "Excel"],
)
def test_a_table_carries_every_field(form: str, options: dict[str, Any], example: Vault, tmp_path: Path) -> None:
    file = exported(example, tmp_path / f"customers.{form}", form, **options)
    other = empty(tmp_path / "other")
    report = imported(other, file)
    assert report.sources[0].kind == "plaincrm"
    assert [found for found in report.outcomes if found.state != "new" or found.left_out] == []
    assert told(other, "fields", "contacts") == told(example, "fields", "contacts")
    again = imported(other, file)
    assert {found.state for found in again.outcomes} == {"same"}
    assert not again.written.files


def test_json_lines_carry_whole_notes(example: Vault, tmp_path: Path) -> None:
    file, other = exported(example, tmp_path / "customers.jsonl", "jsonl"), empty(tmp_path / "other")
    looked_at = imported(other, file, apply=False)
    assert {found.state for found in looked_at.outcomes} == {"new"}
    assert not list(other.root.glob("customers/**/*.md"))
    report = imported(other, file)
    assert [*report.outcomes] == [*looked_at.outcomes]
    tables = ("fields", "contacts", "entries", "tasks", "measures", "sales", "deals", "links")
    assert told(other, *tables) == told(example, *tables)
    assert exported(other, tmp_path / "again.jsonl", "jsonl").read_bytes() == file.read_bytes()
    assert {found.state for found in imported(other, file).outcomes} == {"same"}
    other.undo()
    assert not list(other.root.glob("customers/**/*.md"))


def test_a_note_of_an_export_whose_place_is_taken_is_told_and_the_others_come(tmp_path: Path) -> None:
    notes = [{"customer": name, "name": name, "file": f"customers/{name}.md", "body": ""} for name in ("a", "b")]
    file = tmp_path / "customers.jsonl"
    file.write_text("\n".join([*map(json.dumps, notes), '{"customer": "c"}', "{", ""]), encoding="utf-8")
    other = empty(tmp_path / "other")
    (other.root / "customers").mkdir()
    (other.root / "customers/a.md").write_text("mine", encoding="utf-8")
    report = imported(other, file)
    assert [(found.state, *found.places, found.why) for found in report.outcomes] == [
        ("rejected", "customers.jsonl:1", "customers/a.md is there, and says something else"),
        ("new", "customers.jsonl:2", ""),
        ("rejected", "customers.jsonl:3", "This is no customer"),
        ("rejected", "customers.jsonl:4", "This is no customer"),
    ]
    assert (other.root / "customers/a.md").read_text(encoding="utf-8") == "mine"
    assert (other.root / "customers/b.md").is_file()
    with pytest.raises(UsageError, match="come back as they were"):
        imported(other, file, how=HOW._replace(fields={"stage": ("lead",)}))
    with pytest.raises(UsageError, match="whose columns are known"):
        other.read_import([file], columns={"name": "name"})


@pytest.mark.parametrize("form", ["vcard", "vcard3"])
def test_cards_carry_what_a_card_has(form: str, example: Vault, tmp_path: Path) -> None:
    """What stands on a card; birthdays without a year only in version 4, and numbers there as they are dialled."""
    file, other = exported(example, tmp_path / "cards.vcf", form), empty(tmp_path / "other")
    imported(other, file)
    carried = ["type", "address", "postcode", "city", "country", "email", "phone", "website", "tags", "aliases", "role"]
    carried += ["birthday"] if form == "vcard" else []
    query = (
        "select c.name, f.field, iif(f.field = 'phone', replace(f.value, ' ', ''), f.value)"
        " from fields f join customers c using (file)"
        f" where f.field in ({', '.join(map(repr, carried))}) order by 1, 2, 3"
    )
    assert other.sql(query).rows == example.sql(query).rows
    assert {found.state for found in imported(other, file).outcomes} == {"same"}


def test_a_journal_of_hledger_carries_sales_that_have_a_number(example: Vault, tmp_path: Path) -> None:
    file, other = exported(example, tmp_path / "sales.journal", "hledger"), empty(tmp_path / "other")
    imported(other, exported(example, tmp_path / "customers.csv", "csv"))
    taken = other.import_sales([file], apply=True)
    query = "select c.customer, s.date, s.invoice, s.revenue, s.product from sales s join customers c using (file)"
    query += " where s.invoice <> '' order by 1, 2, 3, 4"
    assert other.sql(query).rows == example.sql(query).rows
    assert len(taken.intake.unread) == example.sql("select count(*) from sales where invoice = ''").rows[0][0]
    assert not other.import_sales([file], apply=True).report.files


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_sales_contacts_and_deals_come_back_to_their_customers(form: str, example: Vault, tmp_path: Path) -> None:
    other = empty(tmp_path / "other")
    names = "name,type,business_id,address,postcode,city,email,file"
    imported(other, exported(example, tmp_path / f"customers.{form}", form, columns=f"customer,{names}"))
    files = {what: exported(example, tmp_path / f"{what}.{form}", form, what=what) for what in ("contacts", "deals")}
    assert told(other, "contacts", "deals") == []
    taken = other.import_sales([exported(example, tmp_path / f"sales.{form}", form, what="sales")], apply=True)
    assert len(taken.intake.unread) == example.sql("select count(*) from sales where invoice = ''").rows[0][0]
    sales = "select c.customer, s.date, s.invoice, s.revenue from sales s join customers c using (file)"
    sales += " where s.invoice <> '' order by 1, 2, 3, 4"
    assert other.sql(sales).rows == example.sql(sales).rows
    report = imported(other, *files.values())
    assert {found.state for found in report.outcomes} == {"changed"}
    assert told(other, "contacts") == told(example, "contacts")
    deals = "select c.customer, d.name, d.value, d.expected, d.won, d.lost from deals d join customers c using (file)"
    assert other.sql(f"{deals} order by 1, 2").rows == example.sql(f"{deals} order by 1, 2").rows
    assert {found.state for found in imported(other, *files.values()).outcomes} == {"same"}


@pytest.mark.parametrize("what", ["entries", "sales", "tasks"])
def test_what_is_said_of_customers_is_no_list_of_them(what: str, example: Vault, tmp_path: Path) -> None:
    for form in ("csv", "jsonl"):
        file = exported(example, tmp_path / f"{what}.{form}", form, what=what)
        with pytest.raises(UsageError, match="of customers, and no customers"):
            example.read_import([file])


@pytest.mark.parametrize(
    ("form", "message"), [("ics", "holds no customers"), ("parquet", "is no"), ("sqlite", "is no")]
)
def test_forms_that_are_no_table_are_named(form: str, message: str, example: Vault, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=message):
        example.read_import([exported(example, tmp_path / "any", form)])


def test_sqlite_carries_every_table(example: Vault, tmp_path: Path) -> None:
    with sqlite3.connect(exported(example, tmp_path / "all.sqlite", "sqlite")) as db:
        for table in ("customers", "fields", "contacts", "entries", "tasks", "measures", "sales", "deals", "links"):
            found = example.sql(f"select * from {table}")
            (columns,) = zip(*[row[1:2] for row in db.execute(f"pragma table_info({table})")], strict=True)
            kept = [at for at, name in enumerate(found.columns) if name in columns and name != "file"]
            names = ", ".join(found.columns[at] for at in kept)
            there = sorted(map(repr, db.execute(f"select {names} from {table}")))
            assert there == sorted(repr(tuple(row[at] for at in kept)) for row in found.rows), table
    db.close()


def test_parquet_carries_what_csv_does(example: Vault, tmp_path: Path) -> None:
    rows = pyarrow.parquet.read_table(exported(example, tmp_path / "all.parquet", "parquet")).to_pylist()
    lines = io.StringIO(exported(example, tmp_path / "all.jsonl", "jsonl").read_text(encoding="utf-8"))
    for row, whole in zip(rows, map(json.loads, lines), strict=True):
        shared = {key for key in row if key in whole}
        numbers = {key for key in shared if isinstance(row[key], float)}
        assert {key: row[key] for key in numbers} == {key: float(whole[key]) for key in numbers}
        assert {key: str(row[key]) for key in shared - numbers} == {key: str(whole[key]) for key in shared - numbers}
