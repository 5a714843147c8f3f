"""What stands in the register twice, or nearly: kept while notes are read, so that a check need not look for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter

# A name as it is compared, read forwards or backwards, and the file whose it is. Equal ones are sorted by path, since
# files may have other numbers when the index is built anew.
Key = tuple[str, int]

# An invoice may stand in one note several times; that an address does so is no fault.
_REPEATED = """
    insert into repeats
    select kind, value from identities {of_identity}
    group by kind, value having min(file) <> max(file) or (kind = 'invoice' and count(*) > 1)
    union all select 'id', key from customers {of_id} group by key having count(*) > 1
    """
WINDOW = 5  # names that are looked at behind each one
_NAME = "insert into neighbours values (?, ?, ?)"
_PAIR = "insert into lookalikes values (?, ?, ?)"
_BEFORE = """
    select key, file from neighbours join files using (file) where back = ? and key < ?
    order by key desc, path desc limit ?
    """
_FROM = """
    select key, file from neighbours join files using (file) where back = ? and key >= ? order by key, path limit ?
    """


def build(db: sqlite3.Connection) -> None:
    """Fill both tables from all customers."""
    db.execute(_REPEATED.format(of_identity="", of_id=""))
    names = db.execute(
        "select value, file from identities join files using (file) where kind = 'name' order by path"
    ).fetchall()
    for back in (0, 1):
        keys = sorted(((_turned(name, back), file) for name, file in names), key=itemgetter(0))
        db.executemany(_NAME, ((back, *key) for key in keys))
        db.executemany(_PAIR, ((back, *pair) for pair in _pairs(keys, len(keys))))


def renew(db: sqlite3.Connection, changed: Iterable[tuple[str, str]]) -> None:
    """Bring both tables up to ids and identities, by kind and value, that were written or taken out."""
    changed = sorted(changed)
    again = _REPEATED.format(of_identity="where kind = ?1 and value = ?2", of_id="where ?1 = 'id' and key = ?2")
    for identity in changed:
        db.execute("delete from repeats where kind = ? and value = ?", identity)
        db.execute(again, identity)
    names = [(_turned(value, back), back, value) for kind, value in changed if kind == "name" for back in (0, 1)]
    for key, back, name in names:
        gone = db.execute("delete from neighbours where back = ? and key = ? returning file", (back, key)).fetchall()
        db.executemany("delete from lookalikes where back = ? and file = ?", [(back, file) for (file,) in gone])
        files = db.execute("select file from identities where kind = 'name' and value = ?", (name,))
        db.executemany(_NAME, [(back, key, file) for (file,) in files])
    for key, back, name in names:  # whoever comes to stand in the window of others, or leaves it, changes their pairs
        before = db.execute(_BEFORE, (back, key, WINDOW)).fetchall()[::-1]
        equal = db.execute("select count(*) from identities where kind = 'name' and value = ?", (name,)).fetchone()[0]
        stretch = before + db.execute(_FROM, (back, key, equal + WINDOW)).fetchall()
        firsts = len(before) + equal
        db.executemany(
            "delete from lookalikes where back = ? and file = ?", [(back, file) for _key, file in stretch[:firsts]]
        )
        db.executemany(_PAIR, [(back, *pair) for pair in _pairs(stretch, firsts)])


def near_names(rows: Callable[[str, tuple[object, ...]], Iterable[Key]], name: str) -> set[int]:
    """The files of customers whose name, as it is compared, is one slip apart from a new one; `rows` asks the index."""
    found = set[int]()
    for back in (0, 1):
        key = _turned(name, back)
        around = (*rows(_BEFORE, (back, key, WINDOW)), *rows(_FROM, (back, key, WINDOW)))
        found |= {file for other, file in around if other != key and _one_slip_apart(key, other)}
    return found


def _turned(name: str, back: int) -> str:
    return name[::-1] if back else name


def _pairs(keys: list[Key], firsts: int) -> Iterator[tuple[int, int]]:
    """Pairs of files whose names are equal or one slip apart; the first is one of the first so many of sorted keys.

    This is the sorted neighbourhood method of record linkage, whose cost does not grow with the square of the register.
    Two names one slip apart have half of their letters in common, in front of it or behind it, and what stands between
    them in that order has these letters, too: so one looks no further than that, and past no more than a few.
    """
    for at, (one, file) in enumerate(keys[:firsts]):
        half, length = one[: (len(one) - 1) // 2], len(one)
        for two, other in keys[at + 1 : at + 1 + WINDOW]:
            if not two.startswith(half):
                break
            # Where they end in different letters, the slip is there, and all before it is the same.
            likely = -2 < len(two) - length < 2 and (one[-1:] == two[-1:] or one[:-2] == two[: length - 2])
            if likely and (one == two or _one_slip_apart(one, two)):
                yield file, other


def _one_slip_apart(one: str, two: str) -> bool:
    """Whether a letter was added, left out, changed, or swapped with the next one."""
    if abs(len(one) - len(two)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    swapped = one[at : at + 2] == two[at : at + 2][::-1] and one[at + 2 :] == two[at + 2 :]
    return swapped or one[at + 1 :] in (two[at + 1 :], two[at:]) or one[at:] == two[at + 1 :]
