"""Names of customers as they are compared with each other."""

from __future__ import annotations

import re

from plaincrm.language import unaccented

_LEGAL = re.compile(r"\b(?:oyj?|ab|ltd|limited|inc|llc|gmbh|as|asoy|ky|tmi|osk|ry|rf|asunto|the)\b|[^\w\s]")


def name_words(name: str) -> list[str]:
    """The words of a name as they are compared: without case, diacritics, signs and a company's legal form."""
    return _LEGAL.sub(" ", unaccented(name)).split()
