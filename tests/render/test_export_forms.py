"""Each form of an export is read back by a program that is not ours, and has the values of the notes."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import icalendar
import openpyxl
import pyarrow.parquet
import pytest
import vobject

import plaincrm
from plaincrm.errors import UsageError
from tests.making import EXAMPLE, vault_of

TODAY = date(2026, 11, 21)
NOTE = """---
name: Ääkkös; "Oy", =1+1
type: company
tags: [a, b]
contacts:
  - Eva Berg <eva@berg.example> +358 40 555 0101 (owner)
  - "=cmd <x@y.example>"
phone: "+358 2 555 0142"
postcode: "00100"
size: 11.5
since: 2024-03-12
own thing: [1, 2]
---
The house by the sea.

## Log
- 2026-10-15 visit: a wall [sale:: 1200.50 EUR] [cost:: 800 EUR] [invoice:: 7] [product:: interior]
  Second line.
- 2026-09: call in, Eva: rang [mood:: +] [resolved:: yes]
- [ ] Send it 📅 2026-12-01
"""


@pytest.fixture
def vault(tmp_path: Path) -> plaincrm.Vault:
    return vault_of(tmp_path / "vault", {"acme.md": NOTE}, '[vault]\ncurrency = "EUR"\ncountry = "FI"\n')


def written(vault: plaincrm.Vault, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    vault.export(file, today=TODAY, form=form, **options)
    return file.getvalue()


def rows_of(data: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def test_csv_has_every_field_that_is_there(vault: plaincrm.Vault) -> None:
    (row,) = rows_of(written(vault, "csv", raw=True))
    assert row == {
        "customer": "acme",
        "name": 'Ääkkös; "Oy", =1+1',
        "type": "company",
        "tags": "a; b",
        "postcode": "00100",
        "size": "11.5",
        "contacts": "Eva Berg <eva@berg.example> +358 40 555 0101 (owner); =cmd <x@y.example>",
        "phone": "+358 2 555 0142",
        "since": "2024-03-12",
        "own thing": '["1", "2"]',
        "file": "customers/acme.md",
    }


def test_csv_runs_in_no_spreadsheet(vault: plaincrm.Vault) -> None:
    rows = rows_of(written(vault, "csv", what="contacts"))
    assert [(row["name"], row["phone"]) for row in rows] == [("Eva Berg", "'+358 40 555 0101"), ("'=cmd", "")]


def test_csv_of_a_country_has_its_signs(vault: plaincrm.Vault) -> None:
    data = written(vault, "csv", what="sales", columns="date,revenue,name,size", locale="fi")
    assert data.startswith(b"\xef\xbb\xbfdate;revenue;name;size\r\n")
    (row,) = rows_of(data, ";")
    assert (row["date"], row["revenue"], row["size"]) == ("2026-10-15", "1200,50", "11,5")
    assert written(vault, "csv", what="sales", columns="revenue", locale="en").endswith(b"revenue\r\n1200.50\r\n")


def test_an_entry_has_its_whole_text(vault: plaincrm.Vault) -> None:
    first, second = rows_of(written(vault, "csv", what="entries", raw=True))
    assert first["text"].startswith("- 2026-10-15 visit: a wall [sale::")
    assert first["text"].endswith("\n  Second line.")
    assert (second["date"], second["precision"], second["who"], second["mood"]) == ("2026-09-01", "month", "Eva", "+")
    assert (first["resolved"], second["resolved"], second["line"]) == ("", "true", "19")


def test_json_lines_have_amounts_as_text_and_lists_as_lists(vault: plaincrm.Vault) -> None:
    (sale,) = map(json.loads, written(vault, "jsonl", what="sales").splitlines())
    assert (sale["revenue"], sale["cost"], sale["margin"], sale["line"]) == ("1200.50", "800.00", "400.50", 17)
    (task,) = map(json.loads, written(vault, "jsonl", what="tasks").splitlines())
    assert (task["open"], task["due"], task["depends_on"], task["done"]) == (True, "2026-12-01", [], None)


def test_a_whole_customer_as_json(vault: plaincrm.Vault) -> None:
    (found,) = map(json.loads, written(vault, "jsonl").splitlines())
    assert (found["customer"], found["tags"], found["size"]) == ("acme", ["a", "b"], "11.5")
    assert found["other"] == {"own thing": ["1", "2"]}
    assert found["body"] == NOTE.split("---\n")[2]


def test_excel_has_days_amounts_and_texts(vault: plaincrm.Vault) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written(vault, "xlsx", what="sales"))).active
    header, row = sheet.iter_rows(values_only=True)
    sale = dict(zip(header, row, strict=True))
    assert (sale["date"], sale["revenue"], sale["invoice"]) == (datetime(2026, 10, 15), 1200.5, "7")
    (name,) = (cell for cell in sheet[2] if cell.value == 'Ääkkös; "Oy", =1+1')
    assert name.data_type == "s"
    contacts = openpyxl.load_workbook(io.BytesIO(written(vault, "xlsx", what="contacts"))).active
    assert [cell.data_type for cell in contacts["C"]][1:] == ["s", "s"]  # `=cmd` is no formula
    assert [cell.value for cell in contacts["F"]][1:] == ["+358 40 555 0101", None]
    customers = openpyxl.load_workbook(io.BytesIO(written(vault, "xlsx", columns="postcode,since,size"))).active
    assert [cell.value for cell in customers[2]] == ["00100", datetime(2024, 3, 12), 11.5]


def test_a_text_too_long_for_excel_is_cut_and_that_is_said(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"x.md": f"---\nname: X\nneeds: {'a' * 40_000}\n---\n"})
    file = io.BytesIO()
    report = vault.export(file, today=TODAY, form="xlsx")
    assert report.notes == ("Texts cut to the 32,767 characters that a cell of Excel holds: 1.",)
    assert len(openpyxl.load_workbook(file).active["C2"].value) == 32_767


def test_parquet_has_types(vault: plaincrm.Vault) -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(written(vault, "parquet", what="sales")))
    (row,) = table.to_pylist()
    assert (row["date"], row["revenue"], row["line"]) == (date(2026, 10, 15), Decimal("1200.5000"), 17)
    (row,) = pyarrow.parquet.read_table(io.BytesIO(written(vault, "parquet"))).to_pylist()
    assert (row["tags"], row["size"], row["since"]) == (["a", "b"], 11.5, date(2024, 3, 12))


def test_sqlite_has_the_tables_of_the_notes(vault: plaincrm.Vault, tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(written(vault, "sqlite"))
    db = sqlite3.connect(path)
    assert db.execute("select revenue / 10000.0, product from sales").fetchall() == [(1200.5, "interior")]
    assert db.execute("select path from files").fetchall() == [("customers/acme.md",)]
    assert db.execute("select text from notes").fetchone()[0] == NOTE
    names = {name for (name,) in db.execute("select name from sqlite_master where type = 'table'")}
    assert names == {
        *("files", "notes", "customers", "fields", "contacts", "entries"),
        *("tasks", "measures", "sales", "deals", "links"),
    }
    db.close()


def test_sqlite_of_a_query_has_no_row_of_others(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"acme.md": NOTE, "b.md": NOTE.replace("type: company", "type: person")})
    path = tmp_path / "x.sqlite"
    path.write_bytes(written(vault, "sqlite", query="type:person"))
    db = sqlite3.connect(path)
    for table in ("files", "notes", "customers", "contacts", "entries", "sales"):
        of = "path" if table == "files" else "file"
        assert len(set(db.execute(f"select {of} from {table}"))) == 1
    db.close()


CARD = """---
name: Maija-Liisa von Berg
type: person
company: "[[acme]]"
role: head, of paint
email: [m@berg.example, second@berg.example]
phone: "+358 40 123 4567"
address: Katu 1; B 2
postcode: "00100"
city: Turku
country: FI
website: https://berg.example
birthday: {}
tags: [one, two]
aliases: [Maisa]
---
"""


@pytest.mark.parametrize("form", ["vcard", "vcard3"])
def test_cards_are_read_back_by_vobject(form: str, tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"acme.md": NOTE, "berg.md": CARD.format("1971-02-19")}, '[vault]\ncountry = "FI"\n')
    company, person = vobject.readComponents(written(vault, form).decode())
    assert (person.fn.value, person.n.value.family, person.n.value.given) == (
        "Maija-Liisa von Berg",
        "Berg",
        "Maija-Liisa von",
    )
    assert person.org.value == ['Ääkkös; "Oy", =1+1']
    assert [mail.value for mail in person.email_list] == ["m@berg.example", "second@berg.example"]
    assert (person.adr.value.street, person.adr.value.code, person.adr.value.city) == ("Katu 1; B 2", "00100", "Turku")
    assert (person.title.value, person.categories.value) == ("head, of paint", ["one", "two"])
    assert person.bday.value == ("19710219" if form == "vcard" else "1971-02-19")
    assert person.tel.value.replace(" ", "").startswith("tel:+358401234567" if form == "vcard" else "+358401234567")
    assert (company.fn.value, company.version.value) == ('Ääkkös; "Oy", =1+1', "4.0" if form == "vcard" else "3.0")
    assert person.uid.value != company.uid.value


def test_a_birthday_without_a_year_has_no_place_in_vcard_3(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, {"berg.md": CARD.format('"--02-19"')})
    assert b"BDAY:--0219\r\n" in written(vault, "vcard")
    file = io.BytesIO()
    (note,) = vault.export(file, today=TODAY, form="vcard3").notes
    assert note.startswith("Birthdays without a year, which vCard 3 has no place for: 1")
    assert b"BDAY" not in file.getvalue()


def test_contact_persons_have_cards_of_their_own(vault: plaincrm.Vault) -> None:
    eva, other = vobject.readComponents(written(vault, "vcard", what="contacts").decode())
    assert (eva.fn.value, eva.org.value, eva.title.value) == ("Eva Berg", ['Ääkkös; "Oy", =1+1'], "owner")
    assert (eva.email.value, other.fn.value) == ("eva@berg.example", "=cmd")


def test_no_text_ends_a_line_of_a_card(tmp_path: Path) -> None:
    note = '---\nname: "A\\r\\nEND:VCARD\\nBEGIN:VCARD"\ntags: ["x,y", "z;\\\\"]\n---\n'
    data = written(vault_of(tmp_path, {"x.md": note}), "vcard")
    assert data.count(b"END:VCARD\r\n") == 1
    assert all(len(line) <= 75 and b"\r" not in line and b"\n" not in line for line in data[:-2].split(b"\r\n"))


def test_the_calendar_is_that_of_the_agenda(vault: plaincrm.Vault) -> None:
    calendar = icalendar.Calendar.from_ical(written(vault, "ics"))
    (event,) = calendar.walk("VEVENT")
    assert (event["SUMMARY"], event.decoded("DTSTART")) == ('Ääkkös; "Oy", =1+1: Send it', date(2026, 12, 1))


LEDGER_NOTE = """---
name: "(A); b | c  d"
---
## Log
- 2026-10-15 visit: a wall [sale:: 1200.50 EUR] [product:: in:side  (x)] [invoice:: 7)8]
- 2026-10-16 call: back [sale:: -300 SEK]
"""
LEDGER = """\
; Sales excluding VAT, written by plaincrm.
decimal-mark .

2026-10-15 * (7]8) A), b / c d | in:side (x)  ; customer:x y, product:in:side (x), note:customers/x y.md:5
    assets:receivable          1200.50 EUR
    income:sales:in-side (x)  -1200.50 EUR

2026-10-16 * A), b / c d  ; customer:x y, note:customers/x y.md:6
    assets:receivable  -300.00 SEK
    income:sales        300.00 SEK
"""


def test_a_journal_of_hledger(tmp_path: Path) -> None:
    vault = vault_of(tmp_path / "vault", {"x, y.md": LEDGER_NOTE})
    text = written(vault, "hledger").decode()
    assert text == LEDGER
    if shutil.which("hledger"):  # the program itself, where it is installed
        (tmp_path / "x.journal").write_text(text)
        command = ["hledger", "-f", tmp_path / "x.journal", "bal", "assets", "-O", "csv"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert '"assets:receivable","1200.50 EUR, -300.00 SEK"' in done.stdout, done.stderr


def test_the_ledger_of_the_example_has_all_sales() -> None:
    vault = plaincrm.open_vault(EXAMPLE)
    text = written(vault, "hledger").decode()
    (count,) = vault.sql("select count(*) from sales").rows[0]
    assert text.count(" * ") == count
    (total,) = vault.sql("select sum(revenue) from sales where currency = 'EUR'").rows[0]
    posted = [line.split() for line in text.splitlines() if line.startswith("    assets:") and line.endswith("EUR")]
    assert sum(Decimal(line[-2]) for line in posted) == Decimal(total) / 10_000


def test_columns_of_sales_may_be_those_of_their_customer(vault: plaincrm.Vault) -> None:
    (row,) = rows_of(written(vault, "csv", what="sales", columns="revenue,tags,last_contact,city"))
    assert row == {"revenue": "1200.50", "tags": "a; b", "last_contact": "2026-10-15", "city": ""}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": "nmae"}, "there is no field nmae"),
        ({"what": "sales", "columns": "revenu"}, "there is no field revenu"),
        ({"columns": " , "}, "no column is named"),
        ({"form": "vcard", "what": "sales"}, "no place for sales"),
        ({"form": "ics", "columns": "name"}, "has its own"),
        ({"form": "xlsx", "locale": "fi"}, "is for CSV"),
        ({"locale": "nowhere"}, "--locale: nowhere is none"),
        ({"purpose": "fun"}, "fun is no purpose"),
    ],
)
def test_what_cannot_be_written_is_refused(options: dict[str, str], message: str, vault: plaincrm.Vault) -> None:
    with pytest.raises(UsageError, match=message) as error:
        written(vault, **{"form": "csv", **options})
    assert error.value.remedy


def test_who_may_not_be_contacted_is_in_no_form(tmp_path: Path) -> None:
    notes = {"a.md": NOTE, "b.md": NOTE.replace("type: company", "type: company\ndeny: [marketing]")}
    vault = vault_of(tmp_path, notes)
    file = io.BytesIO()
    for form, what in (("csv", "contacts"), ("jsonl", None), ("vcard", "contacts"), ("sqlite", None), ("ics", None)):
        report = vault.export(file, today=TODAY, form=form, what=what, purpose="marketing:email")
        assert report.permitted is not None
        assert [(one.customer, one.why) for one in report.permitted.left_out] == [("b", "forbids marketing")]
        assert b"b.md" not in file.getvalue()
