"""Which forms there are, what can be written in each, and how a form is found."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import BinaryIO, NamedTuple

from plaincrm.errors import UsageError
from plaincrm.reports.export import WHAT, Export


class How(NamedTuple):
    """How rows are written: for whose spreadsheets, whether for programs, and the names of companies by their links."""

    locale: str = ""
    raw: bool = False
    companies: Mapping[str, str] = {}


class Form(NamedTuple):
    """A form: its module here, what it can hold, the columns it needs (none: as wished), and the extra it is in."""

    module: str
    what: tuple[str, ...] = WHAT
    columns: Mapping[str, str] = {}
    extra: str = ""
    ending: str = ""


_CARD = {
    "customers": "customer,name,type,aliases,company,role,email,phone,address,postcode,city,country,website"
    ",birthday,tags",
    "contacts": "customer,customer_name,name,role,email,phone",
}
_SALE = {"sales": "date,invoice,customer,customer_name,product,currency,revenue,file,line"}
FORMS: Mapping[str, Form] = {
    "csv": Form("delimited"),
    "jsonl": Form("json_lines"),
    "xlsx": Form("workbook", extra="excel"),
    "parquet": Form("parquet", extra="parquet"),
    "vcard": Form("vcard", ("customers", "contacts"), _CARD, ending="vcf"),
    "vcard3": Form("vcard3", ("customers", "contacts"), _CARD),
    "ics": Form("", ("tasks",)),
    "sqlite": Form("", ("customers",)),
    "hledger": Form("ledger", ("sales",), _SALE, ending="journal"),
}


def form_of(name: str, what: str | None) -> tuple[Form, str]:
    """A form by its name, and what is written: as wished, else customers where the form can hold them.

    Raises:
        UsageError: it cannot hold what is wished.
    """
    form = FORMS[name]
    if what and what not in form.what:
        able = ", ".join(other for other, found in FORMS.items() if what in found.what)
        raise UsageError(f"{name} has no place for {what}.", f"It holds {' or '.join(form.what)}; {what} go to {able}.")
    return form, what or form.what[0]


def writer(form: Form) -> Callable[[BinaryIO, Export, How], list[str]]:
    """What writes a form; it tells what the form could not hold in full.

    Raises:
        UsageError: what it needs is not installed.
    """
    try:
        module: ModuleType = importlib.import_module(f"plaincrm.render.export.{form.module}")
    except ModuleNotFoundError as error:
        if not form.extra:
            raise
        raise UsageError(
            f"{error.name} is not installed, which writes this form.", f"pip install 'plaincrm[{form.extra}]' adds it."
        ) from None
    found: Callable[[BinaryIO, Export, How], list[str]] = module.write
    return found
