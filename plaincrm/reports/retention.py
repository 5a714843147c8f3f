"""The retention: who was kept from one period to the next, who came and who went, in customers and in money."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plaincrm.checks.unread import unread
from plaincrm.dates import Period, preceding
from plaincrm.errors import UsageError
from plaincrm.index.condition import EVERY, Condition
from plaincrm.index.index import Index
from plaincrm.money import from_units
from plaincrm.reports.amounts import Apart, amounts, foreign
from plaincrm.reports.buyers import prepare_buyers
from plaincrm.reports.cohorts import By, Cohort, cohorts
from plaincrm.reports.figures import share
from plaincrm.reports.losses import Losses, losses, prepare_losses
from plaincrm.reports.moves import Move, prepare_moves
from plaincrm.reports.rhythm import Rhythms, rhythms

# By how many each customer of a move changes the number of those who bought.
_CHANGE: dict[Move, int] = {"won": 1, "returned": 1, "grown": 0, "shrunk": 0, "same": 0, "lost": -1}
MOVES = tuple(_CHANGE)


class Base(NamedTuple):
    """Who bought in a period, and what all of its sales brought. `margin` is of the `revenue_with_margin`."""

    customers: int
    revenue: Decimal
    margin: Decimal
    revenue_with_margin: Decimal


class Step(NamedTuple):
    """One step of the bridge: how many `customers` moved so, and by how much that changes the base.

    `change` is in customers, `revenue` and `margin` in money; what is lost is below zero.
    """

    move: Move
    customers: int
    change: int
    revenue: Decimal
    margin: Decimal


class Rates(NamedTuple):
    """What was kept. Shares are fractions, None of nothing; `n` is of how many each of them is.

    `retention`: customers of the period before who bought again, of all of them (`opening.customers`).
    `net_revenue`: the opening revenue with what its customers grew, shrank and took away, as a share of it;
    `gross_revenue`: the same without what they grew.
    `repeat_purchase`: customers who bought more than once in the period, `repeated`, of all who bought in it.
    """

    retention: Decimal | None
    kept: int
    net_revenue: Decimal | None
    gross_revenue: Decimal | None
    repeat_purchase: Decimal | None
    repeated: int


class RetentionReport(NamedTuple):
    """Two periods, and the bridge between them: `opening` and the changes of all `steps` make `closing`.

    Money excludes VAT and is in `currency`; `converted` names the currencies that were turned into it, `apart` is what
    stands in no sum. `cohorts`, `losses` and `rhythms` are explained where they are made; a rhythm is of today.
    """

    start: date
    end: date
    before_start: date
    before_end: date
    today: date
    currency: str
    opening: Base
    steps: tuple[Step, ...]
    closing: Base
    rates: Rates
    by: By
    cohorts: tuple[Cohort, ...]
    losses: Losses
    rhythms: Rhythms
    converted: tuple[str, ...]
    apart: tuple[Apart, ...]
    unread: dict[str, str]


def retention(
    index: Index,
    today: date,
    period: Period,
    before: Period | None = None,
    where: Condition = EVERY,
    cohort: By = "year",
    limit: int = 0,
) -> RetentionReport:
    """The two periods compared; without a `before` it is the preceding one of the same length.

    With a `limit` only so many of the lost and of the cooling are told one by one; the counts and sums are of all.

    Raises:
        UsageError: there is no period before, or it is not over when the other begins.
    """
    before = compared(period, before)
    prepare_buyers(index, today, where)
    prepare_moves(index, period, before, where)
    prepare_losses(index)
    moved = {move: _moved(index, move) for move in MOVES}
    opening = _base(moved, "before", _without_margin(index, before, where))
    closing = _base(moved, "now", _without_margin(index, period, where))
    steps = tuple(_step(move, of) for move, of in moved.items())
    repeated = sum(of.repeated for of in moved.values())
    both = Period(before.start, period.end)
    converted, apart = foreign(index, both, where)
    return RetentionReport(
        *period,
        *before,
        today,
        index.vault.config.currency,
        opening,
        steps,
        closing,
        _rates(opening, steps, closing, repeated),
        cohort,
        cohorts(index, today, cohort),
        losses(index, today, period, before, limit),
        rhythms(index, today, limit),
        converted,
        apart,
        unread(index),
    )


def compared(period: Period, before: Period | None) -> Period:
    """The period to compare with.

    Raises:
        UsageError: there is none before, or it is not over when the other begins.
    """
    found = before or preceding(period)
    if found is None:
        raise UsageError("There is no period before all time.", "Give one that begins on a day, as --period 2026.")
    if found.end >= period.start:
        raise UsageError(
            f"The period before ends on {found.end}, and the other begins on {period.start}.",
            "Give an earlier one as --before.",
        )
    return found


class _Moved(NamedTuple):
    """The sums of the customers of one move, money in units."""

    customers: int
    repeated: int
    revenue_before: int
    revenue_now: int
    margin_before: int
    margin_now: int


def _moved(index: Index, move: Move) -> _Moved:
    """Who bought in neither period counts as nobody, though a refund may move money."""
    sums = ", ".join(f"coalesce(sum({column}), 0)" for column in ("bought", *_Moved._fields[1:]))
    return _Moved(*index.rows(f"select {sums} from temp.moves where move = ?", (move,))[0])


def _without_margin(index: Index, period: Period, where: Condition) -> int:
    """The revenue of a period's sales whose margin is not known, in units."""
    of = amounts(index)
    query = f"select coalesce(sum({of.revenue}), 0) from sales s indexed by sales_without_margin where s.margin is null"
    days = (period.start.isoformat(), period.end.isoformat())
    counted = f"s.date between ? and ? and {of.counted}{where.on('s.file')}"
    return int(index.rows(f"{query} and {counted}", (*days, *where.parameters))[0][0])


def _base(moved: dict[Move, _Moved], when: str, unknown: int) -> Base:
    elsewhere = 1 if when == "before" else -1  # those who came had not bought before, those who went do not now
    customers = sum(of.customers for move, of in moved.items() if _CHANGE[move] != elsewhere)
    revenue, margin = (sum(getattr(of, f"{what}_{when}") for of in moved.values()) for what in ("revenue", "margin"))
    return Base(customers, from_units(revenue), from_units(margin), from_units(revenue - unknown))


def _step(move: Move, of: _Moved) -> Step:
    revenue, margin = of.revenue_now - of.revenue_before, of.margin_now - of.margin_before
    return Step(move, of.customers, of.customers * _CHANGE[move], from_units(revenue), from_units(margin))


def _rates(opening: Base, steps: tuple[Step, ...], closing: Base, repeated: int) -> Rates:
    change = {step.move: step.revenue for step in steps}
    lost = next(step.customers for step in steps if step.move == "lost")
    kept = opening.customers - lost
    gross = opening.revenue + change["shrunk"] + change["lost"]
    return Rates(
        share(kept, opening.customers),
        kept,
        _of(gross + change["grown"], opening.revenue),
        _of(gross, opening.revenue),
        share(repeated, closing.customers),
        repeated,
    )


def _of(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part of a revenue as a fraction of it, to six decimals; None where the revenue is not above zero."""
    return round(part / whole, 6) if whole > 0 else None
