"""A vault as it is known now, without what is dated later than a day: another place that one is read from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from plaincrm.history.until import until
from plaincrm.index.digest import blake2b
from plaincrm.index.index import Index
from plaincrm.index.paths import shown_path
from plaincrm.records.schema import Schema
from plaincrm.vault.files import Files, Followed, Listing

# Every day that history/until.py looks at, but the one on which a promise was made, which the index does not keep.
_DAYS = """
    with days (file, day, begins) as (
        select file, date, 1 from entries
        union all select file, since, 1 from customers where since is not null
        union all select file, value, 0 from fields where field in ('lost_on', 'verified')
        union all select file, done, 0 from tasks where done is not null
        union all select file, cancelled, 0 from tasks where cancelled is not null
        union all select file, opened, 1 from deals where opened is not null
        union all select file, won, 0 from deals where won is not null
        union all select file, lost, 0 from deals where lost is not null
    )
    select f.path, f.blob, min(day) filter (where begins), max(day) filter (where day <= :day), max(day),
        exists (select 1 from notes n where n.file = f.file and (instr(text, '➕') or instr(text, 'created::')))
    from files f left join days using (file)
    group by f.file order by f.path
    """


class _Known(NamedTuple):
    """What is known of a note: the name of its content on that day, and whether that is another than now."""

    name: str
    differs: bool


class Hindsight:
    """The files of a vault on a day, as they are known now (see `Files`).

    A note all of whose days are later (its entries, `since`, its deals) is left out: nobody knew of that customer.
    `now` are the files that it looks back from.
    """

    def __init__(self, index: Index, day: date) -> None:
        self.now: Files = index.vault.files
        self._schema: Schema = index.vault.config.schema
        self.day = day
        self.root: Path = self.now.root
        rows = index.rows(_DAYS, {"day": day.isoformat()})
        self._known = {row[0]: _known(_Days(*row[1:]), day.isoformat()) for row in rows}
        named = blake2b(repr([*self._known.items()]).encode("utf-8", "backslashreplace"), digest_size=12)
        self.state = f"{named.hexdigest()} without what is later"

    def listing(self, folder: str) -> tuple[Listing, list[str]] | None:
        """What may be notes in a folder, those that are read under the names of their contents."""
        found = self.now.listing(folder)
        if found is None:
            return None
        rows: Listing = []
        for row in found[0]:
            path = shown_path(f"{folder}/{row[0]}" if folder else row[0])
            known = self._known.get(path, _UNKNOWN)
            if known:
                rows.append((row[0], 0, 0, 0, known.name, row[5]) if known.name else row)
        return rows, found[1]

    def follow(self, path: str) -> Followed:
        """Where a path leads; see `Files`."""
        found, entry = self.now.follow(path)
        known = self._known.get(shown_path(path))
        return Followed(found, entry._replace(mtime_ns=0, ctime_ns=0, size=0, inode=known.name) if known else entry)

    def has(self, path: str) -> bool:
        """Whether a path leads to a file."""
        return self.now.has(path)

    def read(self, path: str) -> bytes:
        """The bytes of a file, of a note those of the day; see `Files`."""
        return self._then(path, self.now.read(path))

    @contextmanager
    def reading(self) -> Iterator[Callable[[str], bytes]]:
        """A way to read many files."""
        with self.now.reading() as read:
            yield lambda path: self._then(path, read(path))

    def paths(self) -> Iterator[str]:
        """Every file that a link can name."""
        return (path for path in self.now.paths() if self._known.get(shown_path(path), _UNKNOWN))

    def _then(self, path: str, data: bytes) -> bytes:
        known = self._known.get(shown_path(path))
        return until(data, self.day, self._schema) if known and known.differs else data


_UNKNOWN = _Known("", differs=False)


class _Days(NamedTuple):
    """Of one note: its content's name, the first of its days, the last one up to the day that is looked back at, the
    last of all, and whether there may be days that the index does not keep.
    """

    blob: str
    first: str | None
    last: str | None
    latest: str | None
    unkept: int


def _known(days: _Days, until_day: str) -> _Known | None:
    """What is known of a note; None where all its days are later."""
    if days.first and days.first > until_day:
        return None
    if not days.blob or not (days.unkept or (days.latest and days.latest > until_day)):
        return _Known(days.blob, differs=False)
    return _Known(f"{days.blob} until {until_day if days.unkept else days.last}", differs=True)
