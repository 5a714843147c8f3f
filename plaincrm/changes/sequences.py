"""Sequences whose items do not all stand in memory at once, for commands that write a hundred thousand notes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

T = TypeVar("T")
U = TypeVar("U")


class Spool(Sequence[T]):
    """Items kept in a file without a name, which goes with it; each stands there as a text."""

    def __init__(self, pack: Callable[[T], str], unpack: Callable[[str], T]) -> None:
        self._pack, self._unpack = pack, unpack
        self._count = 0
        self._db = private_database("create table kept (number integer primary key, text text)")

    def append(self, item: T) -> None:
        """Add an item at the end."""
        self._db.execute("insert into kept values (?, ?)", (self._count, self._pack(item)))
        self._count += 1

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def __iter__(self) -> Iterator[T]:
        """Each, in the order in which they came."""
        return (self._unpack(text) for (text,) in self._db.execute("select text from kept order by number"))

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        """One by its number, read anew each time; or some of them as a list."""
        if isinstance(at, slice):
            return [self[number] for number in range(self._count)[at]]
        number = range(self._count)[at]
        ((text,),) = self._db.execute("select text from kept where number = ?", (number,))
        return self._unpack(text)


class Mapped(Sequence[U]):
    """What is made of the items of another sequence, made when it is asked for."""

    def __init__(self, items: Sequence[T], make: Callable[[T], U]) -> None:
        self._items: Sequence[T] = items
        self._make: Callable[[T], U] = make

    def __len__(self) -> int:
        """How many there are."""
        return len(self._items)

    def __iter__(self) -> Iterator[U]:
        """Each, in the order of the others."""
        return map(self._make, self._items)

    @overload
    def __getitem__(self, at: int) -> U: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[U]: ...
    def __getitem__(self, at: int | slice) -> U | Sequence[U]:
        """One by its number, made anew each time; or some of them."""
        return Mapped(self._items[at], self._make) if isinstance(at, slice) else self._make(self._items[at])


def private_database(schema: str) -> sqlite3.Connection:
    """A database in a file without a name, of which memory holds a few megabytes; it goes with its last user."""
    db = sqlite3.connect("", isolation_level=None)
    db.executescript(f"pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -4000; {schema}; begin")
    return db
