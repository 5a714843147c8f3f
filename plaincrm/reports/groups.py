"""Groups of customers: by a trait of the note, by their tags, or by the segments of the settings."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple, get_args

from plaincrm.index.index import Index
from plaincrm.index.query import compile_query

By = Literal["tier", "stage", "owner", "type", "city", "tag", "segment"]
BY: tuple[By, ...] = get_args(By)


class Groups(NamedTuple):
    """SQL for the rows (file, name) of groups, name null for customers without one, and its parameters.

    By tag or segment a customer may be in several groups: sums of groups are then more than the whole.
    """

    sql: str
    parameters: tuple[object, ...]
    overlap: bool


def groups(index: Index, by: By, today: date) -> Groups:
    """The groups of all customers."""
    if by == "tag":
        tags = "select distinct t.file, t.value as name from fields t where t.field = 'tags'"
        none = "select c.file, null from customers c where c.tags = ''"
        return Groups(f"{tags} union all {none}", (), overlap=True)
    if by == "segment":
        config = index.vault.config
        found = [(name, compile_query(query, config, today)) for name, query in config.segments.items()]
        parts = [f"select c.file, ? as name from customers c where {where.sql}" for _name, where in found]
        any_of = " or ".join(["false", *(f"({where.sql})" for _name, where in found)])
        none = f"select c.file, null as name from customers c where not coalesce({any_of}, false)"
        own = [parameter for name, where in found for parameter in (name, *where.parameters)]
        rest = [parameter for _name, where in found for parameter in where.parameters]
        return Groups(" union all ".join([*parts, none]), (*own, *rest), overlap=True)
    return Groups(f"select c.file, c.{by} as name from customers c", (), overlap=False)


def in_order(index: Index, by: By, names: set[str | None]) -> list[str | None]:
    """The names of groups: tiers from the most to the least, stages and segments as in the settings, others by name.

    Those without one come last.
    """
    config = index.vault.config
    listed = {"tier": config.tiers[::-1], "stage": config.stages, "segment": tuple(config.segments)}.get(by, ())
    rank = {name: at for at, name in enumerate(listed)}
    return sorted(names, key=lambda name: (name is None, rank.get(name or "", len(rank)), name or ""))
