"""What the retention says of one customer: the move, the cohort, the rhythm, the loss, and the lines behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from plaincrm.dates import Period, add_days
from plaincrm.index.buyers import LEAST
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.index.talks import NEWEST, REACHED
from plaincrm.money import from_units
from plaincrm.reports.amounts import amounts
from plaincrm.reports.evidence import Explanation, Figure, amount, evidence
from plaincrm.reports.retention import compared
from plaincrm.reports.rhythm import in_words, next_in_words, spacing


class _Sale(NamedTuple):
    """A sale of the customer; amounts are in ten-thousandths of the vault's currency."""

    line: int
    day: date
    revenue: int
    margin: int | None


class _Sums(NamedTuple):
    """What the sales of a period come to."""

    sales: int
    known: int
    revenue: int
    margin: int
    bought: bool

    @classmethod
    def of(cls, sales: list[_Sale], period: Period) -> _Sums:
        inside = [sale for sale in sales if period.covers(sale.day)]
        margins = [sale.margin for sale in inside if sale.margin is not None]
        revenue = sum(sale.revenue for sale in inside)
        return cls(len(inside), len(margins), revenue, sum(margins), any(sale.revenue > 0 for sale in inside))


_HOW = {
    "won": "First bought in the period.",
    "returned": "Bought before, not in the period before, and again in this one.",
    "grown": "Bought in both periods, and for more in the second.",
    "shrunk": "Bought in both periods, and for less in the second.",
    "same": "Bought in both periods for the same.",
    "lost": "Bought in the period before and not in this one.",
    "none": "Bought in neither period.",
}


def explain(index: Index, today: date, customer: Named, period: Period, before: Period | None) -> Explanation:
    """How one customer counts in the retention.

    Raises:
        UsageError: there is no period before, or it is not over when the other begins.
    """
    before = compared(period, before)
    of = amounts(index)
    sales = [
        _Sale(line, date.fromisoformat(day), revenue, margin)
        for line, day, revenue, margin in index.rows(
            f"select s.line, s.date, {of.revenue}, {of.margin} from sales s where s.file = ? and {of.counted}"
            " order by s.date, s.line, s.position",
            (customer.file,),
        )
    ]
    told = {
        field: (value, line)
        for field, value, line in index.rows(
            "select field, value, line from fields where file = ? and field in ('lost_on', 'lost_reason')"
            " and position = 0",
            (customer.file,),
        )
    }
    lost_on = date.fromisoformat(told["lost_on"][0]) if "lost_on" in told else None
    end = min(today, period.end)
    until = lost_on if lost_on and before.start <= lost_on <= end else add_days(end, 1)
    contacts = index.rows(
        f"select e.line, e.date, e.channel from entries e where e.file = ? and {REACHED} and e.date < ?"
        f" order by {NEWEST} limit 1",
        (customer.file, until.isoformat()),
    )
    ((stage,),) = index.rows("select stage from customers where file = ?", (customer.file,))
    closed = stage if stage in index.vault.config.closed else None
    lines = [(customer.file, sale.line, _counts(sale, period, before)) for sale in sales]
    lines += [(customer.file, line, f"{field} {value}") for field, (value, line) in told.items()]
    lines += [(customer.file, line, f"last contact {day}") for line, day, _channel in contacts]
    figures = [*_moved(sales, period, before, today), *_rhythm(sales, today, closed, lost_on)]
    if "lost_on" in told:
        why = told.get("lost_reason", ("no reason told", 0))[0]
        figures.append(Figure("Lost on", told["lost_on"][0], f"As the note says: {why}."))
    if contacts:
        channel = contacts[0][2] or "contact"
        when = "before the loss" if until == lost_on else "up to the end of the period or today"
        figures.append(Figure("Last contact", contacts[0][1], f"The last {channel} {when} that reached somebody."))
    about = f"{period.start} to {period.end}, compared with {before.start} to {before.end}"
    return Explanation(
        "retention", customer.customer, customer.name, customer.path, about, tuple(figures), evidence(index, lines)
    )


def _moved(sales: list[_Sale], period: Period, before: Period, today: date) -> Iterator[Figure]:
    first = min((sale.day for sale in sales if sale.revenue > 0 and sale.day <= today), default=None)
    then, now = _Sums.of(sales, before), _Sums.of(sales, period)
    earlier = any(sale.revenue > 0 and sale.day < period.start and not before.covers(sale.day) for sale in sales)
    change = now.revenue - then.revenue
    if then.bought:
        move = ("grown" if change > 0 else "shrunk" if change < 0 else "same") if now.bought else "lost"
    else:
        move = ("returned" if earlier else "won") if now.bought else "none"
    yield Figure("Move", move, _HOW[move])
    for name, sums in (("before", then), ("now", now)):
        yield Figure(f"Revenue {name}", amount(from_units(sums.revenue)), f"Sales and refunds: {sums.sales}.")
        yield Figure(f"Margin {name}", amount(from_units(sums.margin)), f"Of those with a known margin: {sums.known}.")
    yield Figure("Change", amount(from_units(change)), "Revenue now less revenue before.")
    if first:
        yield Figure("Cohort", str(first.year), f"The first purchase was on {first}.")


def _rhythm(sales: list[_Sale], today: date, closed: str | None, lost_on: date | None) -> Iterator[Figure]:
    """The rhythm of somebody who is still a customer."""
    days = sorted({sale.day for sale in sales if sale.revenue > 0 and sale.day <= today})
    found = spacing(days, today)
    if closed:
        yield Figure("Rhythm", "none", f"The stage is {closed}, so nothing is expected.")
    elif lost_on and days and days[-1] <= lost_on <= today:
        yield Figure("Rhythm", "none", f"Lost on {lost_on}, so nothing is expected.")
    elif found is None:
        yield Figure("Rhythm", "too few", f"Days with a purchase: {len(days)}; a rhythm needs {LEAST}.")
    else:
        yield Figure("Rhythm", found.state, in_words(found))
        yield Figure("Expected", str(found.expected), next_in_words(found))


def _counts(sale: _Sale, period: Period, before: Period) -> str:
    kind = "revenue" if sale.revenue >= 0 else "refund"
    when = " now" if period.covers(sale.day) else " before" if before.covers(sale.day) else ", neither period"
    margin = "" if sale.margin is None else f", margin {amount(from_units(sale.margin))}"
    return f"{kind} {amount(from_units(sale.revenue))}{when}{margin}"
