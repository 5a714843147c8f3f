"""The sample: customers drawn at random, so that looking at a few records tells how right all of them are."""

from __future__ import annotations

import json
import re
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.errors import UsageError
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.reports.quality import OF_COMPANIES, OF_PEOPLE


class Entered(NamedTuple):
    """What a note says of a field, and on which line; both are None where it says nothing."""

    field: str
    value: str | None
    line: int | None


class Drawn(NamedTuple):
    """A customer to look at, and what its note says."""

    customer: str
    name: str
    file: str
    verified: str | None
    fields: tuple[Entered, ...]


class Sample(NamedTuple):
    """Customers drawn out of all of a query."""

    today: date
    seed: int
    of: int
    customers: tuple[Drawn, ...]
    unread: dict[str, str]


_VALUES = """
    select file, field, value, line from fields where file in (select value from json_each(?1)) and known = 1
    union all
    select file, 'email', email, line from contacts where file in (select value from json_each(?1)) and email <> ''
    union all
    select file, 'phone', phone, line from contacts where file in (select value from json_each(?1)) and phone <> ''
    order by file, line
    """


def sample(index: Index, today: date, size: int, seed: int, where: Condition = EVERY) -> Sample:
    """So many customers of a query, by name; all where there are fewer.

    Drawn are those with the smallest SHA-256 of the seed, a blank and the id. The same files, size and seed give the
    same sample, a larger size the same customers and more, and who is added or removed moves nobody else.
    """
    rows = index.rows(
        "select c.file, c.customer, c.name, f.path, c.type from customers c join files f using (file)"
        f" where {where.sql} order by c.sort_name, f.path",
        where.parameters,
    )
    lots = sorted((sha256(f"{seed} {customer}".encode()).digest(), path) for _f, customer, _n, path, _t in rows)
    drawn = {path for _lot, path in lots[:size]}
    chosen = [row for row in rows if row[3] in drawn]
    values: dict[int, dict[str, list[tuple[str, int]]]] = {}
    for file, field, value, line in index.rows(_VALUES, (json.dumps([row[0] for row in chosen]),)):
        values.setdefault(file, {}).setdefault(field, []).append((value, line))
    wanted = [field for field, weight in index.vault.config.quality if weight]
    return Sample(
        today,
        seed,
        len(rows),
        tuple(_drawn(row, values.get(row[0], {}), wanted) for row in chosen),
        unread(index),
    )


def _drawn(
    row: tuple[int, str, str, str, str | None], values: dict[str, list[tuple[str, int]]], wanted: list[str]
) -> Drawn:
    """A customer with all that counts for it, what is missing too."""
    _file, customer, name, path, kind = row
    fields = []
    for field in wanted:
        found = values.get(field, [])
        if not found and ((field in OF_COMPANIES and kind != "company") or (field in OF_PEOPLE and kind != "person")):
            continue
        text = ", ".join(dict.fromkeys(value for value, _line in found))
        fields.append(Entered(field, text or None, found[0][1] if found else None))
    verified = values.get("verified")
    return Drawn(customer, name, path, verified[0][0] if verified else None, tuple(fields))


class Checked(NamedTuple):
    """A checklist that people have gone through: the ids of those ticked as right, and of the others."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]


_BOX = re.compile(r"^[ \t]*[-*+] \[(.)\] \[\[([^\[\]|#^]+)", re.MULTILINE)


def read_checklist(text: str) -> Checked:
    """What a checklist of `quality --sample` says by now.

    Raises:
        UsageError: it has no box with a link to a customer.
    """
    found = {customer.strip(): mark in "xX" for mark, customer in _BOX.findall(text)}
    if not found:
        raise UsageError("There is no box with a link to a customer in it.", "Tick one of quality --sample N.")
    return Checked(
        tuple(customer for customer, ticked in found.items() if ticked),
        tuple(customer for customer, ticked in found.items() if not ticked),
    )
