"""UBL 2.1 invoices and credit notes, as Peppol BIS Billing 3 has them."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree.ElementTree import Element

from plaincrm.dates import iso_form, parse_date
from plaincrm.exchange.finvoice import from_ovt
from plaincrm.exchange.incoming import Party, Unread
from plaincrm.exchange.invoice import Invoice
from plaincrm.exchange.xml_in import text_at

_OVT_SCHEMES = ("0037", "0216")  # of EndpointID: the OVT code


def ubl(root: Element, place: str, currency: str) -> Invoice | Unread:
    """The invoice of an `Invoice` or `CreditNote` document; `currency` is meant where none is named."""
    total = root.find("LegalMonetaryTotal/TaxExclusiveAmount")
    amount = text_at(root, "LegalMonetaryTotal/TaxExclusiveAmount")
    net = Decimal(amount) if re.fullmatch(r"[-+]?[0-9]{1,12}(?:\.[0-9]{1,5})?", amount) else None
    credit = root.tag == "CreditNote"
    if net is not None and credit:
        net = -net  # what a credit note gives back stands there without a sign
    day = iso_form(text_at(root, "IssueDate"))
    products = {text_at(line, "Item/Name") for line in (*root.findall("InvoiceLine"), *root.findall("CreditNoteLine"))}
    original = text_at(root, "BillingReference/InvoiceDocumentReference/ID")
    return Invoice(
        place,
        text_at(root, "ID"),
        parse_date(day) if day else None,
        net,
        (total.get("currencyID", "") if total is not None else "") or currency,
        _party(root),
        products.pop() if len(products) == 1 else "",
        text_at(root, "Note") or (f"credit {original}" if credit and original else ""),
    )


def _party(root: Element) -> Party:
    party = root.find("AccountingCustomerParty/Party")
    if party is None:
        return Party()
    endpoint, email = party.find("EndpointID"), text_at(party, "Contact/ElectronicMail")
    ovt = text_at(party, "EndpointID") if endpoint is not None else ""
    if endpoint is not None and endpoint.get("schemeID") in _OVT_SCHEMES and not ovt.startswith("0037"):
        ovt = f"0037{ovt}"
    return Party(
        name=text_at(party, "PartyLegalEntity/RegistrationName") or text_at(party, "PartyName/Name"),
        business_id=_business_id(text_at(party, "PartyLegalEntity/CompanyID")) or from_ovt(ovt),
        vat_id=text_at(party, "PartyTaxScheme/CompanyID"),
        emails=(email,) if "@" in email else (),
    )


def _business_id(text: str) -> str:
    """A Finnish business id, also as part of an OVT code; other registers have ids of their own."""
    return text if re.fullmatch(r"[0-9]{6,7}-?[0-9]", text) else from_ovt(text)
