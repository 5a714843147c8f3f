"""Names and ids of customers as they are compared with each other."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from plaincrm.language import unaccented

_FORM = r"\b(?:oyj?|ab|ltd|limited|inc|llc|gmbh|ky|tmi|osk|ry|rf|asoy|as oy)\b[.]?$|^(?:asunto|as)[.]? oy\b"
_LEGAL = re.compile(r"\b(?:oyj?|ab|ltd|limited|inc|llc|gmbh|as|asoy|ky|tmi|osk|ry|rf|asunto|the)\b|[^\w\s]")


def name_words(name: str) -> list[str]:
    """The words of a name as they are compared: without case, diacritics, signs and a company's legal form."""
    return _LEGAL.sub(" ", unaccented(name)).split()


def has_legal_form(name: str) -> bool:
    """Whether a name tells that it is a company's, or an association's: `Acme Oy`, `As Oy Rantatie 3`."""
    return re.search(_FORM, unaccented(name)) is not None


Likeness = Literal["same", "near", "similar", ""]
_SHORT = 6  # letters; shorter words that differ by one are most often two names: Anna and Anne
_LONG = 10  # letters, of which two may differ
_SIMILAR = 88  # of 100 points of RapidFuzz, where the words may stand in another order


def likeness(one: list[str], two: list[str]) -> Likeness:
    """How alike two names are, by their words as `name_words` gives them.

    The same: equal but for blanks. Near: the same words in another order, or one long word that is a slip apart; a
    number or a short word that differs is another name. Similar: all words of the one are among those of the other, or
    long words have mostly the same letters; that says something only where more is alike than the name.
    """
    if "".join(one) == "".join(two):
        return "same"
    if sorted(one) == sorted(two):
        return "near"
    apart = [(a, b) for a, b in zip(one, two, strict=False) if a != b]
    if len(one) == len(two) and len(apart) == 1 and _is_slip(*apart[0]):
        return "near"
    return "similar" if _is_similar(one, two) else ""


def _is_slip(one: str, two: str) -> bool:
    """Whether a long word is the other with a letter added, left out, changed or swapped with the next one."""
    shorter = min(len(one), len(two))
    if shorter < _SHORT or not (one.isalpha() and two.isalpha()):
        return False
    from rapidfuzz.distance import OSA  # noqa: PLC0415 (for names that may be near only)

    allowed = 2 if shorter >= _LONG else 1
    return OSA.distance(one, two, score_cutoff=allowed) <= allowed


def _is_similar(one: list[str], two: list[str]) -> bool:
    shorter, longer = sorted((set(one), set(two)), key=len)
    numbers = [{word for word in words if not word.isalpha()} for words in (shorter, longer)]
    if not shorter or numbers[0] != numbers[1]:
        return False
    if shorter <= longer:
        return any(len(word) >= _SHORT for word in shorter)
    if any(len(word) < _SHORT for word in shorter ^ longer):
        return False
    from rapidfuzz import fuzz  # noqa: PLC0415 (for names that may be near only)

    return fuzz.token_sort_ratio(" ".join(one), " ".join(two)) >= _SIMILAR


def link_key(target: str) -> str:
    """The id of the note that a link leads to, as ids are compared: its last part, NFC, case folded."""
    last = target.rstrip("/").rpartition("/")[2].removesuffix(".md")
    return unicodedata.normalize("NFC", last).casefold()
