"""Days on the command line: as they are spoken, and what was understood where one is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from plaincrm.dates import parse_date
from plaincrm.errors import UsageError


def day_of(text: str, today: date, option: str = "") -> date:
    """The day that a text names, as people say it; a refusal names the option that it was given to.

    Raises:
        UsageError: it names none, or it is not clear which.
    """
    from plaincrm.language.spoken import spoken_date  # noqa: PLC0415 (where a day is said)

    found = spoken_date(text, today)
    if found is None:
        from plaincrm.language.unclear import why_unclear  # noqa: PLC0415 (for mistakes only)

        understood, remedy = why_unclear(text, today)
        raise UsageError(f"{option}: {understood}" if option else understood, remedy)
    return found


def day_and_words(words: Sequence[str], today: date) -> tuple[date, str]:
    """The day that words begin with, and the words behind it: `next friday Ask about the deck`.

    Raises:
        UsageError: they begin with none, or it is not clear with which.
    """
    from plaincrm.language.spoken import spoken_date  # noqa: PLC0415

    for size in range(len(words), 0, -1):
        found = spoken_date(" ".join(words[:size]), today)
        if found:
            return found, " ".join(words[size:]).strip()
    begun = words[:1] if words[0][:1] in _SIGNS else words  # what is meant as a day, as 31.2. is
    return day_of(" ".join(begun), today), ""


_SIGNS = tuple("0123456789+-")
_AHEAD = ("next", "quiet_until", "vision_review")
_BEHIND = ("since", "verified", "lost_on")


def odd_days(key: str, texts: Iterable[str], today: date) -> Iterator[str]:
    """Sentences about days of a field that lie where they seldom do: a next step that is over, a past to come."""
    for text in texts:
        day = parse_date(text)
        if day and day < today and key in _AHEAD:
            yield f"{key}: {day} is over."
        if day and day > today and key in _BEHIND:
            yield f"{key}: {day} is still to come."
