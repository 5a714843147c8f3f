"""The pyramid: how many customers each tier has, what they bring, and who by the sales belongs to another tier."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Period
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.money import from_units, to_units
from plaincrm.records.moved import Moved
from plaincrm.reports.amounts import Apart, foreign
from plaincrm.reports.figures import share
from plaincrm.reports.groups import in_order
from plaincrm.reports.sums import Query, class_names, classed, kept
from plaincrm.vault.rules import Bound, Rule

Direction = Literal["up", "down", "unset"]
DIRECTIONS: tuple[Direction, ...] = ("up", "down", "unset")


class TierRow(NamedTuple):
    """One tier: its customers by hand, how many its rule would have, and what those by hand brought in the period.

    `tier` is None for customers without one; `former` those of closed stages, whatever their tier. Amounts are in the
    report's currency, excluding VAT; shares are fractions of all customers, and of the whole revenue and margin, None
    where that is not positive.
    """

    tier: str | None
    former: bool
    customers: int
    proposed: int
    buyers: int
    revenue: Decimal
    margin: Decimal
    revenue_with_margin: Decimal
    share_of_customers: Decimal | None
    share_of_revenue: Decimal | None
    share_of_margin: Decimal | None


class Move(NamedTuple):
    """A customer whose sales say another tier than the note; `why` names the figures and the rule."""

    customer: str
    name: str
    file: str
    direction: Direction
    tier: str | None
    proposed: str
    revenue: Decimal
    margin: Decimal
    purchases: int
    abc: str | None
    why: str


class TiersReport(NamedTuple):
    """The tiers from the most to the least, those without one, those who are customers no more; and who should move.

    `rules` are the texts of the rules by tier, from the top; `by_class` is whether they follow the ABC classes because
    the settings have none. `counts` are all who should move so, `moves` those that are told.
    """

    start: date
    end: date
    currency: str
    rules: tuple[tuple[str, str], ...]
    by_class: bool
    tiers: tuple[TierRow, ...]
    counts: Mapping[Direction, int]
    moves: tuple[Move, ...]
    converted: tuple[str, ...]
    apart: tuple[Apart, ...]
    unread: dict[str, str]
    since: date | None = None  # from when on changes of tiers are told, the newest first
    changed: tuple[Moved, ...] = ()


def tiers(index: Index, period: Period, where: Condition = EVERY, limit: int = 0) -> TiersReport:
    """The pyramid of a period's sales, and the moves that the rules propose.

    With a `limit` only so many of each direction are told. ABC classes are those among all customers, whatever the
    query.
    """
    query = kept(index, _judged(index, period, where))
    rules = tier_rules(index)
    counts, moves = _moves(index, query, limit)
    converted, apart = foreign(index, period, where)
    return TiersReport(
        period.start,
        period.end,
        index.vault.config.currency,
        tuple((tier, " ".join(bound.text for bound in rule)) for tier, rule in rules.items()),
        not index.vault.config.tier_rules,
        tuple(_rows(index, query)),
        counts,
        tuple(moves),
        converted,
        apart,
        unread(index),
    )


def with_changes(report: TiersReport, since: date, changed: tuple[Moved, ...]) -> TiersReport:
    """The report with who was given another tier since a day, as `Vault.moves` tells it."""
    return report._replace(since=since, changed=changed)


def tier_rules(index: Index) -> dict[str, Rule]:
    """The rules of tiers from the top; without any, the first class is the top tier, the next one the next.

    The lowest tier needs none: it is for all who meet no other.
    """
    config = index.vault.config
    above = config.tiers[:0:-1]
    if config.tier_rules:
        return {tier: config.tier_rules[tier] for tier in above if tier in config.tier_rules}
    names = class_names(index)[:-1]
    return {tier: (Bound(f"class:{name}", "class", classes=(name,)),) for tier, name in zip(above, names, strict=False)}


def _judged(index: Index, period: Period, where: Condition) -> Query:
    """Every customer with its sums, class, whether it is a customer no more, its tier, and the one proposed.

    Nothing is proposed for those who are customers no more, and for those who have neither a tier nor bought.
    """
    config, of_all = index.vault.config, classed(index, period)
    cases = "".join(f" when {_holds(rule)} then {_text(tier)}" for tier, rule in tier_rules(index).items())
    lowest = _text(config.tiers[0])
    closed = ", ".join(map(_text, config.closed))
    # Sums and customers are put together by file: a left join of the sums would look each customer up in all of them.
    sums = (
        f"select file, revenue, margin, known, purchases, class, 1 as bought from ({of_all.sql})"
        " union all select file, 0, 0, 0, 0, null, 0 from customers"
    )
    return Query(
        f"select *, case when closed or (tier is null and purchases = 0) then null {cases} else {lowest} end"
        f" as proposed from (select c.file, c.tier, coalesce(c.stage, '') in ({closed}) as closed, r.*"
        " from (select file as of, sum(revenue) as revenue, sum(margin) as margin, sum(known) as known,"
        f" sum(purchases) as purchases, max(class) as class, max(bought) as bought from ({sums}) group by file) r"
        f" cross join customers c on c.file = r.of where {where.sql})",
        (*of_all.parameters, *where.parameters),
    )


def _holds(rule: Rule) -> str:
    """A rule in SQL. What is in it was read as numbers and letters."""
    bounds = []
    for bound in rule:
        if bound.classes:
            letters = ", ".join(map(_text, bound.classes))
            bounds.append(f"coalesce(class in ({letters}), false)")
        else:
            least = bound.least if bound.figure == "purchases" else to_units(bound.least)
            bounds.append(f"{bound.figure} {bound.sign} {least}")
    return " and ".join(bounds)


def _text(text: str) -> str:
    """A text of SQL: the names of tiers and stages are the user's."""
    return "'" + text.replace("'", "''") + "'"


def _rows(index: Index, query: Query) -> list[TierRow]:
    rows = index.rows(
        "select case when closed then null else tier end, closed, count(*), sum(bought), sum(revenue), sum(margin),"
        f" sum(known) from ({query.sql}) group by 1, 2",
        query.parameters,
    )
    proposed = dict(
        index.rows(f"select proposed, count(*) from ({query.sql}) group by 1", query.parameters),
    )
    found = {(tier, bool(closed)): figures for tier, closed, *figures in rows}
    tiers = in_order(
        index, "tier", {*index.vault.config.tiers, *(tier for tier, closed in found if not closed)} - {None}
    )
    listed = [
        *((tier, False) for tier in tiers),
        *((None, closed) for closed in (False, True) if (None, closed) in found),
    ]
    customers, revenue, margin = (sum(figures[at] for figures in found.values()) for at in (0, 2, 3))
    return [
        TierRow(
            tier,
            former,
            count,
            0 if tier is None else proposed.get(tier, 0),
            buyers,
            from_units(units),
            from_units(of_margin),
            from_units(known),
            share(count, customers),
            share(units, revenue) if revenue > 0 else None,
            share(of_margin, margin) if margin > 0 else None,
        )
        for tier, former in listed
        for count, buyers, units, of_margin, known in [found.get((tier, former), (0, 0, 0, 0, 0))]
    ]


def _moves(index: Index, query: Query, limit: int) -> tuple[dict[Direction, int], list[Move]]:
    """How many should move up, down, and have no tier yet; and so many of each, the largest revenue first."""
    ranks = "".join(f" when {_text(tier)} then {at}" for at, tier in enumerate(index.vault.config.tiers))
    tier, proposed = (f"case q.{column}{ranks} end" for column in ("tier", "proposed"))
    rows = index.rows(
        "select direction, n, customer, name, path, tier, proposed, revenue, margin, purchases, class from ("
        "select *, count(*) over (partition by direction) as n, row_number() over"
        " (partition by direction order by revenue desc, customer, path) as at from ("
        f"select q.*, case when ({tier}) is null then 3 when ({proposed}) > ({tier}) then 1 else 2 end as direction,"
        f" c.customer, c.name, f.path from ({query.sql}) q cross join customers c on c.file = q.file"
        " join files f on f.file = q.file where q.proposed is not null and q.proposed is not q.tier)"
        ") where ? in (0, at) or at < ? order by direction, at",
        (*query.parameters, limit, limit),
    )
    names = dict(enumerate(DIRECTIONS, 1))
    counts = {names[direction]: n for direction, n, *_rest in rows}
    rules = tier_rules(index)
    return {name: counts.get(name, 0) for name in DIRECTIONS}, [
        _move(rules, names[direction], *row) for direction, _n, *row in rows
    ]


def _move(rules: dict[str, Rule], direction: Direction, *row: Any) -> Move:  # noqa: ANN401 (a row of SQL)
    customer, name, path, tier, proposed, revenue, margin, purchases, abc = row
    figures = {"revenue": from_units(revenue), "margin": from_units(margin), "purchases": Decimal(purchases)}
    return Move(
        customer,
        name,
        path,
        direction,
        tier,
        proposed,
        figures["revenue"],
        figures["margin"],
        purchases,
        abc,
        why_tier(rules, tier, proposed, figures, abc),
    )


def judged(index: Index, period: Period, file: int) -> tuple[str | None, str | None, Decimal, Decimal, int, str | None]:
    """One customer's tier by hand, the one proposed, revenue, margin, purchases and class."""
    query = _judged(index, period, EVERY)
    ((tier, proposed, revenue, margin, purchases, abc),) = index.rows(
        f"select tier, proposed, revenue, margin, purchases, class from ({query.sql}) where file = ?",
        (*query.parameters, file),
    )
    return tier, proposed, from_units(revenue), from_units(margin), purchases, abc


def why_tier(
    rules: dict[str, Rule], tier: str | None, proposed: str, figures: dict[str, Decimal], abc: str | None
) -> str:
    """Why a tier is proposed: its rule with the customer's figures, else what the tier by hand asks and is not met."""
    if proposed in rules:
        return f"{proposed} asks {', '.join(_against(bound, figures, abc) for bound in rules[proposed])}"
    missed = [bound for bound in rules.get(tier or "", ()) if not bound.holds(figures, abc)]
    if missed:
        return f"{tier} asks {', '.join(_against(bound, figures, abc) for bound in missed)}"
    return f"no rule of a higher tier is met: revenue {figures['revenue']:,.2f}, purchases {figures['purchases']}"


def _against(bound: Bound, figures: dict[str, Decimal], abc: str | None) -> str:
    """`revenue>=20000 (21,880.00)`."""
    if bound.classes:
        return f"{bound.text} ({abc or 'none'})"
    value = figures[bound.figure]
    return f"{bound.text} ({value if bound.figure == 'purchases' else f'{value:,.2f}'})"
