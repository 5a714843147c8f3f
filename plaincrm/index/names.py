"""Which customer or owner is meant, in any case; a customer also by a unique part of its name, or by its people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

from plaincrm.errors import NoMatch, SeveralMatch, UsageError
from plaincrm.index.index import Index
from plaincrm.language import fold, unaccented


class Named(NamedTuple):
    """A customer by its row, id, name and file; `through` tells the contact person, number or address that named it."""

    file: int
    customer: str
    name: str
    path: str
    through: str = ""


def find_customer(index: Index, text: str) -> Named:
    """The one customer that a text names: by id, name or alias, by a part of one of them, else by what reaches it.

    Raises:
        NoMatch: none or several do; the message lists them, or the nearest.
    """
    wanted = unaccented(text.strip())
    query = "select file, customer, name, path from customers join files using (file)"
    rows = [Named(*row) for row in index.rows(query)]
    known = [(row, unaccented(row.customer), unaccented(row.name)) for row in rows]
    aliases = index.rows("select file, fold(value) from fields where field = 'aliases' and known = 1")
    also: dict[int, list[str]] = {}
    for file, alias in aliases:
        also.setdefault(file, []).append(alias)
    for matches in (
        [row for row, customer, _name in known if row.customer == text],
        [row for row, customer, _name in known if customer == wanted],
        [row for row, _customer, name in known if name == wanted or wanted in also.get(row.file, ())],
        [row for row, customer, name in known if wanted and (wanted in customer or wanted in name)],
        [row for row, _customer, _name in known if wanted and any(wanted in alias for alias in also.get(row.file, ()))],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise SeveralMatch(f"Several customers are called {text}:", _listed(matches))
    spaced = wanted.replace("-", " ")
    former = [row for row, *_ in known if any(spaced in alias.replace("-", " ") for alias in also.get(row.file, ()))]
    if len(former) == 1 and "-" in wanted:  # as its file was called before a renaming
        return former[0]
    reached = _reached(index, text.strip(), wanted)
    if len(reached) == 1:
        return reached[0]
    if reached:
        raise SeveralMatch(f"Several customers are reached by {text}:", _listed(reached))
    raise NoMatch(f"No customer is called {text}.", _suggestion(wanted, known))


_DIALLED = re.compile(r"\+?[0-9(][0-9 ()/.\-]{4,30}")
_BY_ADDRESS = """
    select distinct file, c.customer, c.name, path, trim(person || ' ' || shown) from identities i
    join customers c using (file) join files using (file) where kind = ? and value = ? order by path
    """
_BY_PERSON = """
    select distinct file, c.customer, c.name, path, p.name from contacts p
    join customers c using (file) join files using (file) where instr(fold(p.name), ?) > 0 order by path, position
    """


def _reached(index: Index, text: str, wanted: str) -> list[Named]:
    """The customers with this e-mail address, phone number or contact person, each once; a person by whole words."""
    text, wanted = (said.encode("utf-8", "replace").decode() for said in (text, wanted))
    kind, value = dialled(text, index.vault.config.schema.country)
    if kind:
        rows = index.rows(_BY_ADDRESS, (kind, value))
    else:
        words = set(wanted.split())
        rows = index.rows(_BY_PERSON, (next(iter(sorted(words)), "\0"),))
        whole = [row for row in rows if unaccented(row[4]) == wanted]
        rows = whole or [row for row in rows if words <= set(unaccented(row[4]).split())]
    return list({row[0]: Named(*row) for row in reversed(list(rows))}.values())[::-1]


def dialled(text: str, country: str) -> tuple[str, str]:
    """What kind of identity a text is, and as it is compared: `phone` or `email`; empty where it is neither."""
    if re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        return "email", text.casefold()
    if _DIALLED.fullmatch(text):
        from plaincrm.records.phone import phone_number  # noqa: PLC0415 (for what looks like a number)

        number = phone_number(text, country)
        return ("phone", number) if number else ("", "")
    return "", ""


_LIKE = """
    select file, customer, name, path from customers join files using (file)
    where instr(key, :wanted) or instr(sort_name, :wanted)
    order by instr(sort_name, :wanted) <> 1 and instr(key, :wanted) <> 1, sort_name, path limit :most
    """


def customers_like(index: Index, text: str, most: int) -> list[Named]:
    """The customers with a text in their id or name, those that begin with it first."""
    return [Named(*row) for row in index.rows(_LIKE, {"wanted": unaccented(text.strip()), "most": most})]


def named(index: Index, files: Iterable[int]) -> dict[int, Named]:
    """The customers of some files, by file."""
    rows = index.rows(
        "select file, customer, name, path from customers join files using (file)"
        " where file in (select value from json_each(?))",
        (json.dumps(list(files)),),
    )
    return {row[0]: Named(*row) for row in rows}


def find_owner(index: Index, name: str) -> str:
    """One of us as the notes know them: a slip in the name must not look as if there were nothing.

    Raises:
        UsageError: nobody is called so.
    """
    named = index.rows("select distinct owner from customers where owner is not null order by owner")
    known: tuple[str, ...] = tuple(dict.fromkeys((*index.vault.config.owners, *(row[0] for row in named))))
    found = next((owner for owner in known if fold(owner) == fold(name)), None)
    if found is None:
        from plaincrm.records.values import nearest  # noqa: PLC0415 (for mistakes only)

        near = nearest(name, [owner.casefold() for owner in known])
        remedy = f"Did you mean {near}?" if near else f"Owners are {', '.join(known)}." if known else ""
        raise UsageError(f"Nobody here is called {name}.", remedy)
    return found


def _listed(matches: list[Named]) -> str:
    shown = [
        f"  {row.customer}  {row.name}{_by(row)}  ({row.path})"
        for row in sorted(matches, key=lambda row: row.path)[:10]
    ]
    lines = [row.replace("\n", "\\x0a") for row in shown]  # a name can hold a line end, and may not begin a line
    more = f"\n  and {len(matches) - 10} more" if len(matches) > 10 else ""
    return "\n".join(lines) + more


def _by(row: Named) -> str:
    return f": {row.through}" if row.through else ""


def _suggestion(wanted: str, known: list[tuple[Named, str, str]]) -> str:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 (33 ms, for mistakes only)

    names = {customer: row for row, customer, _name in known} | {name: row for row, _customer, name in known}
    near = process.extract(wanted[:100], list(names), scorer=fuzz.WRatio, score_cutoff=75, limit=3)
    ids = list(dict.fromkeys(names[name].customer for name, _score, _at in near))
    return f"Did you mean {' or '.join(ids)}?" if ids else "See plaincrm list for all of them."
