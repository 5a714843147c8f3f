"""`plaincrm export` and `plaincrm letters`: which files are written, what is said, and what is refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from plaincrm.cli.run import run
from tests.making import make_vault

ACME = """---
name: Acme Oy
type: company
contacts:
  - Eva Berg <eva@berg.example>
city: Turku
---

## Log
- 2026-10-15 visit: a wall
"""
BERG = "---\nname: Berg\ntype: person\nemail: b@berg.example\ndeny: [marketing]\n---\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make_vault(tmp_path / "vault", {"acme.md": ACME, "berg.md": BERG}, '[vault]\ncountry = "FI"\n')


def crm(vault: Path, *words: str | Path) -> int:
    return run(["--vault", str(vault), "--today", "2026-11-21", "--no-cache", *map(str, words)])


def test_an_export_goes_to_standard_output_and_what_is_said_of_it_does_not(
    vault: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert crm(vault, "export", "--columns", "name,city", "city:Turku") == 0
    seen = capfd.readouterr()
    assert (seen.out, seen.err) == ("name,city\r\nAcme Oy,Turku\r\n", "1 customer written.\n")


def test_an_export_goes_to_a_file_in_the_form_of_its_name(
    vault: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "all.vcf"
    assert crm(vault, "export", "-o", path) == 0
    assert path.read_bytes().count(b"BEGIN:VCARD") == 2
    assert capfd.readouterr() == ("", f"2 customers written to {path}.\n")


def test_who_is_left_out_is_told_with_the_reason(vault: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in vault.rglob("*.md")}
    assert crm(vault, "export", "--for", "marketing:email", "--columns", "name") == 0
    assert capfd.readouterr().err.splitlines() == [
        "1 customer written.",
        "1 customer left out, who may not be contacted for marketing:email:",
        "     1  forbids marketing: berg",
    ]
    assert {path: path.read_bytes() for path in vault.rglob("*.md")} == before  # nothing is recorded


def test_a_note_that_was_not_read_in_full_is_named(vault: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (vault / "customers/bad.md").write_text("---\nname: Bad\nsince: soon\n---\n")
    assert crm(vault, "export", "--columns", "name") == 0
    assert "Not read in full, and perhaps lacking: customers/bad.md." in capfd.readouterr().err


def test_a_query_that_names_nobody_gives_an_empty_table(vault: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert crm(vault, "export", "city:Oulu", "--columns", "name") == 1
    assert capfd.readouterr().out == "name\r\n"


def test_a_failed_export_leaves_what_was_there(vault: Path, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text("before")
    assert crm(vault, "export", "-o", path, "--columns", "nmae") == 2
    assert path.read_text() == "before"
    assert [item.name for item in tmp_path.iterdir() if item.is_file()] == ["all.csv"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-o", "x.pdf"], "nothing is exported as pdf"),
        (["-o", "nowhere/x.csv"], "cannot be written"),
        (["-o", "{vault}/customers/acme.md", "--format", "csv"], "stands in the vault"),
    ],
)
def test_where_nothing_can_be_written_is_refused(
    words: list[str], message: str, vault: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert crm(vault, "export", *(word.format(vault=vault) for word in words)) == 2
    assert message in capfd.readouterr().err
    assert (vault / "customers/acme.md").read_text() == ACME


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "spring.eml"
    path.write_text("Subject: Spring in {{ customer.city }}\n\n{{ greeting }}!\n")
    return path


def test_letters_are_written_and_logged_once_they_are_sent(
    vault: Path, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "drafts"
    assert crm(vault, "letters", template, "type:company", "-o", folder) == 0
    assert [path.name for path in folder.iterdir()] == ["acme.eml"]
    assert "1 letter written to" in capfd.readouterr().err
    assert (vault / "customers/acme.md").read_text() == ACME  # nothing is logged yet
    for _again in range(2):
        assert crm(vault, "letters", template, "-o", folder, "--log") == 0
    expected = ACME.replace("## Log\n", "## Log\n- 2026-11-21 email out: Spring in Turku\n")
    assert (vault / "customers/acme.md").read_text() == expected


def test_nothing_is_written_while_something_is_missing(
    vault: Path, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "drafts"
    assert crm(vault, "letters", template, "-o", folder) == 2
    assert "1 of 2 customers lack what the template asks for; nothing was written.\n  berg: customer.city" in (
        capfd.readouterr().err
    )
    assert not folder.exists()
    assert crm(vault, "letters", template, "-o", folder, "--skip-missing") == 0
    assert [path.name for path in folder.iterdir()] == ["acme.eml"]


def test_no_letter_is_written_over(
    vault: Path, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "drafts"
    assert crm(vault, "letters", template, "type:company", "-o", folder) == 0
    (folder / "acme.eml").write_text("mine")
    assert crm(vault, "letters", template, "type:company", "-o", folder) == 2
    assert "is there already; nothing was written" in capfd.readouterr().err
    assert (folder / "acme.eml").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere.eml", "-o", "{tmp}/d"], "cannot be read"),
        (["{template}", "type:company", "-o", "{vault}/customers/d"], "is in the vault"),
        (["{template}", "type:company", "-o", "{tmp}/a/b/c"], "cannot be written to"),
        (["{template}", "-o", "{tmp}/d", "--log"], "No letter to these customers"),
    ],
)
def test_letters_that_cannot_be_written_are_refused(
    words: list[str], message: str, vault: Path, template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert crm(vault, "letters", *(w.format(tmp=tmp_path, template=template, vault=vault) for w in words)) in (1, 2)
    assert message in capfd.readouterr().err


def test_csv_of_a_hostile_vault_is_csv(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from tests.render.test_escape import hostile_vault, is_hostile

    vault = hostile_vault(tmp_path / "hostile")
    for what in ("customers", "contacts", "entries", "sales", "tasks", "deals"):
        assert crm(vault, "export", "--what", what) == 0
        seen = capfd.readouterr()
        out = seen.out.replace("\r\n", "\n").replace("\t", "")
        assert not [character for character in {*(out + seen.err)} if is_hostile(character)]
        rows = list(csv.reader(out.splitlines(keepends=True), strict=True))
        assert {len(row) for row in rows} == {len(rows[0])}
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "@"))]
    for form in ("jsonl", "vcard", "vcard3", "hledger", "ics", "xlsx", "parquet", "sqlite"):
        assert crm(vault, "export", "--format", form, "-o", tmp_path / f"x.{form}") == 0
