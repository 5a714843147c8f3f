"""A note that goes by another name: what links to it say from now on."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from plaincrm.checks.names import comparable, ends


class Move(NamedTuple):
    """A note's path before, and the one by which links should find it.

    `shared` are names by which another customer's note is called as well: links by these stay, since either may be
    meant, and they lead somewhere still.
    """

    old: str
    new: str
    shared: frozenset[str] = frozenset()

    def target(self, target: str) -> str | None:
        """What a link with this target says from now on; None where it means another note."""
        name = comparable(target)
        if name in self.shared or name not in ends(self.old):
            return None
        before, after = PurePosixPath(self.old), PurePosixPath(self.new)
        folder, slash, last = target.rpartition("/")
        ending = last[-3:] if last.casefold().endswith(".md") else ""
        if not slash or before.parent == after.parent:
            return f"{folder}{slash}{after.stem}{ending}"
        return f"{after.with_suffix('')}{ending}"
