"""Sales as a journal of hledger: a transaction each, excluding VAT, with the line of the note that it comes from."""

from __future__ import annotations

from decimal import Decimal
from typing import BinaryIO

from plaincrm.money import decimal_text
from plaincrm.render.escape import ledger_text
from plaincrm.render.export.forms import How
from plaincrm.reports.export import Cell, Export

_HEAD = "; Sales excluding VAT, written by plaincrm.\ndecimal-mark .\n"
_OWED, _EARNED = "assets:receivable", "income:sales"


def write(file: BinaryIO, export: Export, _how: How) -> list[str]:
    """Write the sales in the order of their days."""
    keys = [column.key for column in export.columns]
    file.write(_HEAD.encode())
    for row in export.rows:
        file.write(_transaction(dict(zip(keys, row, strict=True))).encode())
    return []


def _transaction(sale: dict[str, Cell]) -> str:
    code = ledger_text(str(sale["invoice"])).replace(")", "]") if sale["invoice"] else ""
    product = ledger_text(str(sale["product"])) if sale["product"] else ""
    payee = ledger_text(str(sale["customer_name"]))
    tags = ", ".join(f"{key}:{ledger_text(str(value).replace(',', ' '))}" for key, value in _tags(sale))
    earned = f"{_EARNED}:{product.replace(':', '-')}" if product else _EARNED
    amount = sale["revenue"] if isinstance(sale["revenue"], Decimal) else Decimal(0)
    width = max(len(_OWED), len(earned)) + 2
    texts = [f"{decimal_text(of)} {sale['currency']}" for of in (amount, -amount)]
    head = f"{sale['date']} * {f'({code}) ' if code else ''}{payee}{f' | {product}' if product else ''}  ; {tags}"
    postings = [
        f"    {account:<{width}}{text:>{max(map(len, texts))}}"
        for account, text in zip((_OWED, earned), texts, strict=True)
    ]
    return "\n".join(["", head, *postings, ""])


def _tags(sale: dict[str, Cell]) -> list[tuple[str, str]]:
    product = [("product", str(sale["product"]))] if sale["product"] else []
    return [("customer", str(sale["customer"])), *product, ("note", f"{sale['file']}:{sale['line']}")]
