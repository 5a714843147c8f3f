"""What stands in the register twice, or nearly: kept while notes are read, so that a check need not look for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import itemgetter

# A name as it is compared, read forwards or backwards, and the file whose it is. Equal ones are sorted by path, since
# files may have other numbers when the index is built anew.
Key = tuple[str, int]

# An invoice may stand in one note several times; that an address does so is no fault.
_REPEATED = """
    insert into repeats
    select kind, value from (
        select kind, value, file from identities union all select 'id', key, file from customers
    )
    {where} group by kind, value having min(file) <> max(file) or (kind = 'invoice' and count(*) > 1)
    """
_INSERT = "insert into neighbours values (?, ?, ?, ?)"
_STRETCH = """
    select key, file from neighbours join files using (file) where back = :back
        and key >= coalesce((select max(key) from neighbours where back = :back and key < :key), :key)
        and key <= coalesce((select min(key) from neighbours where back = :back and key > :key), :key)
    order by key, path
    """


def build(db: sqlite3.Connection) -> None:
    """Fill both tables from all customers."""
    db.execute(_REPEATED.format(where=""))
    names = db.execute(
        "select value, file from identities join files using (file) where kind = 'name' order by path"
    ).fetchall()
    for back in (0, 1):
        keys = sorted(((_turned(name, back), file) for name, file in names), key=itemgetter(0))
        db.executemany(_INSERT, ((back, key, file, near) for (key, file), near in _linked(keys)))


def renew(db: sqlite3.Connection, changed: Iterable[tuple[str, str]]) -> None:
    """Bring both tables up to ids and identities, by kind and value, that were written or taken out."""
    changed = sorted(changed)
    for identity in changed:
        db.execute("delete from repeats where kind = ? and value = ?", identity)
        db.execute(_REPEATED.format(where="where kind = ? and value = ?"), identity)
    names = [(_turned(value, back), back, value) for kind, value in changed if kind == "name" for back in (0, 1)]
    for key, back, name in names:
        db.execute("delete from neighbours where back = ? and key = ?", (back, key))
        files = db.execute("select file from identities where kind = 'name' and value = ?", (name,))
        db.executemany(_INSERT, [(back, key, file, None) for (file,) in files])
    for key, back, _name in names:
        stretch = db.execute(_STRETCH, {"back": back, "key": key}).fetchall()
        links = [(near, back, *at) for at, near in _linked(stretch)]
        if stretch and stretch[-1][0] > key:  # what follows on the last one lies behind the stretch
            links.pop()
        db.executemany("update neighbours set near = ? where back = ? and key = ? and file = ?", links)


def _turned(name: str, back: int) -> str:
    return name[::-1] if back else name


def _linked(keys: list[Key]) -> Iterator[tuple[Key, int | None]]:
    """Each of some sorted keys, and the file of the next one where the two are nearly the same.

    This is the sorted neighbourhood method of record linkage, whose cost does not grow with the square of the register.
    Two names one slip apart have half of their letters in common, in front of it or behind it; so sorted from the front
    and from the back each pair comes up.
    """
    for here, following in pairwise(keys):
        yield here, following[1] if _are_near(here[0], following[0]) else None
    if keys:
        yield keys[-1], None


def _are_near(one: str, two: str) -> bool:
    """Whether two neighbours are the same but for one slip in their second half.

    Where they end in different letters, the slip is there, and all before it is the same.
    """
    if one[-1:] != two[-1:] and one[:-2] != two[: len(one) - 2]:
        return False
    half = len(one) // 2
    return one[:half] == two[:half] and (one == two or _one_slip_apart(one, two))


def _one_slip_apart(one: str, two: str) -> bool:
    """Whether a letter was added, left out, changed, or swapped with the next one."""
    if abs(len(one) - len(two)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    swapped = one[at : at + 2] == two[at : at + 2][::-1] and one[at + 2 :] == two[at + 2 :]
    return swapped or one[at + 1 :] in (two[at + 1 :], two[at:]) or one[at:] == two[at + 1 :]
