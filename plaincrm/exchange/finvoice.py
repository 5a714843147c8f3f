"""Finvoice 3.0, the electronic invoice of Finnish banks: amounts with a comma, days as CCYYMMDD."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree.ElementTree import Element

from plaincrm.dates import real_date
from plaincrm.exchange.incoming import Party, Unread
from plaincrm.exchange.invoice import Invoice
from plaincrm.exchange.xml_in import text_at

_CREDIT = "INV02"  # InvoiceTypeCode; INV01 is an invoice, the others are none that was sent for a sale
_AMOUNT = re.compile(r"[-+]?[0-9]{1,12}(?:,[0-9]{1,5})?")
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def finvoice(root: Element, place: str, currency: str) -> Invoice | Unread:
    """The invoice of a `Finvoice` document; `currency` is meant where none is named."""
    details, buyer = root.find("InvoiceDetails"), root.find("BuyerPartyDetails")
    if details is None:
        return Unread(place, "it has no InvoiceDetails")
    kind = text_at(details, "InvoiceTypeCode")
    if kind not in ("INV01", _CREDIT):
        return Unread(place, f"it is of type {kind or 'none'}, and no invoice (INV01) or credit note ({_CREDIT})")
    net = _net(details)
    if net is not None and kind == _CREDIT:
        net = -abs(net)  # programs differ in whether they write the minus
    total = details.find("InvoiceTotalVatExcludedAmount")
    if total is None:
        total = details.find("InvoiceTotalVatIncludedAmount")
    named = total.get("AmountCurrencyIdentifier", "") if total is not None else ""
    day = _DAY.fullmatch(text_at(details, "InvoiceDate"))
    products = {text_at(row, "ArticleName") for row in root.findall("InvoiceRow")} - {""}
    return Invoice(
        place,
        text_at(details, "InvoiceNumber"),
        real_date(*map(int, day.groups())) if day else None,
        net,
        named or currency,
        _party(root, buyer),
        products.pop() if len(products) == 1 else "",
        _reason(details),
    )


def _net(details: Element) -> Decimal | None:
    """The total without VAT; where it is left out, the total less the VAT."""
    excluded, included, vat = (
        _amount(details, f"InvoiceTotalVat{name}Amount") for name in ("Excluded", "Included", "")
    )
    if excluded is not None:
        return excluded
    return included - vat if included is not None and vat is not None else None


def _amount(details: Element, name: str) -> Decimal | None:
    text = text_at(details, name).replace(" ", "")
    return Decimal(text.replace(",", ".")) if _AMOUNT.fullmatch(text) else None


def _party(root: Element, buyer: Element | None) -> Party:
    if buyer is None:
        return Party()
    unit = text_at(root, "BuyerOrganisationUnitNumber")  # the OVT code
    email = text_at(root, "BuyerCommunicationDetails/BuyerEmailaddressIdentifier")
    return Party(
        name=text_at(buyer, "BuyerOrganisationName"),
        business_id=text_at(buyer, "BuyerPartyIdentifier") or from_ovt(unit),
        vat_id=text_at(buyer, "BuyerOrganisationTaxCode"),
        emails=(email,) if "@" in email else (),
    )


def from_ovt(text: str) -> str:
    """The business id in an OVT code: 0037, its eight digits, and what the organisation adds."""
    found = re.match(r"0037([0-9]{7})([0-9])", text)
    return f"{found[1]}-{found[2]}" if found else ""


def _reason(details: Element) -> str:
    free = text_at(details, "InvoiceFreeText")
    return free or " ".join(
        part for part in (text_at(details, "InvoiceTypeText"), text_at(details, "OriginalInvoiceNumber")) if part
    )
