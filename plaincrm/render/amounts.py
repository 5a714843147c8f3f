"""What reports of money say of other currencies: which were converted, and what stands apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from plaincrm.render.value import amount
from plaincrm.reports.amounts import Apart


def foreign_remarks(converted: Sequence[str], apart: Iterable[Apart], what: str = "sale") -> Iterator[str]:
    """One sentence for all that was converted, and one for each currency that is in no sum."""
    if converted:
        yield f"Converted by [rates]: {', '.join(converted)}."
    for one in apart:
        counted = f"{one.sales} {what}{'s' if one.sales != 1 else ''}"
        yield (f"Not counted: {amount(one.revenue)} {one.currency} ({counted}); [rates] has none for {one.currency}.")
