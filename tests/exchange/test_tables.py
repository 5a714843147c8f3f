"""Tables in: how a file is written is found out and said, and what cannot be read is told with its line."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from plaincrm.errors import UsageError
from plaincrm.exchange import workbooks
from plaincrm.exchange.tables import Rejected, Row, Table, Told, read_table


def table(tmp_path: Path, data: bytes | str, told: Told | None = None) -> Table:
    path = tmp_path / "any-name.dat"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_table(path, told or Told())


SAID = "Nimi;Kaupunki;Summa\nÄijä Oy;Jyväskylä;1 200,50\n"
ROW = Row(2, {"Nimi": "Äijä Oy", "Kaupunki": "Jyväskylä", "Summa": "1 200,50"})


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16-LE"),
        ("utf-16-be", "UTF-16-BE"),
        ("utf-32", "UTF-32"),
    ],
)
def test_the_encoding_is_found_and_said(tmp_path: Path, encoding: str, shown: str) -> None:
    found = table(tmp_path, SAID.encode(encoding))
    assert found.headers == ("Nimi", "Kaupunki", "Summa")
    assert list(found.rows()) == [ROW]
    assert found.read_as == ("columns parted by semicolons", shown, "decimal comma")


def test_an_encoding_can_be_told(tmp_path: Path) -> None:
    data = "Name;Sum\nA;5 \N{EURO SIGN}\n".encode("iso-8859-15")
    assert list(table(tmp_path, data, Told(encoding="iso-8859-15")).rows()) == [Row(2, {"Name": "A", "Sum": "5 €"})]


@pytest.mark.parametrize(("sign", "said"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_the_delimiter_is_found(tmp_path: Path, sign: str, said: str) -> None:
    text = f'Name{sign}Said{sign}City\n"Acme, Ltd; really"{sign}"a|b\tc"{sign}Vaasa\nBolt{sign}x{sign}Pori\n'
    found = table(tmp_path, text)
    assert found.read_as[0] == f"columns parted by {said}"
    assert [row.cells["City"] for row in found.rows() if isinstance(row, Row)] == ["Vaasa", "Pori"]


def test_a_delimiter_can_be_told(tmp_path: Path) -> None:
    assert table(tmp_path, "Name,a~City\nAcme~Vaasa\n", Told(delimiter="~")).headers == ("Name,a", "City")


def test_the_header_is_found_below_a_title(tmp_path: Path) -> None:
    text = "Asiakasluettelo 21.11.2026;;\n;;\nNimi;Y-tunnus;Puhelin\nAcme;2077474-0;040 123\n"
    found = table(tmp_path, text)
    assert found.header_line == 3
    assert "header in line 3" in found.read_as
    assert list(found.rows()) == [Row(4, {"Nimi": "Acme", "Y-tunnus": "2077474-0", "Puhelin": "040 123"})]
    with pytest.raises(UsageError, match="There is no header in line 9"):
        table(tmp_path, text, Told(header_row=9))


@pytest.mark.parametrize(
    ("cells", "decimal", "values"),
    [
        (["1,50", "3,200"], ",", [Decimal("1.50"), Decimal("3.200")]),
        (["1.50", "3,200"], ".", [Decimal("1.50"), Decimal(3200)]),
        (["1.200,50", "3.200"], ",", [Decimal("1200.50"), Decimal(3200)]),
        (["3,200"], "", [None]),  # 3200 in London and 3.2 in Helsinki
        (["1,5", "1.5", "3.200"], "", [Decimal("1.5"), Decimal("1.5"), None]),
        (["12 €", "EUR 3200", "1 200 kr", "-5", "abc"], "", [*map(Decimal, (12, 3200, 1200, -5)), None]),
    ],
)
def test_numbers_are_read_as_the_file_writes_them(
    tmp_path: Path, cells: list[str], decimal: str, values: list[Decimal | None]
) -> None:
    found = table(tmp_path, "Name;Sum\n" + "".join(f"x;{cell}\n" for cell in cells))
    assert found.style.decimal == decimal
    assert [found.number(cell) for cell in cells] == values


def test_a_decimal_sign_can_be_told(tmp_path: Path) -> None:
    assert table(tmp_path, "Name;Sum\nx;3,200\n", Told(decimal=",")).number("3,200") == Decimal("3.2")


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["31/01/2026", "03/04/2026"], [date(2026, 1, 31), date(2026, 4, 3)]),
        (["01/31/2026", "03/04/2026"], [date(2026, 1, 31), date(2026, 3, 4)]),
        (["03/04/2026"], [None]),
        (["1.5.2026 12:30", "2026-05-01T10:00:00Z", "May 1, 2026", "20260501"], [date(2026, 5, 1)] * 4),
    ],
)
def test_days_are_read_as_the_file_writes_them(tmp_path: Path, cells: list[str], days: list[date | None]) -> None:
    found = table(tmp_path, "Name;Day\n" + "".join(f"x;{cell}\n" for cell in cells))
    assert [found.day(cell) for cell in cells] == days


def test_bad_rows_are_told_with_their_lines_and_the_others_are_read(tmp_path: Path) -> None:
    text = (
        b"Name;City;Name\r\nAcme;Vaasa;A\r\n\r\nN\0UL;x;y\nToo;many;cells;here\n"
        b'"two\nlines";Pori;\rShort\n' + b"L" * 131_073 + b";x;y\nUTF;caf\xe9;x\n\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4;x;y\n"
    )
    found = table(tmp_path, text)
    assert found.headers == ("Name", "City", "Name (2)")
    assert "Name stands there twice" in found.read_as
    assert list(found.rows()) == [
        Row(2, {"Name": "Acme", "City": "Vaasa", "Name (2)": "A"}),
        Rejected(4, "it holds a NUL byte"),
        Rejected(5, "it has 4 cells, and the header has 3"),
        Row(6, {"Name": "two\nlines", "City": "Pori"}),
        Row(8, {"Name": "Short"}),
        Rejected(9, "a cell is longer than 131,072 characters"),
        Rejected(10, "it holds bytes that are none of the encoding"),
        Row(11, {"Name": "ääää", "City": "x", "Name (2)": "y"}),
    ]


def test_a_quote_that_is_not_closed_is_told_with_where_it_leads(tmp_path: Path) -> None:
    text = 'Name;City\nAcme;"Vaasa\n' + "Bolt;Pori and a long way\n" * 6000
    found = next(iter(table(tmp_path, text).rows()))
    assert isinstance(found, Rejected)
    assert found.line == 2
    assert found.why.endswith("is a quote not closed?")


def test_the_sign_before_a_formula_is_taken_off(tmp_path: Path) -> None:
    text = "Name;Phone;Said\n'=1+1;'+358 40 1;'tis\nA;\"a;'=1\n'- b\n'x\";'\uff1d2\n"
    assert list(table(tmp_path, text).rows()) == [
        Row(2, {"Name": "=1+1", "Phone": "+358 40 1", "Said": "'tis"}),
        Row(3, {"Name": "A", "Phone": "a;=1\n- b\n'x", "Said": "\uff1d2"}),
    ]


def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    text = ";".join(f"h{n}" for n in range(10_000)) + "\n" + ";".join("x" * 10_000) + "\n"
    found = table(tmp_path, text)
    assert len(found.headers) == 10_000
    assert [len(row.cells) for row in found.rows() if isinstance(row, Row)] == [10_000]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"%PDF-1.4 x", b"1;2;3\n4;5;6\n"])
def test_what_is_no_table_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UsageError):
        table(tmp_path, data)


JSON = """[
  {"name": "Acme", "tags": ["a", "b"], "address": {"city": "Vaasa"}, "sum": 1.5, "ok": true, "none": null},

  {"name": "Bolt", "people": [{"x": 1}]}
]
"""


def test_json_objects_are_rows_with_their_lines(tmp_path: Path) -> None:
    found = table(tmp_path, JSON)
    assert found.headers == ("name", "tags", "address.city", "sum", "ok", "none", "people")
    assert list(found.rows()) == [
        Row(2, {"name": "Acme", "tags": "a; b", "address.city": "Vaasa", "sum": "1.5", "ok": "true"}),
        Row(4, {"name": "Bolt", "people": '[{"x": "1"}]'}),
    ]
    assert found.number("1.500") == Decimal("1.5")


def test_json_lines_and_a_list_under_a_key_are_read_too(tmp_path: Path) -> None:
    assert [row.line for row in table(tmp_path, '{"name": "A"}\n{"name": "B"}\n').rows()] == [1, 2]
    assert [row.line for row in table(tmp_path, '{"total": 2, "rows": [{"name": "A"}, {"name": "B"}]}').rows()] == [
        1,
        2,
    ]
    with pytest.raises(UsageError, match="is no JSON"):
        table(tmp_path, '[{"name": ]')
    with pytest.raises(UsageError, match="nested too deep"):
        table(tmp_path, "[" * 200_000)


def test_numbers_of_json_are_as_they_are_written(tmp_path: Path) -> None:
    text = f'[{{"name": "A", "id": 1{"0" * 6000}, "sum": 1.50, "none": NaN}}]'
    assert list(table(tmp_path, text).rows()) == [Row(1, {"name": "A", "id": f"1{'0' * 6000}", "sum": "1.50"})]


def workbook(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Customers")
    sheet.append(["List of customers"])
    sheet.append([])
    sheet.append(["Name", "Since", "Sum", "Ok", "Called"])
    sheet.append(["Acme", date(2024, 5, 1), 12.5, True, datetime(2024, 5, 1, 10, 30)])
    sheet.append(["00100", None, 40123])
    book.save(path)


def test_a_sheet_of_a_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    workbook(path)
    found = read_table(path)
    assert found.read_as == ("sheet Customers", "1 more (Notes) not read", "decimal point", "header in line 3")
    acme = {"Name": "Acme", "Since": "2024-05-01", "Sum": "12.5", "Ok": "true", "Called": "2024-05-01 10:30"}
    assert list(found.rows()) == [Row(4, acme), Row(5, {"Name": "00100", "Sum": "40123"})]
    with pytest.raises(UsageError, match="There is no sheet People"):
        read_table(path, Told(sheet="People"))


def test_bombs_in_workbooks_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from openpyxl import Workbook

    far = Workbook()
    far.active["A1"], far.active["XFD1048576"] = "Name", "x"
    far.save(tmp_path / "far.xlsx")
    with pytest.raises(UsageError, match="a cell far out: 16,384 columns by 1,048,576 rows"):
        read_table(tmp_path / "far.xlsx")
    with zipfile.ZipFile(tmp_path / "large.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (9 * 2**20))
    monkeypatch.setattr(workbooks, "_UNPACKED", 8 * 2**20)  # 512 MiB, which take seconds to pack
    with pytest.raises(UsageError, match="unpacks to more than 8 MiB"):
        read_table(tmp_path / "large.xlsx")
    (tmp_path / "cut.xlsx").write_bytes((tmp_path / "far.xlsx").read_bytes()[:2000])
    with pytest.raises(UsageError, match="no sound workbook"):
        read_table(tmp_path / "cut.xlsx")
