"""Bars and sparklines of block characters (U+2580 to U+2588), eight steps to a character."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

_ACROSS = " ▏▎▍▌▋▊▉█"
_UP = "▁▂▃▄▅▆▇█"


def bar(level: Decimal | None, width: int = 10) -> str:
    """A bar that fills a part of a width, from 0 to 1; whatever is there shows at least its edge."""
    if level is None or level <= 0:
        return ""
    eighths = max(1, round(min(level, Decimal(1)) * width * 8))
    return "█" * (eighths // 8) + _ACROSS[eighths % 8].strip()


def sparkline(values: Sequence[Decimal | int | None]) -> str:
    """A character a value, as high as it is among them, counted from zero; a blank where there is none."""
    top = max((Decimal(value) for value in values if value is not None), default=Decimal(0))
    return "".join(" " if value is None else _UP[_step(Decimal(value), top)] for value in values)


def _step(value: Decimal, top: Decimal) -> int:
    return round(max(value, Decimal(0)) / top * 7) if top > 0 else 0
