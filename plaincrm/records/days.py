"""Texts that are no day: which one is most likely meant, or what keeps them from being one."""

from __future__ import annotations

import re

from plaincrm.dates import iso_form, parse_date


def iso_hint(text: str) -> str:
    """The day that is most likely meant, as a question; else what keeps a text from being one, where it is clear."""
    likely = iso_form(text) or _likely_day(text)
    if likely:
        return f" Did you mean {likely}?"
    if match := re.fullmatch(_SLASHES, text):
        days = [iso_form(f"{match[one]}.{match[two]}.{match[3]}") for one, two in ((1, 2), (2, 1))]
        found = [day for day in dict.fromkeys(days) if day]
        return f" Did you mean {' or '.join(found)}?" if found else " The calendar has no such day."
    if re.fullmatch(r"[0-9]{1,2}[./][0-9]{1,2}\.?", text):
        return " The year is missing."
    return " The calendar has no such day." if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else ""


# Patterns that few notes need are plain texts, which re compiles when one comes: one changed note waits for fewer.
_SLASHES = r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})"  # the day first in Europe, the month in America
_SHORT_YEAR = r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{2})"
_SWAPPED = r"([0-9]{4})-(1[3-9]|2[0-9]|3[01])-(0[1-9]|1[0-2])"


def _likely_day(text: str) -> str | None:
    """The day of `5.12.26`, a day of this century, and of `2026-13-02`, whose month cannot be one."""
    if match := re.fullmatch(_SHORT_YEAR, text):
        return iso_form(f"{match[1]}.{match[2]}.20{match[3]}")
    if match := re.fullmatch(_SWAPPED, text):
        return iso_form(f"{match[1]}-{int(match[3])}-{int(match[2])}")
    return text[:10] if parse_date(text[:10]) else None  # a day and words behind it
