"""Which known key a misspelt one most likely means."""

from __future__ import annotations

from functools import lru_cache

from plaincrm.language import fold

# Own keys seen in real vaults that differ from a field's name by a letter or two and mean something else.
_NEAR_BUT_OWN = frozenset(
    (
        "rate",
        "date",
        "note",
        "notes",
        "cite",
        "states",
        "text",
        "image",
        "names",
        "line",
        "lines",
        "content",
        "contents",
    )
)


@lru_cache(maxsize=1024)
def nearest_key(word: str, spellings: tuple[str, ...], shortest: int = 4) -> str | None:
    """The spelling, as people write it, that is nearest to a folded key by edit distance; None where none is near.

    Words of fewer letters than `shortest`, and keys that are common as people's own, are near to none.
    """
    if len(word) < shortest or word in _NEAR_BUT_OWN:
        return None
    from rapidfuzz.distance import OSA  # noqa: PLC0415 (for keys that are not known only)

    allowed = 1 if len(word) < 7 else 2
    near = min((OSA.distance(word, fold(known), score_cutoff=allowed), known) for known in spellings)
    return near[1] if near[0] <= allowed else None
