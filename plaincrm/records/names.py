"""Names and ids of customers as they are compared with each other."""

from __future__ import annotations

import re
import unicodedata

from plaincrm.language import unaccented

_FORM = re.compile(r"\b(?:oyj?|ab|ltd|limited|inc|llc|gmbh|ky|tmi|osk|ry|rf|asoy|as oy)\b[.]?$|^(?:asunto|as)[.]? oy\b")
_LEGAL = re.compile(r"\b(?:oyj?|ab|ltd|limited|inc|llc|gmbh|as|asoy|ky|tmi|osk|ry|rf|asunto|the)\b|[^\w\s]")


def name_words(name: str) -> list[str]:
    """The words of a name as they are compared: without case, diacritics, signs and a company's legal form."""
    return _LEGAL.sub(" ", unaccented(name)).split()


def has_legal_form(name: str) -> bool:
    """Whether a name tells that it is a company's, or an association's: `Acme Oy`, `As Oy Rantatie 3`."""
    return _FORM.search(unaccented(name)) is not None


def link_key(target: str) -> str:
    """The id of the note that a link leads to, as ids are compared: its last part, NFC, case folded."""
    last = target.rstrip("/").rpartition("/")[2].removesuffix(".md")
    return unicodedata.normalize("NFC", last).casefold()
