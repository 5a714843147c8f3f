"""Notes that were renamed, and what the links of others say once they follow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import PurePosixPath
from urllib.parse import quote

Rename = tuple[str, str]  # what links called a note by before, and what they call it by now


def rename(old: str, new: str) -> Rename | None:
    """What two paths of one note are to links; None where links go on as they were."""
    if not old or not new or (before := PurePosixPath(old).stem) == (after := PurePosixPath(new).stem):
        return None
    return before, after


def relinked(data: bytes, renames: Iterable[Rename]) -> tuple[bytes, tuple[Rename, ...]]:
    """A note whose links follow, and the renames that it links to: links of both kinds, and names that stand alone."""
    followed = []
    for old, new in renames:
        data, count = _links(old).subn(partial(_named_so, new), data)
        if count:
            followed.append((old, new))
    return data, tuple(followed)


@lru_cache(maxsize=256)
def _links(name: str) -> re.Pattern[bytes]:
    either = "|".join(re.escape(each) for each in dict.fromkeys((name, quote(name))))
    link = rf"(?<=[\[/(<])(?:{either})(?=[\]|#^\\]|\.md\b)"
    alone = rf"(?<=[:,-] )(?:{either})(?=[ \t]*(?:[,\r\n]|\Z))|(?<=[\"'\[])(?:{either})(?=[\"',\]])"
    return re.compile(f"{link}|{alone}".encode(), re.IGNORECASE)


def _named_so(new: str, match: re.Match[bytes]) -> bytes:
    return (quote(new) if b"%" in match[0] else new).encode()
