"""What one customer is to the targets: what it adds to each, with the lines that say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from plaincrm.dates import Period
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.money import from_units
from plaincrm.reports.amounts import amounts
from plaincrm.reports.evidence import Explanation, Figure, evidence
from plaincrm.reports.targets import among, first_days, has_field, period_of
from plaincrm.vault.targets import PERIODS, Wanted


def explain_targets(index: Index, today: date, named: Named) -> Explanation:
    """What a customer adds to each target, up to today."""
    wanted = index.vault.config.targets
    return Explanation(
        "targets",
        named.customer,
        named.name,
        named.path,
        f"what it adds to each, up to {today}",
        tuple(_figure(index, today, named, one) for one in wanted),
        evidence(index, _lines(index, today, named, wanted)),
    )


def _figure(index: Index, today: date, named: Named, wanted: Wanted) -> Figure:
    period = _until(wanted, today)
    value, how = "1", ""
    if wanted.kind == "field":
        value, how = _field(index, today, named, wanted)
    elif wanted.kind == "stage":
        [(stage,)] = index.rows("select stage from customers where file = ?", (named.file,))
        value, how = str(int(stage == wanted.of)), f"at the stage {stage or 'none'}"
    elif wanted.of in ("new", "leads"):
        [(first,)] = index.rows(f"select min(first) from ({first_days(wanted.of)}) where file = ?", (named.file,))
        what = "first purchase" if wanted.of == "new" else "first known"
        known = first and first <= today.isoformat()
        value = str(int(bool(known) and period.covers(date.fromisoformat(first))))
        how = f"{what} {first if known else 'not yet'}"
    else:
        sales = list(_sales(index, named, period))
        revenue, margin = (sum((sale[at] or Decimal(0) for sale in sales), Decimal(0)) for at in (1, 2))
        bought = len({line for line, revenue, _margin in sales if revenue > 0})
        value = {"revenue": f"{revenue:,.2f}", "margin": f"{margin:,.2f}", "purchases": str(bought)}.get(
            wanted.of, str(int(bought > 0))
        )
        how = f"{len(sales)} sale{'s' if len(sales) != 1 else ''} {period.start} to {period.end}"
    return Figure(wanted.key, value, how)


def _field(index: Index, today: date, named: Named, wanted: Wanted) -> tuple[str, str]:
    meant, has = among(index, today, wanted.query), has_field(wanted.of)
    [(is_meant, having)] = index.rows(
        f"select ({meant.sql}) is true, {has.sql} from customers c where c.file = ?",
        (*meant.parameters, *has.parameters, named.file),
    )
    if not is_meant:
        return "0", "not among the customers meant"
    return str(having), "has it" if having else f"lacks {wanted.of}"


def _until(wanted: Wanted, today: date) -> Period:
    period = period_of(wanted.kind, today)
    return Period(period.start, min(period.end, today))


def _sales(index: Index, named: Named, period: Period) -> Iterator[tuple[int, Decimal, Decimal | None]]:
    """The line, revenue and margin of each sale that counts."""
    counted = amounts(index)
    rows = index.rows(
        f"select s.line, {counted.revenue}, {counted.margin} from sales s"
        f" where s.file = ? and s.date between ? and ? and {counted.counted} order by s.line, s.position",
        (named.file, period.start.isoformat(), period.end.isoformat()),
    )
    return (
        (line, from_units(revenue), None if margin is None else from_units(margin)) for line, revenue, margin in rows
    )


def _lines(index: Index, today: date, named: Named, wanted: tuple[Wanted, ...]) -> Iterator[tuple[int, int, str]]:
    """The sales of the longest time that a target looks at, and the fields that targets are about."""
    of_sales = [one for one in wanted if one.kind == "customers" or (one.kind in PERIODS and one.of != "leads")]
    if of_sales:
        start = min(period_of(one.kind, today).start for one in of_sales)
        for line, revenue, _margin in _sales(index, named, Period(start, today)):
            yield named.file, line, f"revenue {revenue:,.2f}"
    for one in wanted:
        field = {"field": one.of, "stage": "stage"}.get(one.kind, "since" if one.of == "leads" else "")
        for (line,) in index.rows("select line from fields where file = ? and field = ?", (named.file, field)):
            yield named.file, line, field
        if field in ("email", "phone"):
            query = f"select line from contacts where file = ? and {field} <> ''"
            for (line,) in index.rows(query, (named.file,)):
                yield named.file, line, field
