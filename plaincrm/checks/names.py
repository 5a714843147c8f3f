"""How links name files: what is compared, and which file is meant by a link that leads nowhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from plaincrm.records.names import link_key


def comparable(target: str) -> str:
    """A link's target as paths are compared: without its ending, and without the way to the folder it begins in."""
    bare = re.sub(r"^(?:\.{0,2}/)+|/+$", "", target)
    return unicodedata.normalize("NFC", bare.removesuffix(".md")).casefold()


def ends(path: str) -> Iterator[str]:
    """By what a link may name a file, as Obsidian has it: the file's name, with any of the folders before it."""
    whole = comparable(path)
    yield whole
    for slash in re.finditer("/", whole):
        yield whole[slash.end() :]


def meant(target: str, paths: Sequence[str]) -> str:
    """A question for the note of this name in another folder, else for the one that is called nearly the same."""
    from plaincrm.records.values import nearest  # noqa: PLC0415 (for mistakes only)

    notes = [path.removesuffix(".md") for path in paths if path.endswith(".md")]
    last = link_key(target)
    elsewhere = next((path for path in notes if link_key(path) == last), None)
    if elsewhere:
        return f" Did you mean {elsewhere}?"
    names = {link_key(path): path.rpartition("/")[2] for path in notes}
    near = nearest(last, [*names])
    return f" Did you mean {names[near]}?" if near else ""
