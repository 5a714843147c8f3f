"""One read-only query of the user's own over the tables of the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

from plaincrm.errors import UsageError
from plaincrm.index.index import Index


class Table(NamedTuple):
    """The answer to a query: names of the columns, and the rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


_ALLOWED = frozenset((sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE))
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOTADB)
_FORBIDDEN_FUNCTIONS = frozenset(("load_extension", "fts3_tokenizer", "writefile", "readfile", "edit"))


def sql(index: Index, query: str) -> Table:
    """Run one query that reads. docs/index.md explains the tables; `money(x)` writes an amount as a decimal.

    Raises:
        UsageError: it is no single query, or it would do more than read.
    """
    for table in ("words", "terms", "parts"):  # they lay themselves out when first used, which is not only reading
        index.rows(f"select 1 from {table} limit 0")
    index.db.set_authorizer(_authorize)
    index.db.set_progress_handler(lambda: 0, _STEPS)  # where Python gets to see the keyboard's interrupt
    try:
        cursor = index.db.execute(query)
        columns = _told_apart(column[0] for column in cursor.description or ())
        rows = tuple(cursor.fetchall())
    except (sqlite3.ProgrammingError, sqlite3.Warning) as error:
        raise UsageError(f"The query cannot be run: {str(error).rstrip('.')}.", "Give one select statement.") from None
    except sqlite3.DatabaseError as error:
        if str(error) == "interrupted":
            raise KeyboardInterrupt from None
        if not _is_users_fault(error):
            raise index.damaged(error) from error
        refused = "not authorized" in str(error) or "prohibited" in str(error)
        why = "only queries that read are run" if refused else str(error)
        raise UsageError(f"The query cannot be run: {why}.", "docs/index.md lists the tables and columns.") from None
    finally:
        index.db.set_authorizer(None)
        index.db.set_progress_handler(None, 0)
    if not columns:
        raise UsageError("This is no query.", "Give one select statement.")
    return Table(columns, rows)


_STEPS = 100_000  # of SQLite's machine; a few milliseconds


def _told_apart(names: Iterable[str]) -> tuple[str, ...]:
    """The names of columns, numbered where two are alike: as keys of JSON objects they must differ."""
    found: list[str] = []
    for name in names:
        number = 2
        shown = name
        while shown in found:
            shown, number = f"{name}_{number}", number + 1
        found.append(shown)
    return tuple(found)


def _is_users_fault(error: sqlite3.DatabaseError) -> bool:
    """Whether an error lies in the query and not in a damaged index."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code & 0xFF in _DAMAGE:
        return False
    return isinstance(error, sqlite3.OperationalError | sqlite3.DataError | sqlite3.IntegrityError) or (
        code == sqlite3.SQLITE_AUTH
    )


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if second in _FORBIDDEN_FUNCTIONS else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first == "data_version" and second is None:
        return sqlite3.SQLITE_OK  # what full-text search asks of itself
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
