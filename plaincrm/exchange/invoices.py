"""Invoices from any file: what it is shows in what it holds, not in its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from plaincrm.errors import UsageError
from plaincrm.exchange.bytes_in import opened, size_of, start_of
from plaincrm.exchange.incoming import Incoming, Unread
from plaincrm.exchange.invoice import Invoice, incoming

_MOST = 200 * 1024 * 1024  # bytes of a ledger or of invoices in XML that are held at once


def read_invoices(
    paths: Iterable[Path], currency: str, columns: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Incoming | Unread]:
    """The entries of the invoices in files; `currency` is meant where none is named.

    `columns` says what columns of tables are, by their headers.

    Raises:
        UsageError: a file cannot be read, or holds no invoices.
    """
    for path in paths:
        for found in _invoices(path, currency, columns):
            yield incoming(found) if isinstance(found, Invoice) else found


def _invoices(path: Path, currency: str, columns: Mapping[str, str]) -> Iterator[Invoice | Unread]:
    start = start_of(path).removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return _of_xml(path, currency)
    from plaincrm.exchange.invoice_rows import invoice_rows  # noqa: PLC0415 (each for its files only)

    if start.startswith(b"[") and b'"tdate"' in start:
        return _of_hledger(path, currency)
    text = start.decode("utf-8", "replace").replace("\r\n", "\n")
    if b"\0" not in start and not start.startswith(b"PK\x03\x04"):
        from plaincrm.exchange.beancount import beancount, is_beancount  # noqa: PLC0415
        from plaincrm.exchange.hledger import is_journal, journal  # noqa: PLC0415
        from plaincrm.exchange.ledger import invoices  # noqa: PLC0415

        if is_beancount(text):
            return invoices(beancount(_text(path), path.name), currency)
        if is_journal(text):
            return invoices(journal(_text(path), path.name), currency)
    return invoice_rows(path, currency, columns)


def _of_xml(path: Path, currency: str) -> Iterator[Invoice | Unread]:
    from plaincrm.exchange.finvoice import finvoice  # noqa: PLC0415 (for XML only)
    from plaincrm.exchange.ubl import ubl  # noqa: PLC0415
    from plaincrm.exchange.xml_in import BadXml, documents, parsed  # noqa: PLC0415

    found = 0
    for line, data in documents(_bytes(path)):
        place = f"{path.name}:{line}"
        try:
            root = parsed(data)
        except BadXml as error:
            found += 1
            yield Unread(place, str(error))
            continue
        for tag, read in (("Finvoice", finvoice), ("Invoice", ubl), ("CreditNote", ubl)):
            for node in root.iter(tag):
                found += 1
                yield read(node, place, currency)
    if not found:
        yield Unread(f"{path.name}:1", "it holds no Finvoice and no UBL invoice")


def _of_hledger(path: Path, currency: str) -> Iterator[Invoice | Unread]:
    from plaincrm.exchange.hledger import printed  # noqa: PLC0415 (for such files only)
    from plaincrm.exchange.ledger import invoices  # noqa: PLC0415

    try:
        yield from invoices(printed(_bytes(path), path.name), currency)
    except (ValueError, RecursionError):
        yield Unread(f"{path.name}:1", "it is no answer of hledger print -O json")


def _bytes(path: Path) -> bytes:
    if size_of(path) > _MOST:
        raise UsageError(f"{path} is larger than {_MOST // 2**20} MiB.", "Split it.")
    with opened(path) as file:
        return file.read()


def _text(path: Path) -> str:
    return _bytes(path).removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\r\n", "\n")
