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
    "entries",
    "talks",
    "tasks",
    "measures",
    "sales",
    "deals",
    "links",
    "diagnostics",
)

# What contacts add up to, per file. A written message asks for an answer; a talk, or anything of ours, is one. On a
# day where no times are given, ours counts as the later: who answered at once is not nagged.
TALKS = """
    select file,
        max(date) as latest,
        max(case when direction is not 'missed' then date end) as spoken,
        max(case when direction is 'out' or (direction is null and channel in ('meeting', 'visit')) then date end) as ours,
        max(case when direction is not 'missed' and not (direction is 'in' and channel in ({written}))
            then date || ' ' || coalesce(time, '99:99') end) as answered,
        max(case when direction is 'in' and channel in ({written}) and resolved is not 1
            then date || ' ' || coalesce(time, '00:00') end) as asked,
        max(case when direction is 'missed' then date || ' ' || coalesce(time, '00:00') end) as missed
    from entries where contact = 1 and {which} group by file
"""
WRITTEN = "'email', 'chat', 'letter', 'social', 'web'"


def talks_query(which: str) -> str:
    """The query that adds up contacts of the entries for which a condition of ours holds."""
    return TALKS.format(written=WRITTEN, which=which)
