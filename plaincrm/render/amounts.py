"""What reports of money share: how amounts are shown, and what one has to know to read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded by the reports that are shown, and for nothing else
    from plaincrm.reports.amounts import Apart
    from plaincrm.reports.sums import Totals
    from plaincrm.reports.value import CustomerValue


def amount(value: Decimal | None) -> str:
    """An amount to the cent, thousands apart; nothing where it is not known."""
    return "" if value is None else f"{value:,.2f}"


def margin(of: Totals | CustomerValue) -> str:
    """A margin; a star where it is that of a part of the revenue, a dash where none of it is known."""
    if of.revenue_with_margin == of.revenue:
        return amount(of.margin)
    return f"{amount(of.margin)}*" if of.revenue_with_margin or of.margin else "–"


def margin_remark(totals: Totals) -> Iterator[str]:
    """How much of the revenue has no known margin."""
    unknown = totals.revenue - totals.revenue_with_margin
    if unknown:
        yield f"* The margin of {amount(unknown)} of the revenue is not known and in no margin."


def foreign_remarks(converted: Sequence[str], apart: Iterable[Apart], what: str = "sale") -> Iterator[str]:
    """One sentence for all that was converted, and one for each currency that is in no sum."""
    if converted:
        yield f"Converted by [rates]: {', '.join(converted)}."
    for one in apart:
        counted = f"{one.sales} {what}{'s' if one.sales != 1 else ''}"
        yield f"Not counted: {amount(one.revenue)} {one.currency} ({counted}); [rates] has none for {one.currency}."


def planned_remark(planned: Decimal) -> Iterator[str]:
    """How much of the revenue is still to come."""
    if planned:
        yield f"Of the revenue {amount(planned)} is of days later than today."
