"""The deals: what may be sold and when, weighed by its chance; and what was won and lost in a period, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Period
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.money import from_units
from plaincrm.reports.amounts import converted
from plaincrm.reports.evidence import Explanation, Figure, evidence
from plaincrm.reports.figures import share
from plaincrm.reports.groups import in_order
from plaincrm.reports.one_spelling import one_spelling

State = Literal["open", "won", "lost"]
OVERDUE = "overdue"


class Deal(NamedTuple):
    """One deal. Amounts exclude VAT.

    `amount` and `currency` are as told, `value` is in the report's currency: None without a rate. `forecast` is the
    value by the chance (per cent), to the cent. `overdue_days` count from the expected day of an open deal, `days`
    from the day it was opened until it was decided, or until today.
    """

    customer: str
    name: str
    owner: str | None
    stage: str | None
    deal: str
    state: State
    amount: Decimal | None
    currency: str | None
    value: Decimal | None
    chance: int | None
    forecast: Decimal | None
    expected: date | None
    overdue_days: int | None
    opened: date | None
    decided: date | None
    days: int | None
    reason: str
    file: str
    line: int


class Pipeline(NamedTuple):
    """Open deals summed up: `value` is of the `valued` ones, `forecast` of the `weighed`, which have a chance too.

    `name` is a stage, or a month of the expected day, `overdue` before today; None where there is none.
    """

    name: str | None
    deals: int
    valued: int
    value: Decimal
    weighed: int
    forecast: Decimal


class Decided(NamedTuple):
    """Deals decided in the period, of one kind. Shares are of all decided ones, by number and by value.

    `mean_days` is from the opening to the decision, of the `timed`: those whose opening is known.
    """

    state: State
    deals: int
    share: Decimal | None
    valued: int
    value: Decimal
    share_of_value: Decimal | None
    timed: int
    mean_days: Decimal | None


class Reason(NamedTuple):
    """Why deals were lost in the period; None where nobody wrote it down. `value` is of the `valued` ones."""

    reason: str | None
    deals: int
    valued: int
    value: Decimal


class DealsApart(NamedTuple):
    """Deals in a currency for which the settings have no rate: they are counted, and their worth is in no sum."""

    currency: str
    value: Decimal
    deals: int


class DealsReport(NamedTuple):
    """Open deals as of today, and those decided in the period, both ends included.

    `deals` are the open ones by their expected day, then the decided ones, the latest first; with a limit the first
    so many of either. The sums count all.
    """

    start: date
    end: date
    today: date
    currency: str
    stages: tuple[Pipeline, ...]
    months: tuple[Pipeline, ...]
    total: Pipeline
    aged: int
    won: Decided
    lost: Decided
    reasons: tuple[Reason, ...]
    deals: tuple[Deal, ...]
    converted: tuple[str, ...]
    apart: tuple[DealsApart, ...]
    unread: dict[str, str]


def deals(index: Index, today: date, period: Period, where: Condition = EVERY, limit: int = 0) -> DealsReport:
    """What is open today, and what was decided in the period. What is decided later than today is still open."""
    ask = _Asked(index, today, period, where)
    sums = ask.rows(
        "select stage, month, count(*), count(value), coalesce(sum(value), 0), count(forecast),"
        " coalesce(sum(forecast), 0), count(days) from deal where state = 'open' group by 1, 2"
    )
    won, lost = _decided(ask)
    stages = in_order(index, "stage", {row[0] for row in sums})
    months = sorted({row[1] for row in sums}, key=lambda month: (month is None, month != OVERDUE, month or ""))
    rates = index.vault.config.rates
    foreign = ask.rows(
        "select currency, sum(amount), count(*) from deal where currency <> ? and (state = 'open' or counted)"
        " group by currency order by currency",
        index.vault.config.currency,
    )
    return DealsReport(
        period.start,
        period.end,
        today,
        index.vault.config.currency,
        tuple(_pipeline(stage, (row for row in sums if row[0] == stage)) for stage in stages),
        tuple(_pipeline(month, (row for row in sums if row[1] == month)) for month in months),
        _pipeline(None, sums),
        sum(row[7] for row in sums),
        won,
        lost,
        tuple(_reasons(ask)),
        tuple(_deals(ask, limit)),
        tuple(currency for currency, _amount, _deals in foreign if currency in rates),
        tuple(DealsApart(one[0], from_units(one[1]), one[2]) for one in foreign if one[0] not in rates),
        unread(index),
    )


def explain_deals(index: Index, today: date, period: Period, named: Named) -> Explanation:
    """What one customer's deals count as, with their lines."""
    report = deals(index, today, period, Condition("c.file = ?", (named.file,)))
    currency = f"{period.start} to {period.end}, {report.currency}"
    return Explanation(
        "deals",
        named.customer,
        named.name,
        named.path,
        f"open on {today}, decided {currency}",
        tuple(Figure(deal.deal, _worth(deal), _how(deal)) for deal in report.deals),
        evidence(index, ((named.file, deal.line, deal.state) for deal in report.deals)),
    )


class _Asked:
    """The table `deal` of the customers asked about, as it is today, for queries of it."""

    def __init__(self, index: Index, today: date, period: Period, where: Condition) -> None:
        self.index = index
        self.sql = _DEAL % {"value": converted(index, "d.value", "d.currency"), "where": where.sql}
        self.parameters = (today.isoformat(), period.start.isoformat(), period.end.isoformat(), *where.parameters)

    def rows(self, query: str, *more: object) -> list[tuple[Any, ...]]:
        """The rows of a query of `deal`."""
        return self.index.rows(f"{self.sql} {query}", (*self.parameters, *more))


# `counted` are those decided in the period; the days of what is open run until today.
_DEAL = """
    with days(today, first, last) as (values (?, ?, ?)),
    told as (
        select d.*, c.name as of, c.owner, c.stage, %(value)s as worth, today, first, last,
            case when coalesce(d.won, d.lost) <= today then coalesce(d.won, d.lost) end as decided
        from deals d join customers c using (file), days where %(where)s
    ),
    deal as (
        select file, line, customer, of, owner, stage, name as deal, value as amount, currency, worth as value, chance,
            case when chance is not null then convert(worth, chance || 'e-2') end as forecast,
            expected, opened, decided, reason,
            case when decided is null then 'open' else state end as state,
            case when expected < today then 'overdue' else substr(expected, 1, 7) end as month,
            case when expected < today and decided is null
                then cast(julianday(today) - julianday(expected) as integer) end as overdue_days,
            coalesce(decided between first and last, false) as counted,
            case when opened <= coalesce(decided, today)
                then cast(julianday(coalesce(decided, today)) - julianday(opened) as integer) end as days
        from told
    )"""


def _pipeline(name: str | None, rows: Iterable[tuple[Any, ...]]) -> Pipeline:
    sums = [0] * 5
    for row in rows:
        sums = [had + more for had, more in zip(sums, row[2:7], strict=True)]
    return Pipeline(name, sums[0], sums[1], from_units(sums[2]), sums[3], from_units(sums[4]))


def _decided(ask: _Asked) -> tuple[Decided, Decided]:
    rows = {
        row[0]: row[1:]
        for row in ask.rows(
            "select state, count(*), count(value), coalesce(sum(value), 0), count(days), coalesce(sum(days), 0)"
            " from deal where counted group by state"
        )
    }
    number, worth = sum(row[0] for row in rows.values()), sum(row[2] for row in rows.values())

    def one(state: State) -> Decided:
        count, valued, value, timed, days = rows.get(state, (0, 0, 0, 0, 0))
        mean = round(Decimal(days) / timed, 1) if timed else None
        return Decided(state, count, share(count, number), valued, from_units(value), share(value, worth), timed, mean)

    return one("won"), one("lost")


def _reasons(ask: _Asked) -> Iterator[Reason]:
    """The reasons of the lost ones, the most frequent first; those that differ by case or accents only are one."""
    key, name = one_spelling("reason")
    rows = ask.rows(
        f"select {name}, count(*) as deals, count(value), coalesce(sum(value), 0) as value from deal"
        f" where state = 'lost' and counted group by {key} order by {name} = '', deals desc, value desc, {name}"
    )
    return (Reason(reason or None, count, valued, from_units(value)) for reason, count, valued, value in rows)


def _deals(ask: _Asked, limit: int) -> Iterator[Deal]:
    columns = (
        "customer, of, owner, stage, deal, state, amount, currency, value, chance, forecast, expected, overdue_days,"
        " opened, decided, days, reason, path, line"
    )
    selected = f"select {columns} from deal join files using (file) where"
    some = limit or -1
    rows = [
        *ask.rows(f"{selected} state = 'open' order by expected is null, expected, path, line limit ?", some),
        *ask.rows(f"{selected} counted order by decided desc, path, line limit ?", some),
    ]
    return map(_deal, rows)


def _deal(row: tuple[Any, ...]) -> Deal:
    """A row of the columns of a deal, whose amounts are units and whose days are text."""
    one = Deal._make(row)
    read: dict[str, Any] = {name: _amount(getattr(one, name)) for name in ("amount", "value", "forecast")}
    read |= {name: _day(getattr(one, name)) for name in ("expected", "opened", "decided")}
    return one._replace(**read)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _amount(units: int | None) -> Decimal | None:
    return None if units is None else from_units(units)


def _worth(deal: Deal) -> str:
    if deal.amount is None:
        return "not told"
    return f"{deal.amount:,.2f}" if deal.amount == deal.value else f"{deal.amount:,.2f} {deal.currency}"


def _how(deal: Deal) -> str:
    """What a deal counts as, with its own numbers."""
    if deal.state != "open":
        reason = f", {deal.reason}" if deal.reason else ""
        lasted = f", {deal.days} days after it was opened on {deal.opened}" if deal.days is not None else ""
        return f"{deal.state} on {deal.decided}{lasted}{reason}"
    parts = ["open"]
    if deal.days is not None:
        parts.append(f"for {deal.days} days, since {deal.opened}")
    if deal.value is not None and deal.chance is not None:
        parts.append(f"forecast {deal.value:,.2f} × {deal.chance}% = {deal.forecast:,.2f}")
    else:
        why = "its chance" if deal.value is not None else "a rate" if deal.amount is not None else "its value"
        parts.append(f"in no forecast without {why}")
    late = f", {deal.overdue_days} days ago" if deal.overdue_days else ""
    parts.append(f"expected {deal.expected}{late}" if deal.expected else "no expected day")
    return "; ".join(parts)
