"""Rules of tiers: what a customer's sales must come to, as the settings say it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

FIGURES = ("revenue", "margin", "purchases")
_BOUND = rf"({'|'.join(FIGURES)})[ ]*(>=|>)[ ]*([0-9]{{1,12}}(?:\.[0-9]{{1,4}})?)|class:([A-Z](?:,[A-Z])*)"


class Bound(NamedTuple):
    """One condition on the sales of a period: a figure above a least number, or one of some ABC classes.

    Revenue and margin are in the vault's currency.
    """

    text: str
    figure: str
    sign: str = ""
    least: Decimal = Decimal(0)
    classes: tuple[str, ...] = ()

    def holds(self, figures: dict[str, Decimal], abc: str | None) -> bool:
        """Whether it does for a customer's figures and class."""
        if self.classes:
            return abc in self.classes
        value = figures[self.figure]
        return value > self.least or (self.sign == ">=" and value == self.least)


Rule = tuple[Bound, ...]  # all of them must hold


def parse_rule(text: str) -> Rule | None:
    """`revenue>=20000 purchases>=3`, `class:A,B`: conditions with blanks between them; None for anything else."""
    bounds = []
    at = 0
    while match := re.compile(rf"[ ]*(?:{_BOUND})(?=[ ]|$)").match(text, at):
        figure, sign, least, classes = match.groups()
        at = match.end()
        if classes:
            bounds.append(Bound(f"class:{classes}", "class", classes=tuple(classes.split(","))))
        else:
            bounds.append(Bound(f"{figure}{sign}{least}", figure, sign, Decimal(least)))
    return tuple(bounds) if bounds and not text[at:].strip() else None
