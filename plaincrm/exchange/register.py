"""The Finnish open company register (PRH/YTJ, open data v3): one company of an answer, and a small fetcher for it.

The answer's shape is that of https://avoindata.prh.fi/opendata-ytj-api/v3/schema; the data is under CC BY 4.0.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from plaincrm.errors import NoMatch, UsageError
from plaincrm.exchange.checked import checked
from plaincrm.records.schema import Schema
from plaincrm.records.values import BadValue, read_value

ADDRESS = "https://avoindata.prh.fi/opendata-ytj-api/v3"
_LANGUAGES = {"fi": "1", "sv": "2", "en": "3"}  # of descriptions and places
_NAME = "1"  # the type of a company's legal name
_VISITING = 1  # the type of an address; 2 is the postal one
_PATIENCE = 20.0  # seconds
_LIMIT = 4 * 1024 * 1024  # bytes of an answer about one company
_SAVE = f"Save the answer of {ADDRESS}/companies?businessId=... in a file and name it with --from-register FILE."


def sound_business_id(text: str, schema: Schema) -> str:
    """A business id in its usual form.

    Raises:
        UsageError: it is none.
    """
    try:
        return str(read_value(text.strip(), schema.table.customer["business_id"], schema))
    except BadValue as bad:
        why = bad.facts.get("problem", "is none")
        raise UsageError(f"The business id {text} {why}.", "Write it as 2077474-0.") from None


def company(answer: bytes, business_id: str, schema: Schema, language: str = "fi") -> tuple[str, Mapping[str, Any]]:
    """The name and the fields of a company in a register's answer: address, line of business, site, VAT number.

    What has ended is left out. An answer about one company needs no id.

    Raises:
        UsageError: the answer is none of the register.
        NoMatch: the company is not in it, or has ended.
    """
    found = _company(_companies(answer), business_id)
    if found.get("endDate"):
        raise NoMatch(f"{business_id} ended on {found['endDate']}.", "Give the fields yourself, if it is a customer.")
    names = [item for item in _dicts(found.get("names")) if str(item.get("type")) == _NAME and not item.get("endDate")]
    if not names:
        raise NoMatch(f"The register tells no name of {business_id}.", "Give the name yourself.")
    number = str(_dict(found.get("businessId")).get("value", business_id))
    address = _address(_dicts(found.get("addresses")))
    said = {
        "type": ["company"],
        "business_id": [number],
        "vat_id": [f"FI{number.replace('-', '')}"] if _is_liable(found) else [],
        "website": [_site(found)],
        "address": [_street(address)],
        "postcode": [str(address.get("postCode") or "")],
        "city": [_place(address, language)],
        "country": [str(address.get("country") or "FI")],
        "industry": [_described(_dict(found.get("mainBusinessLine")).get("descriptions"), language)],
    }
    fields, _left_out = checked(said, schema)
    return " ".join(str(names[0].get("name", "")).split()), fields


def fetched(business_id: str, address: str = ADDRESS) -> bytes:
    """The register's answer about a company, asked for over the network.

    Raises:
        UsageError: the register cannot be reached, or refuses.
    """
    from urllib.error import HTTPError, URLError  # noqa: PLC0415 (for this question only)
    from urllib.parse import quote  # noqa: PLC0415
    from urllib.request import Request, urlopen  # noqa: PLC0415

    if not address.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise UsageError(f"{address} is no address that is asked.", "It begins with https://.")
    url = f"{address}/companies?businessId={quote(business_id)}"
    try:
        with urlopen(Request(url, headers={"Accept": "application/json"}), timeout=_PATIENCE) as answer:
            data: bytes = answer.read(_LIMIT + 1)
    except HTTPError as error:
        why = "is asked too often; try again later" if error.code == 429 else f"answers with {error.code}"
        raise UsageError(f"The register {why}.", _SAVE) from None
    except (URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise UsageError(f"The register cannot be reached: {reason}.", _SAVE) from None
    if len(data) > _LIMIT:
        raise UsageError("The register's answer is too large.", _SAVE)
    return data


def _companies(answer: bytes) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        raise UsageError("The register's answer is no JSON.", _SAVE) from None
    companies = found.get("companies", [found]) if isinstance(found, dict) else found
    listed = _dicts(companies)
    if listed and not any("businessId" in item for item in listed):
        raise UsageError("That is no answer of the company register.", _SAVE)
    return listed


def _company(companies: list[Mapping[str, Any]], business_id: str) -> Mapping[str, Any]:
    if not business_id and len(companies) == 1:
        return companies[0]
    for item in companies:
        if str(_dict(item.get("businessId")).get("value")) == business_id:
            return item
    what = f"{business_id} is not in the register's answer." if business_id else "It is about several companies."
    raise NoMatch(what, "See to the number: --business-id 2077474-0.")


def _is_liable(found: Mapping[str, Any]) -> bool:
    """Whether a company stands in the register of those liable for VAT (80 of register 6)."""
    entries = _dicts(found.get("registeredEntries"))
    return any(
        str(item.get("register")) == "6" and str(item.get("type")) == "80" and not item.get("endDate")
        for item in entries
    )


def _site(found: Mapping[str, Any]) -> str:
    site = found.get("website")
    return str(_dict(site).get("url") or "") if isinstance(site, dict) else str(site or "")


def _address(addresses: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The visiting address, else any other."""
    current = [item for item in addresses if not item.get("endDate")]
    return min(current, key=lambda item: str(item.get("type")) != str(_VISITING), default={})


def _street(address: Mapping[str, Any]) -> str:
    parts = [address.get(part) for part in ("street", "buildingNumber", "entrance", "apartmentNumber")]
    street = " ".join(str(part) for part in parts if part)
    box = address.get("postOfficeBox")
    return street or (f"PL {box}" if box else "") or str(address.get("freeAddressLine") or "")


def _place(address: Mapping[str, Any], language: str) -> str:
    return str(_in(_dicts(address.get("postOffices")), language).get("city") or "").title()


def _described(descriptions: object, language: str) -> str:
    return str(_in(_dicts(descriptions), language).get("description") or "")


def _in(items: Iterable[Mapping[str, Any]], language: str) -> Mapping[str, Any]:
    """What is said in a language, else in Finnish, else the first."""
    order = [_LANGUAGES.get(language, "1"), "1"]
    known = list(items)
    for code in order:
        for item in known:
            if str(item.get("languageCode")) == code:
                return item
    return known[0] if known else {}


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
