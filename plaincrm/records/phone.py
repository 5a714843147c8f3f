"""Phone numbers in the one form in which they can be compared, by Google's libphonenumber."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_PLAIN = re.compile(r"\+[1-9](?:[ -]?[0-9]){5,14}")


@lru_cache(maxsize=4096)
def phone_number(text: str, country: str) -> str | None:
    """A number as E.164 writes it, or None where nobody could have it; one without a country code is of `country`.

    The library takes 50 µs to make sense of a text. A number written plainly makes it at once: country code and
    digits, which are possible when there are as many as the country's plan allows.
    """
    if (text, country) in _found_before:
        return _found_before[text, country]
    if _PLAIN.fullmatch(text):
        digits = text[1:].replace(" ", "").replace("-", "")
        plan = _plan(digits[:3])
        if plan and plan.allows(digits[plan.code_length :]):
            return f"+{digits}"
    import phonenumbers  # noqa: PLC0415 (35 ms, for numbers only)

    try:
        number = phonenumbers.parse(text[:60], country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


_found_before: dict[tuple[str, str], str] = {}


def remember(found: Iterable[tuple[str, str]], country: str) -> None:
    """Take over what was found before: texts, and the numbers that `phone_number` made of them.

    To load the library takes longer than to read a note, most of whose numbers are those it had.
    """
    _found_before.update({(text, country): number for text, number in found})


class _Plan(NamedTuple):
    """What libphonenumber knows of a country's numbers, as far as it decides whether one is possible."""

    code_length: int
    lengths: tuple[int, ...]
    prefix: re.Pattern[str] | None  # of numbers as they are dialled inside the country

    def allows(self, number: str) -> bool:
        """Whether a number is possible as it stands; where a prefix would come off, the library has to say."""
        return len(number) in self.lengths and not (self.prefix and self.prefix.match(number))


@lru_cache(maxsize=1000)
def _plan(start: str) -> _Plan | None:
    """The plan of the country whose code a number begins with, told by its first three digits."""
    import phonenumbers  # noqa: PLC0415 (35 ms, for numbers only)

    for length in (1, 2, 3):
        region = phonenumbers.region_code_for_country_code(int(start[:length]))
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
        if metadata and metadata.general_desc:
            prefix = metadata.national_prefix_for_parsing
            return _Plan(length, metadata.general_desc.possible_length, re.compile(prefix) if prefix else None)
    return None
