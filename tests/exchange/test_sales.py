"""Invoices of every source become the same sales, once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from plaincrm.api.taking_in import TakenIn
from plaincrm.errors import UsageError
from tests.exchange.vaults import AURINKO, FIXTURES, MERI, added, notes_of, vault_with

SALES = FIXTURES / "sales"
TERRACE = "- 2026-11-06 invoice [sale:: 1480.00 EUR] [invoice:: 2026-131] [product:: exterior]"
DINING = "### 12.11.2026 lasku [myynti:: 640.00 EUR] [lasku:: 2026-132]"


def why(taken: TakenIn) -> Sequence[tuple[str, str]]:
    """What was not read: the line, and why."""
    return [(one.place.partition(":")[2], one.why) for one in taken.intake.unread]


@pytest.mark.parametrize(
    ("name", "aurinko", "meri"),
    [
        ("finvoice.xml", TERRACE.replace("exterior", "Sisämaalaus"), ""),
        ("ubl-invoice.xml", TERRACE, ""),
        ("sales.journal", TERRACE, DINING),
        ("sales.json", TERRACE, DINING),
        ("sales.beancount", TERRACE, DINING),
        ("invoices-en.csv", TERRACE.replace(" [product:: exterior]", ""), DINING),
    ],
)
def test_an_invoice_is_the_same_sale_from_every_source(tmp_path: Path, name: str, aurinko: str, meri: str) -> None:
    vault = vault_with(tmp_path)
    before = notes_of(vault)
    look = vault.import_sales([SALES / name])
    assert notes_of(vault) == before
    taken = vault.import_sales([SALES / name], apply=True)
    assert added(vault, "aurinko", AURINKO).strip() == aurinko
    assert added(vault, "meri", MERI).strip() == meri
    assert look.intake == taken.intake
    assert not vault.check().diagnostics

    once = notes_of(vault)
    again = vault.import_sales([SALES / name], apply=True)
    assert (again.intake.new, again.intake.same) == ((), len(taken.intake.new))
    assert notes_of(vault) == once


def test_one_undo_takes_all_of_it_back(tmp_path: Path) -> None:
    vault = vault_with(tmp_path)
    before = notes_of(vault)
    vault.import_sales([SALES / "sales.journal", SALES / "finvoice-credit.xml"], apply=True)
    assert notes_of(vault) != before
    vault.undo()
    assert notes_of(vault) == before


@pytest.mark.parametrize(
    ("name", "note", "line"),
    [
        ("finvoice-credit.xml", "meri", "[myynti:: -325.50 EUR]"),  # 325,50 in the file, whose type is INV02
        ("ubl-credit-note.xml", "aurinko", "[reason:: One wall was not painted]"),
    ],
)
def test_a_credit_note_is_a_refund_with_its_reason(tmp_path: Path, name: str, note: str, line: str) -> None:
    vault = vault_with(tmp_path)
    vault.import_sales([SALES / name], apply=True)
    assert line in added(vault, note, {"meri": MERI, "aurinko": AURINKO}[note])
    ((_entry, sale),) = [found for found in vault.customer(note).sales if found[1].revenue < 0]
    assert sale.invoice in ("2026-135", "2026-136")


def test_a_finnish_table_with_lines_faults_and_strangers(tmp_path: Path) -> None:
    vault = vault_with(tmp_path)
    taken = vault.import_sales([SALES / "invoices-fi.csv"], apply=True)
    lines = [line for line in added(vault, "meri", MERI).split("\n") if line]
    assert lines == [
        "### 18.11.2026 lasku [myynti:: -325.50 EUR] [lasku:: 2026-135] [tuote:: interior]"
        " [syy:: Seinä maalattiin kahdesti]",
        "### 12.11.2026 lasku [myynti:: 160.00 EUR] [lasku:: 2026-134] [tuote:: interior]",  # 100 and 60
        f"{DINING} [tuote:: interior]",
    ]
    assert why(taken) == [
        ("8", "invoice 2026-138 has no date that can be read one way only"),
        ("9", "invoice 2026-139 has no amount without VAT that can be read one way only"),
    ]
    (stranger,) = taken.intake.unknown
    assert [near.customer for near in stranger.near] == ["aurinko"]
    assert stranger.command == "plaincrm new 'Kahvila Auringonlasku Oy' business_id=1572860-0"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-117,2026-09-30,Kahvila Aurinko Oy,3200", ""),  # stands there
        ("2026-117,2026-10-02,Kahvila Aurinko Oy,3200", ""),  # the note has it on the day of the work
        ("2026-117,2026-09-30,Kahvila Aurinko Oy,3100", "stands there with 3200.00 EUR, and is 3100.00 EUR"),
        ("2026-117,2026-09-30,Ravintola Meri,3200", "invoice 2026-117 stands with Kahvila Aurinko Oy"),
        ("2026-200,2026-08-01,Kahvila Aurinko Oy,55", "is it [invoice:: 2026-200]?"),  # there without a number
    ],
)
def test_what_stands_there_is_never_doubled(tmp_path: Path, row: str, said: str) -> None:
    table = tmp_path / "sales.csv"
    table.write_text(f"Invoice,Date,Customer,Net\n{row}\n")
    vault = vault_with(tmp_path)
    note = vault.root / "customers/aurinko.md"
    note.write_text(f"{AURINKO}- 2026-08-01 visit: a shelf [sale:: 55 EUR]\n")
    before = notes_of(vault)
    taken = vault.import_sales([table], apply=True)
    assert notes_of(vault) == before
    assert taken.intake.same == (not said)
    assert [said in one.why for one in taken.intake.unclear] == ([True] if said else [])


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ("Kahvila Aurinko,", "aurinko"),  # without the company's form
        ("Aurinko,", ""),  # a part of a name is no name
        ("Kahvila Aurinko Oy,2077474-0", "meri"),  # the id is surer than the name
        ("Kahvila Aurinko Oy,1572860-0", ""),  # an id of somebody else of that name
        ("Toinen Meri,", ""),  # two customers have this name
    ],
)
def test_whose_an_invoice_is(tmp_path: Path, cells: str, found: str) -> None:
    table = tmp_path / "sales.csv"
    table.write_text(f"Invoice,Date,Net,Customer,Business ID\n9,2026-11-01,10,{cells}\n")
    twins = {"meri-1": "---\nname: Toinen Meri\n---\n", "meri-2": "---\nname: Toinen Meri Oy\n---\n"}
    intake = vault_with(tmp_path, **twins).import_sales([table]).intake
    assert [one.customer.customer for one in intake.new] == ([found] if found else [])
    if "Toinen" in cells:
        assert [one.why for one in intake.unclear] == ["Toinen Meri may be meri-1 or meri-2 (name)"]


BOMB = "<!DOCTYPE a [<!ENTITY x 'ha'>]><Finvoice>&x;</Finvoice>"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "it defines things of its own (a DTD), as no invoice does"),
        ("<a>" * 100, "it has more than 60 levels"),
        (f"<Finvoice>{'<a/>' * 200_001}</Finvoice>", "it has more than 200,000 parts"),
        ("<Finvoice><InvoiceDetails>", "it is no XML"),
        ("<html/>", "it holds no Finvoice and no UBL invoice"),
        ("<Finvoice><InvoiceDetails/></Finvoice>", "it is of type none"),
        ("<Invoice><ID>1</ID></Invoice>", "invoice 1 has no date"),
        ('<?xml version="1.0" encoding="nonsense"?><Finvoice/>', "it is no XML"),
        ('[{"tdate": "2026-11-01"}]', "it is no transaction as hledger prints them"),
        ('[{"tdate": ', "it is no answer of hledger print -O json"),
        ("2026-11-01 (7) Meri\n  income:sales  -1,000 EUR\n  a:b\n", "can be read two ways"),
        ("2026-11-01 Meri\n  income:sales  -1000 EUR\n  a:b\n", "income without an invoice number"),
        ("include other.journal\n2026-11-01 (7) Meri\n  a:c  1 EUR\n  a:b\n", "include is not followed"),
        ('2026-11-01 * "Meri"\n  Income:Sales  -10 EUR\n  what is this\n', "a line of it cannot be read"),
        ("Invoice,Date,Customer,Net\n7,2026-11-01,Meri,0\n", "invoice 7 comes to nothing"),
        ("Invoice,Date,Customer,Net\n7,2026-11-01,Meri,10,20\n", "it has 5 cells, and the header has 4"),
    ],
)
def test_what_is_broken_is_told_and_the_rest_stands(tmp_path: Path, text: str, said: str) -> None:
    bad = tmp_path / "bad"
    bad.write_text(text)
    taken = vault_with(tmp_path).import_sales([bad, SALES / "finvoice.xml"])
    assert any(said in found for _place, found in why(taken))
    assert [one.item.key.value for one in taken.intake.new] == ["2026-131"]


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n\0\0", b"Name,Colour\nAcme,red\n"])
def test_a_file_without_invoices_is_refused(tmp_path: Path, data: bytes) -> None:
    bad = tmp_path / "bad"
    bad.write_bytes(data)
    with pytest.raises(UsageError):
        vault_with(tmp_path).import_sales([bad])


def test_columns_can_be_told(tmp_path: Path) -> None:
    vault, file = vault_with(tmp_path), tmp_path / "rechnungen.csv"
    file.write_text("Nr;Tag;Betrag;Kunde;Netto\nR-1;2026-11-02;100,50;Kahvila Aurinko Oy;7\n", encoding="utf-8")
    with pytest.raises(UsageError, match="No column has the invoice number"):
        vault.import_sales([file])
    told = {"Nr": "number", "tag": "date", "Betrag": "net", "Kunde": "customer", "Netto": "-"}
    vault.import_sales([file], columns=told, apply=True)
    assert "[sale:: 100.50 EUR] [invoice:: R-1]" in added(vault, "aurinko", AURINKO)
    with pytest.raises(UsageError, match="has no column Ort"):
        vault.import_sales([file], columns={**told, "Ort": "name"})
    with pytest.raises(UsageError, match="An invoice has no colour"):
        vault.import_sales([file], columns={"Nr": "colour"})


def test_a_note_that_cannot_be_written_leaves_the_others(tmp_path: Path) -> None:
    vault = vault_with(tmp_path)
    (vault.root / "customers/meri.md").write_text(f"{MERI}\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n")
    taken = vault.import_sales([SALES / "sales.journal"], apply=True)
    assert added(vault, "aurinko", AURINKO).strip() == TERRACE
    assert [one.why for one in taken.intake.unclear if "merge" in one.why]
