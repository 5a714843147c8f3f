"""What reports of money share: how amounts are shown, and what one has to know to read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded by the reports that are shown, and for nothing else
    from plaincrm.reports.amounts import Apart


def amount(value: Decimal | None) -> str:
    """An amount to the cent, thousands apart; nothing where it is not known."""
    return "" if value is None else f"{value:,.2f}"


def foreign_remarks(converted: Sequence[str], apart: Iterable[Apart], what: str = "sale") -> Iterator[str]:
    """One sentence for all that was converted, and one for each currency that is in no sum."""
    if converted:
        yield f"Converted by [rates]: {', '.join(converted)}."
    for one in apart:
        counted = f"{one.sales} {what}{'s' if one.sales != 1 else ''}"
        yield (f"Not counted: {amount(one.revenue)} {one.currency} ({counted}); [rates] has none for {one.currency}.")
