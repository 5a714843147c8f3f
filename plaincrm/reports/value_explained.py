"""The value of one customer explained: each figure with how it was reckoned, and the lines it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from plaincrm.dates import Period
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.index.names import Named, named
from plaincrm.money import from_units, to_units
from plaincrm.reports.amounts import amounts
from plaincrm.reports.evidence import Evidence, Explanation, Figure, amount, evidence, percent
from plaincrm.reports.referrals import referrers
from plaincrm.reports.serving import Work, cost_of, work
from plaincrm.reports.sums import class_names, class_of, scope, sums
from plaincrm.reports.value import CustomerValue, value


def explain_value(index: Index, who: Named, today: date, period: Period) -> Explanation:
    """What a customer brought in a period, figure by figure."""
    found = next(iter(value(index, today, period, Condition("c.file = ?", (who.file,))).customers), None)
    about = f"{index.vault.config.currency}, excluding VAT; {period.start} to {period.end}"
    done = work(index, period, today, f"[{who.file}]", each=True)
    brought = list(_brought(index, who.file, period))
    if found is None:
        figures = [Figure("Revenue", "0.00", "No sale of the period counts, so the customer is in no sum.")]
    else:
        above, whole = _others(index, period, found.revenue)
        figures = [
            *_money(found, whole),
            *_class(index, found.revenue, above, whole),
            *_time(found, today),
            *_serving(index, found, done),
        ]
    if brought:
        through = "; ".join(f"{one.name} {amount(margin)}" for one, margin, _line in brought)
        credited = sum((margin for _one, margin, _line in brought), Decimal(0))
        figures.append(Figure("Brought in", amount(credited), f"The margin of those who came by them: {through}."))
    return Explanation(
        "value", who.customer, who.name, who.path, about, tuple(figures), _lines(index, who, period, done, brought)
    )


def _others(index: Index, period: Period, revenue: Decimal) -> tuple[Decimal, Decimal]:
    """What customers with more revenue bring together, and what all do."""
    query = sums(index, period)
    ((above, whole),) = index.rows(
        f"select coalesce(sum(case when revenue > ? then revenue end), 0), sum(revenue) from ({query.sql})",
        (to_units(revenue), *query.parameters),
    )
    return from_units(above), from_units(whole)


def _plain(number: Decimal) -> str:
    """A number without zeros behind its last decimal."""
    return f"{number.normalize():f}"


def _counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def _money(row: CustomerValue, whole: Decimal) -> Iterator[Figure]:
    unknown = row.revenue - row.revenue_with_margin
    without = f"; that of {amount(unknown)} of the revenue is not known" if unknown else ""
    entries = _counted(len(row.sources), "entry", "entries")
    yield Figure("Revenue", amount(row.revenue), f"The sum of the sales in {entries}.")
    yield Figure("Cost", amount(row.cost), "The sum of what these sales cost.")
    yield Figure("Margin", amount(row.margin), f"Revenue less cost, sale by sale, or as written{without}.")
    if whole > 0:
        of = f"{amount(row.revenue)} of {amount(whole)} of all customers."
        yield Figure("Share", percent(row.revenue / whole), of)


def _class(index: Index, revenue: Decimal, above: Decimal, whole: Decimal) -> Iterator[Figure]:
    abc, names = class_of(index, revenue, above, whole), class_names(index)
    if abc is None:
        return
    rule = ", ".join(f"{name} under {limit}%" for name, limit in zip(names, index.vault.config.classes, strict=False))
    before = f"Those with more revenue bring {percent(above / whole)} of the whole"
    how = f"{before}: {rule}, else {names[-1]}." if revenue > 0 else "Who brings no revenue is in the last class."
    yield Figure("Class", abc, how)


def _time(row: CustomerValue, today: date) -> Iterator[Figure]:
    yield Figure("Purchases", str(row.purchases), "Entries with a sale above zero.")
    if row.interval_days is not None:
        intervals = _counted(row.purchases - 1, "interval", "intervals")
        how = f"{row.first_purchase} to {row.last_purchase}, {intervals}."
        yield Figure("Days between", str(row.interval_days), how)
    if row.length_days is not None:
        days = _counted(row.length_days, "day", "days")
        yield Figure("Relation", days, f"From since or the first entry until {today} or the loss.")


def _serving(index: Index, row: CustomerValue, done: list[Work]) -> Iterator[Figure]:
    config = index.vault.config
    yield Figure("Contacts", str(row.contacts), "Entries by which somebody was reached.")
    yield Figure("Hours", _plain(row.hours or Decimal(0)), "As written in entries.")
    if row.cost_to_serve is None or row.margin_after_serving is None:
        return
    paid = [one for one in done if one.hours is not None and not one.sold and config.serving_hour is not None]
    hours = sum((one.hours or Decimal(0) for one in paid), Decimal(0))
    rate = config.serving_hour or Decimal(0)
    by_contact = f"{amount(row.cost_to_serve - hours * rate)} for contacts by channel"
    how = f"{_plain(hours)} hours beside sales at {amount(rate)}, and {by_contact}."
    yield Figure("Cost to serve", amount(row.cost_to_serve), how)
    left = f"{amount(row.margin)} less {amount(row.cost_to_serve)}."
    yield Figure("Margin after serving", amount(row.margin_after_serving), left)


def _brought(index: Index, file: int, period: Period) -> Iterator[tuple[Named, Decimal, int]]:
    """Who came through a customer, near or far: the customer, its margin, and the line that says who brought it."""
    by = referrers(index)
    near: dict[int, list[int]] = {}
    for child, parent in by.items():
        near.setdefault(parent, []).append(child)
    found: dict[int, None] = {}
    waiting = list(near.get(file, ()))
    while waiting:
        child = waiting.pop()
        if child not in found and child != file:
            found[child] = None
            waiting.extend(near.get(child, ()))
    query = sums(index, period)
    margins = dict(index.rows(f"select file, margin from ({query.sql})", query.parameters)) if found else {}
    names = named(index, found)
    lines = dict(index.rows("select file, min(line) from links where field = 'referred_by' group by file"))
    for child in sorted(found, key=lambda child: names[child].path):
        yield names[child], from_units(margins.get(child, 0)), lines[child]


def _lines(
    index: Index, who: Named, period: Period, done: list[Work], brought: list[tuple[Named, Decimal, int]]
) -> tuple[Evidence, ...]:
    counted = [
        *sale_lines(index, who, period),
        *((who.file, one.line, text) for one in done if (text := _worked(index, one))),
        *((one.file, line, f"brought in, margin {amount(margin)}") for one, margin, line in brought),
    ]
    return evidence(index, counted)


def sale_lines(index: Index, who: Named, period: Period) -> Iterator[tuple[int, int, str]]:
    """The sales of one customer that count in a period, as evidence."""
    counted, money = scope(index, period), amounts(index)
    for line, *units in index.rows(
        f"select s.line, {money.revenue}, {money.cost}, {money.margin} from sales s"
        f" where s.file = ? and {counted.sql} order by s.position",
        (who.file, *counted.parameters),
    ):
        named = zip(("revenue", "cost", "margin"), units, strict=True)
        told = [f"{name} {amount(from_units(value))}" for name, value in named if value is not None]
        yield who.file, line, ", ".join(told)


def _worked(index: Index, one: Work) -> str:
    """What an entry counts as in the cost to serve."""
    told = [f"{_plain(one.hours)} hours"] if one.hours is not None else []
    cost = cost_of(index.vault.config, one)
    if one.sold:
        return f"{told[0]} for the sale" if told else ""
    if cost:
        told.append(f"serving {amount(cost)}")
    return ", ".join(told) or "contact"
