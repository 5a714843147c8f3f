"""Amounts of money: read as people write them, never guessed, kept as decimals and never as floats."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from functools import lru_cache
from typing import Literal, NamedTuple, NoReturn

UNIT = 10_000  # units in one of a currency: four decimals, exact, as SQL Server's MONEY keeps them

Kind = Literal["not-money", "ambiguous", "unknown-currency", "too-precise", "too-large"]

_MESSAGES: dict[Kind, str] = {
    "not-money": "This is not an amount of money; write it like 3200, 3 200,50 € or -300 EUR.",
    "ambiguous": "The separator can mean thousands or decimals; write 3200 without it, or 3,20 with two decimals.",
    "unknown-currency": "The currency is not known; write its three-letter code, such as EUR or SEK.",
    "too-precise": "The amount has more than four decimals.",
    "too-large": "The amount is too large to be counted exactly.",
}
_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP"}  # not kr (three currencies), not ¥ (two)

_MOST_DECIMALS = 4
_TOO_LARGE = Decimal(10**13)
_TOO_LARGE_FOR_UNITS = Decimal(2**63 // UNIT)  # a column of SQLite holds 64 bits
_STEP = Decimal("0.0001")
_EXACT = Context(prec=40)  # more digits than 64 bits have; the caller's context may have fewer

_SPELLING = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'", "\u2212": "-"})
_CURRENCY = r"[^\W\d_]{1,3}|[$¢£¤¥\u20a0-\u20cf]"
# Every repetition is possessive, so a text is read once from left to right. Compiled when first used, not on import.
_AMOUNT = rf"(-?+) *+({_CURRENCY})?+ *+(-?+) *+([0-9][0-9.,' ]*+)({_CURRENCY})?+"
_NO_DECIMALS = r"(?<=[0-9])[,.:][-–—](?=[^0-9]*$)"  # as in `450,- €` and `450:-`
_PLAIN = r"([0-9]++)(?:[.,]([0-9]++))?+"
_GROUPED = r"([1-9][0-9]{0,2}([ .,'])[0-9]{3}(?:\2[0-9]{3})*+)(?:[.,]([0-9]++))?+"


class MoneyError(ValueError):
    """Text that is no amount, or one that could be read two ways: `kind` for programs, the message for people."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)  # the only argument, so that the error survives pickling between processes
        self.kind: Kind = kind

    def __str__(self) -> str:
        return _MESSAGES[self.kind]


class Money(NamedTuple):
    """An amount in one currency, named by its ISO 4217 code."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        """`3200.00 EUR`; three decimals are written as four, since `3.125` could also be read as thousands."""
        text = decimal_text(self.amount)
        return f"{text}0 {self.currency}" if text[-4] == "." else f"{text} {self.currency}"

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __add__(self, other: Money) -> Money:  # type: ignore[override]  # a sum, not a longer tuple
        return Money(self.amount + self._same_currency(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same_currency(other), self.currency)

    def __mul__(self, other: object) -> NoReturn:  # a tuple would come out twice as long
        raise TypeError("Multiply the amount, not the Money.")

    def __rmul__(self, other: object) -> NoReturn:
        raise TypeError("Multiply the amount, not the Money.")

    def _same_currency(self, other: object) -> Decimal:
        if not isinstance(other, Money):
            raise TypeError("Only Money can be added to Money or taken from it.")
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} have no sum without a rate.")
        return other.amount


@lru_cache(maxsize=4096)
def parse_money(text: str, currency: str = "EUR") -> Money:
    """Read `3200`, `3 200,50 €`, `EUR 3,200.50`, `1.200,50`, `3'200.00`, `-300 EUR` or `450,-`; else raise MoneyError.

    `currency` is the one meant when none is written. Thousands may be grouped by blanks (also the no-break and
    thin ones), points, commas or apostrophes, all alike and in threes; decimals follow a point or a comma.
    """
    match = re.fullmatch(_AMOUNT, re.sub(_NO_DECIMALS, _zeros, text.strip().translate(_SPELLING)))
    if not match:
        raise MoneyError("not-money")
    sign, before, inner_sign, number, after = match.groups()
    if (sign and inner_sign) or (before and after):
        raise MoneyError("not-money")
    amount = _number(number.rstrip())
    code = _code(before or after, currency)
    return Money(amount.copy_negate() if (sign or inner_sign) and amount else amount, code)


def _zeros(dash: re.Match[str]) -> str:
    return ".00" if dash[0][0] == "." else ",00"


def _number(text: str) -> Decimal:
    whole, decimals = _split(text)
    if len(decimals) > _MOST_DECIMALS:
        raise MoneyError("too-precise")
    amount = Decimal(f"{whole}.{decimals}")
    if amount >= _TOO_LARGE:
        raise MoneyError("too-large")
    return amount


def _split(text: str) -> tuple[str, str]:
    """The digits before and after the decimal separator.

    One point or comma with three digits after it is refused, as `3,200` is 3200 in London and 3.2 in Helsinki; after
    a lone zero it can only be a decimal one.
    """
    if match := re.fullmatch(_PLAIN, text):
        whole, decimals = match[1], match[2] or ""
        if len(decimals) == 3 and whole != "0":
            raise MoneyError("ambiguous")
        return whole, decimals
    match = re.fullmatch(_GROUPED, text)
    if not match or (match[3] and text[len(match[1])] == match[2]):
        raise MoneyError("not-money")
    return match[1].replace(match[2], ""), match[3] or ""


def _code(written: str | None, default: str) -> str:
    if written is None:
        return default
    if written in _SYMBOLS:
        return _SYMBOLS[written]
    code = written.upper()
    if code == default or (len(written) == 3 and written.isascii() and _is_currency(code)):
        return code
    raise MoneyError("not-money" if any(map(str.isnumeric, written)) else "unknown-currency")  # `5½`, `5²`


def _is_currency(code: str) -> bool:
    """Whether the Unicode CLDR lists a code, old currencies included; babel is imported only for a foreign one."""
    from babel.core import get_global  # noqa: PLC0415

    return code in get_global("all_currencies")


def to_units(amount: Decimal) -> int:
    """An amount in ten-thousandths, for exact sums in SQL; raises MoneyError for one that does not fit exactly."""
    if not amount.is_finite():
        raise MoneyError("not-money")
    if amount.copy_abs() >= _TOO_LARGE_FOR_UNITS:
        raise MoneyError("too-large")
    rounded = amount.quantize(_STEP, context=_EXACT)
    if rounded != amount:
        raise MoneyError("too-precise")
    return int(rounded.scaleb(_MOST_DECIMALS, context=_EXACT))


def from_units(units: int) -> Decimal:
    """The amount that so many ten-thousandths are."""
    return Decimal(units).scaleb(-_MOST_DECIMALS, context=_EXACT)


def decimal_text(amount: Decimal) -> str:
    """A finite amount in plain digits: two decimals at least, no zeros after them, no exponent, no -0."""
    whole, _, decimals = format(amount if amount else Decimal(0), "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
