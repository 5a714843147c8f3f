"""One file of another program: what kind it is, how it was read, what its columns mean, and its records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from plaincrm.errors import UsageError
from plaincrm.exchange.bytes_in import start_of
from plaincrm.exchange.monica import contacts, contacts_of
from plaincrm.exchange.presets import Preset, general, recognised
from plaincrm.exchange.rows import incoming, mapping_of
from plaincrm.exchange.tables import Told, read_table
from plaincrm.exchange.vcard import cards, is_vcard
from plaincrm.exchange.whole_notes import is_export, lines_of
from plaincrm.language import fold
from plaincrm.records.incoming import Incoming, Source
from plaincrm.records.schema import Schema


def read_file(path: Path, schema: Schema, presets: Iterable[Preset], told: Told, columns: Mapping[str, str]) -> Source:
    """A file as its records; `columns` are targets by header, which go before those of a preset.

    Raises:
        UsageError: it cannot be read, holds nothing that is known, or has no such column.
    """
    start, name = start_of(path), path.name
    begin = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    other = next((command for sign, command in _OTHERS.items() if begin.startswith(sign)), "")
    if other:
        raise UsageError(f"{name} holds no customers.", f"plaincrm {other} reads such files.")
    if is_vcard(start):
        return Source(name, "vCard", (), {}, (), lambda: cards(path, schema, name))
    if start.lstrip().startswith(b'{"customer"') and is_export(path):
        if columns:
            raise UsageError(f"{name} is an export of plaincrm, whose columns are known.", "Leave --map out.")
        nothing = tuple[Incoming, ...]()
        return Source(name, "plaincrm", ("JSON Lines",), {}, (), lambda: iter(nothing), notes=lambda: lines_of(path))
    if b'"account"' in start and (found := contacts_of(path)) is not None:
        return Source(name, "Monica", ("JSON",), {}, (), lambda: contacts(found, schema, name))
    known = tuple(presets)
    words = {header for preset in (*known, general()) for header in preset.columns}
    table = read_table(path, told, lambda header: fold(header) in words or schema.table.find(header) is not None)
    missing = next((header for header in columns if fold(header) not in map(fold, table.headers)), None)
    if missing is not None:
        raise UsageError(f"{name} has no column {missing}.", f"It has {', '.join(table.headers[:30])}.")
    _see_of_customers(name, table.headers)
    mapping = mapping_of(table, recognised(table.headers, known), columns, schema)
    targets = set(mapping.columns.values())
    if not targets & {"name", "company", "first_name", "last_name", "deal"}:
        remedy = "Say which it is: --map HEADER=name. There are " + ", ".join(table.headers[:20]) + "."
        raise UsageError(f"{name} has no column with the names of customers.", remedy)
    return Source(
        name,
        mapping.preset.name,
        table.read_as,
        mapping.columns,
        mapping.unmapped,
        lambda: incoming(table, mapping, schema, name),
        mapping.ignored,
        mapping.preset.kind,
    )


_OTHERS = {b"BEGIN:VCALENDAR": "import-calendar", b"<?xml": "import-sales", b"<Finvoice": "import-sales"}
# What only our own exports of what is said of customers have, and what reads such a file.
_OURS = {
    frozenset(("customer", "customer_name", "invoice", "revenue")): ("sales", "plaincrm import-sales reads them."),
    frozenset(("customer", "customer_name", "channel", "summary")): ("entries of logs", ""),
    frozenset(("customer", "customer_name", "owes", "status")): ("promises", ""),
}


def _see_of_customers(name: str, headers: Iterable[str]) -> None:
    """See that it is none of our own exports that customers do not come back from.

    Raises:
        UsageError: it is.
    """
    there = set(headers)
    for wanted, (what, remedy) in _OURS.items():
        if wanted <= there:
            whole = "Whole customers come back from plaincrm export -o customers.jsonl."
            raise UsageError(f"{name} has {what} of customers, and no customers.", remedy or whole)
