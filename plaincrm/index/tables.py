"""Names of the index's tables, light enough for a start at which nothing has to be read."""

from __future__ import annotations

from typing import Any

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]  # table -> rows in the order of its columns

# Tables whose rows belong to one file each, besides `files` itself.
TABLES = (
    "notes",
    "customers",
    "fields",
    "contacts",
    "identities",
    "entries",
    "tasks",
    "measures",
    "sales",
    "buyers",
    "seasons",
    "deals",
    "links",
    "diagnostics",
    "ignores",
)
