"""An SQLite file with the tables that docs/index.md explains, of some customers, without what is the index's own."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from plaincrm.index.condition import Condition
from plaincrm.index.index import Index

# What notes say and add up to. All other tables hold stamps of files, faults, or what makes questions quick.
TABLES = (
    "notes",
    "customers",
    "fields",
    "contacts",
    "entries",
    "tasks",
    "measures",
    "sales",
    "deals",
    "links",
)
_FILES = "create table files (file integer primary key, path text not null unique)"


def write(file: BinaryIO, index: Index, where: Condition) -> int:
    """Write the rows of the customers for which a condition holds; how many customers they are."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "customers.sqlite"
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("pragma journal_mode = off")  # a file that is cut short goes with its folder
            db.execute("pragma synchronous = off")
            db.execute("begin")
            db.execute(_FILES)
            _copy(index, db, "files", where)
            for table in TABLES:
                ((made,),) = index.rows("select sql from sqlite_master where type = 'table' and name = ?", (table,))
                db.execute(made)
                _copy(index, db, table, where)
            (count,) = db.execute("select count(*) from customers").fetchone()
            db.execute("commit")
        with path.open("rb") as made_file:
            shutil.copyfileobj(made_file, file)
    return int(count)


def _copy(index: Index, db: sqlite3.Connection, table: str, where: Condition) -> None:
    columns = ", ".join(f"t.{name}" for (name,) in db.execute("select name from pragma_table_info(?)", (table,)))
    query = f"select {columns} from {table} t where t.file in (select c.file from customers c where {where.sql})"
    for rows in index.batches(f"{query} order by 1, 2", where.parameters):
        db.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)
