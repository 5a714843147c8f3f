"""Numbers and days as other programs write them: which way is found out from many of them, never guessed from one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plaincrm.dates import iso_form, real_date

_BLANKS = re.compile("[ \u00a0\u202f\u2009'\u2019]")
_NUMBER = re.compile(r"[-+]?+[0-9]++(?:[.,][0-9]++)*+")
_CURRENCY = re.compile(r"^(?:[€$£]|[A-Z]{3}\b)\s*|\s*(?:[€$£]|[A-Z]{3}|kr)$")
_SLASHED = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})")
_TIME = re.compile(r"[T ,]+[0-9]{1,2}[:.][0-9]{2}.*$")
_ENGLISH = re.compile(r"([A-Za-z]{3})[a-z]* ([0-9]{1,2}),? ([0-9]{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Style(NamedTuple):
    """How a file writes: the decimal sign, and whether the day stands before the month; empty, None: not known."""

    decimal: str = ""
    day_first: bool | None = None

    @property
    def words(self) -> list[str]:
        """The style in a few words."""
        found = [f"decimal {'comma' if self.decimal == ',' else 'point'}"] if self.decimal else []
        if self.day_first is not None:
            found.append("days before months" if self.day_first else "months before days")
        return found


def style_of(cells: Iterable[str], decimal: str = "") -> Style:
    """The style that cells agree on: whatever they contradict each other in is not known."""
    marks, orders = set[str](), set[bool]()
    for cell in cells:
        if not cell[:1].isdigit() and cell[:1] not in "-+€$£":
            continue
        if found := _SLASHED.match(cell):
            first, second = int(found[1]), int(found[2])
            if (first > 12) != (second > 12):
                orders.add(first > 12)
        elif mark := _decimal_sign(_bare(cell)):
            marks.add(mark)
    return Style(decimal or (marks.pop() if len(marks) == 1 else ""), orders.pop() if len(orders) == 1 else None)


def number_of(text: str, style: Style) -> Decimal | None:
    """A number; None where it is none, or has a sign that can mean decimals or thousands."""
    bare = _bare(text)
    if not _NUMBER.fullmatch(bare) or len(bare) > 40:
        return None
    mark = _decimal_sign(bare) or style.decimal
    if not mark and re.search("[.,]", bare):
        return None
    whole, _, decimals = bare.partition(mark) if mark else (bare, "", "")
    groups = re.split("[.,]", whole)
    if re.search("[.,]", decimals) or any(len(group) != 3 for group in groups[1:]):
        return None
    return Decimal(f"{''.join(groups)}.{decimals or 0}")


def _bare(text: str) -> str:
    """A number without currency and blanks, its minus as ASCII has it."""
    return _BLANKS.sub("", _CURRENCY.sub("", text.strip().replace("\u2212", "-")))


def _decimal_sign(bare: str) -> str:
    """The decimal sign of a number where it can be nothing else: the last of two kinds, or not three digits behind."""
    if not _NUMBER.fullmatch(bare):
        return ""
    signs = re.findall("[.,]", bare)
    if not signs or (len(signs) > 1 and len(set(signs)) == 1):
        return ""
    if len(set(signs)) == 2:
        return signs[-1] if signs.count(signs[-1]) == 1 else ""
    behind = len(bare) - bare.index(signs[0]) - 1
    return signs[0] if behind != 3 or bare.lstrip("-+").startswith("0") else ""


def day_of(text: str, style: Style) -> date | None:
    """A day with or without a time behind it; None where it is none, or the month cannot be told from the day."""
    bare = _TIME.sub("", text.strip())
    if iso := iso_form(bare):
        return date.fromisoformat(iso)
    if found := _ENGLISH.fullmatch(bare):
        month = found[1].lower()
        return real_date(int(found[3]), _MONTHS.index(month) + 1, int(found[2])) if month in _MONTHS else None
    found = _SLASHED.fullmatch(bare)
    if not found:
        return None
    first, second, year = (int(part) for part in found.groups())
    day_first = first > 12 if (first > 12) != (second > 12) else True if first == second else style.day_first
    if day_first is None:
        return None
    return real_date(year, second, first) if day_first else real_date(year, first, second)
