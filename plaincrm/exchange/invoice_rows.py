"""Invoices in a table: the columns by their names in Finnish and English invoicing programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from plaincrm.errors import UsageError
from plaincrm.exchange.finvoice import from_ovt
from plaincrm.exchange.incoming import Party, Unread
from plaincrm.exchange.invoice import Invoice
from plaincrm.exchange.tables import Row, Table, read_table

# What a column holds, by the names that programs give it; of several the first that is there counts.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": (
        *("laskunumero", "laskun numero", "lasku nro", "laskun nro", "laskunro", "lasku", "numero"),
        *(
            "invoice number",
            "invoice no",
            "invoice no.",
            "invoice #",
            "invoice id",
            "invoice",
            "number",
            "document number",
        ),
    ),
    "day": (
        *("laskun päivä", "laskupäivä", "laskun päiväys", "laskun päivämäärä", "laskupvm", "laskun pvm"),
        *("päiväys", "päivämäärä", "pvm", "invoice date", "issue date", "date issued", "date"),
    ),
    "net": (
        *("veroton", "veroton summa", "veroton yhteensä", "summa veroton", "yhteensä veroton", "summa ilman alv"),
        *("summa alv 0", "veroton hinta", "netto", "nettosumma", "net", "net amount", "net total", "subtotal"),
        *(
            "revenue",
            "total excl. vat",
            "amount excl. vat",
            "total excluding vat",
            "amount without vat",
            "tax exclusive amount",
        ),
    ),
    "gross": (
        *("verollinen", "verollinen summa", "verollinen yhteensä", "summa verollinen", "yhteensä", "loppusumma"),
        *("laskun summa", "summa", "total", "total incl. vat", "amount incl. vat", "gross", "gross amount", "amount"),
    ),
    "vat": ("alv", "alv yhteensä", "alv summa", "alv-summa", "vero", "verot", "vat", "vat amount", "tax", "tax amount"),
    "currency": ("valuutta", "currency", "currency code"),
    "name": (
        *("asiakas", "asiakkaan nimi", "asiakasnimi", "ostaja", "vastaanottaja", "nimi"),
        *(
            "customer",
            "customer name",
            "client",
            "client name",
            "company",
            "company name",
            "contact name",
            "buyer",
            "name",
        ),
    ),
    "business_id": (
        "y-tunnus",
        "ytunnus",
        "asiakkaan y-tunnus",
        "ly-tunnus",
        "business id",
        "company id",
        "business_id",
    ),
    "vat_id": ("alv-tunnus", "vat-tunnus", "vat id", "vat number", "vat no", "vat-id", "tax id", "vat_id"),
    "ovt": ("ovt", "ovt-tunnus", "verkkolaskuosoite", "e-invoice address"),
    "email": ("sähköposti", "sähköpostiosoite", "email", "e-mail", "email address", "customer email", "client email"),
    "customer": ("plaincrm", "plaincrm id"),
    "product": ("tuote", "tuotteen nimi", "tuotenimi", "tuoteryhmä", "product", "product name", "item", "item name"),
    "reason": ("syy", "hyvityksen syy", "reason"),
}
_FIELD_OF = {name: field for field, names in COLUMNS.items() for name in names}


def _folded(header: str) -> str:
    """A header as it is compared: without case, unit and signs at its end."""
    return re.sub(r"\s*[(\[](?:€|eur|alv 0 ?%?)[)\]]|\s*€$", "", " ".join(header.casefold().split())).strip(" :*")


def is_known(header: str) -> bool:
    """Whether a header names something that an invoice has."""
    return _folded(header) in _FIELD_OF


# How people name these where they say what a column is.
_TOLD = {
    "date": "day",
    "id": "customer",
    "customer": "name",
    **{field: field for field in COLUMNS if field != "customer"},
}


def invoice_rows(path: Path, currency: str, told: Mapping[str, str]) -> Iterator[Invoice | Unread]:
    """The invoices of a table, several rows of one number added up; `told` says what columns are, by their headers.

    Raises:
        UsageError: the file is no table, or lacks the number, the day, the amount without VAT or the customer; or there
            is no such column, or nothing of an invoice is called so.
    """
    said = {_folded(header): _told_field(field) for header, field in told.items()}
    table = read_table(path, known=lambda header: is_known(header) or _folded(header) in said)
    missing = next((header for header in told if _folded(header) not in map(_folded, table.headers)), None)
    if missing is not None:
        raise UsageError(f"{path.name} has no column {missing}.", f"It has {', '.join(table.headers[:30])}.")
    columns = _columns(table, said)
    seen: dict[str, list[Invoice]] = {}
    for row in table.rows():
        place = f"{path.name}:{row.line}"
        if not isinstance(row, Row):
            yield Unread(place, row.why)
            continue
        found = _invoice(
            {field: row.cells.get(header, "") for field, header in columns.items()}, table, place, currency
        )
        if not found.number or found.day is None or found.net is None:
            yield found
            continue
        seen.setdefault(found.number, []).append(found)
    for rows in seen.values():
        yield from _added(rows, by_lines="product" in columns)


def _told_field(text: str) -> str:
    """What of an invoice a column is said to be; nothing where it is to be left out (`-`)."""
    if text in ("", "-"):
        return ""
    field = _TOLD.get(text.casefold().replace(" ", "_"))
    if field is None:
        raise UsageError(f"An invoice has no {text}.", f"There are {', '.join(_TOLD)}.")
    return field


def _columns(table: Table, said: Mapping[str, str]) -> dict[str, str]:
    """The header of each thing that an invoice has."""
    headers = {_folded(header): header for header in reversed(table.headers)}
    found = {field: headers[name] for name, field in said.items() if field}
    headers = {name: header for name, header in headers.items() if name not in said}
    if "customer_name" in headers and "customer" in headers:  # our own export
        found = {"customer": headers.pop("customer"), "name": headers["customer_name"], **found}
    for field, names in COLUMNS.items():
        if field in found:
            continue
        header = next((headers[name] for name in names if name in headers), None)
        if header:
            found[field] = header
    lacks = [
        what
        for what, fields in {
            "the invoice number": ("number",),
            "the date": ("day",),
            "the customer": ("name", "business_id", "vat_id", "ovt", "email", "customer"),
        }.items()
        if not any(field in found for field in fields)
    ]
    if "net" not in found and not ("gross" in found and "vat" in found):
        lacks.append("the amount without VAT")
    if lacks:
        there = ", ".join(table.headers[:12])
        remedy = (
            "Name the columns as docs/import-sales.md lists them: Invoice number, Date, Net, Customer, Business ID."
        )
        raise UsageError(f"No column has {' or '.join(lacks)}; there are {there}.", remedy)
    return found


def _invoice(cells: Mapping[str, str], table: Table, place: str, currency: str) -> Invoice:
    def number(field: str) -> Decimal | None:
        return table.number(cells[field]) if cells.get(field) else None

    net, gross, vat = number("net"), number("gross"), number("vat")
    if net is None and not cells.get("net") and gross is not None and vat is not None:
        net = gross - vat
    email = cells.get("email", "")
    return Invoice(
        place,
        cells.get("number", ""),
        table.day(cells.get("day", "")),
        net,
        cells.get("currency", "").strip().upper() or currency,
        Party(
            cells.get("name", ""),
            cells.get("business_id", "") or from_ovt(cells.get("ovt", "")),
            cells.get("vat_id", ""),
            (email,) if "@" in email else (),
            cells.get("customer", ""),
        ),
        cells.get("product", ""),
        cells.get("reason", ""),
    )


def _added(rows: list[Invoice], *, by_lines: bool) -> Iterator[Invoice | Unread]:
    """The rows of one number as one invoice: its lines where the table has products, else each number stands once."""
    first = rows[0]
    alike = [row for row in rows if row[1:3] == first[1:3] and row[4:6] == first[4:6]]
    for row in rows:
        if row not in alike or (not by_lines and row is not first):
            yield Unread(row.place, f"invoice {row.number} stands in {first.place} already")
    if not by_lines:
        yield first
        return
    products = {row.product for row in alike} - {""}
    net = sum((row.net for row in alike if row.net is not None), Decimal(0))
    yield first._replace(net=net, product=products.pop() if len(products) == 1 else "")
