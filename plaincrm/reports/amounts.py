"""Amounts of sales and deals in the vault's currency: each converted to the cent, or standing apart."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from plaincrm.dates import Period
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.money import from_units

# Whether a row of `sales`, called `s`, is dated by its year alone, so that nobody knows its month, in SQL. The entry is
# looked up for sales of 1 January only.
YEARLY = (
    "substr(s.date, 6) = '01-01'"
    " and (select e.precision from entries e where e.file = s.file and e.line = s.line) = 'year'"
)


class Amounts(NamedTuple):
    """SQL for the amounts of a row of `sales`, called `s`, in ten-thousandths of the vault's currency.

    A sale in a currency of [rates] is converted by itself, to the cent (half to even), so that sums agree however they
    are grouped. `counted` is the condition that there is a rate: what has none is in no sum. `margin` is null where it
    is not known; else it is the converted revenue less the converted cost wherever both are.
    """

    revenue: str
    cost: str
    margin: str
    counted: str


class Apart(NamedTuple):
    """Revenue in a currency for which the settings have no rate: it stands apart and is in no sum."""

    currency: str
    revenue: Decimal
    sales: int


def amounts(index: Index) -> Amounts:
    """How the sales of a vault are counted in its currency."""
    config = index.vault.config
    if not config.rates:
        return Amounts("s.revenue", "s.cost", "s.margin", f"s.currency = {_quoted(config.currency)}")
    known = ", ".join(map(_quoted, (config.currency, *config.rates)))
    revenue, cost = converted(index, "s.revenue", "s.currency"), converted(index, "s.cost", "s.currency")
    margin = converted(index, "s.margin", "s.currency")
    return Amounts(
        revenue,
        cost,
        f"case when s.margin = s.revenue - s.cost then ({revenue}) - ({cost}) else ({margin}) end",
        f"s.currency in ({known})",
    )


def converted(index: Index, units: str, currency: str) -> str:
    """SQL for an amount in the vault's currency, of the columns of its units and its currency; null without a rate."""
    config = index.vault.config
    rates = "".join(f" when {_quoted(code)} then convert({units}, '{rate}')" for code, rate in config.rates.items())
    return f"case {currency} when {_quoted(config.currency)} then {units}{rates} end"


def _quoted(code: str) -> str:
    """A text of SQL: the names of rates are the user's."""
    return "'" + code.replace("'", "''") + "'"


def foreign(index: Index, period: Period, where: Condition = EVERY) -> tuple[tuple[str, ...], tuple[Apart, ...]]:
    """The currencies of a period's sales that were converted, and what stands apart because it has no rate."""
    config = index.vault.config
    rows = index.rows(
        "select s.currency, sum(s.revenue), count(*) from buyers b cross join sales s using (file)"
        " where b.abroad = 1 and s.date between ? and ? and s.currency <> ?"
        f"{where.on('b.file')} group by s.currency order by s.currency",
        (period.start.isoformat(), period.end.isoformat(), config.currency, *where.parameters),
    )
    return (
        tuple(currency for currency, _revenue, _sales in rows if currency in config.rates),
        tuple(
            Apart(currency, from_units(revenue), sales)
            for currency, revenue, sales in rows
            if currency not in config.rates
        ),
    )
