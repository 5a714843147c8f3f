"""What reports of a period share: how its head is shown, and the figures of few things."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from plaincrm.render.lines import Line, Piece, line, wrapped
from plaincrm.reports.figures import FEW


def heading(head: str, about: str, width: int) -> Iterator[Line]:
    """The first line of a report, its head bold; the rest goes on as the page allows."""
    first, *rest = wrapped(head + about, width, 2)
    yield line(Piece(first[: len(head)], "bold"), first[len(head) :])
    yield from map(line, rest)


def span(start: date, end: date) -> str:
    """A period in words."""
    if start == date.min:
        return "of all time" if end == date.max else f"up to {end}"
    return f"from {start}" if end == date.max else f"{start} to {end}"


def percent(share: Decimal | None) -> str:
    """A share in per cent."""
    return "" if share is None else f"{share * 100:.1f}%"


def marked(figure: str, n: int) -> str:
    """A figure, with a star where it is of few."""
    return f"{figure}*" if figure and n < FEW else figure


def unfinished_remark(end: date, today: date) -> Iterator[str]:
    """How much of a period is still to come."""
    if end > today:
        days = (end - today).days
        told = f"{days} day{'s' if days != 1 else ''} to come" if end < date.max else "what comes"
        yield f"The period is not over: {told} can still change it."


FEW_REMARK = f"* Of fewer than {FEW}: chance may have made it."


def remarks(said: list[str], width: int) -> Iterator[Line]:
    """What one has to know to read the figures, under a blank line."""
    if said:
        yield ()
    for remark in said:
        yield from (line(Piece(part, "dim")) for part in wrapped(remark, width, 2))
