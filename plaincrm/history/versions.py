"""Versions of notes, read: each content once, as long as it is likely to be asked for again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from plaincrm.history.fields import Note, read_note, unread_note
from plaincrm.history.log import Version
from plaincrm.history.renames import Rename, relinked
from plaincrm.history.repository import Objects
from plaincrm.records.schema import Schema

_KEPT = 4 << 20  # bytes of contents: what a commit made of a note is what the next one before it compares with


class Versions:
    """What notes said in commits."""

    def __init__(self, objects: Objects, schema: Schema) -> None:
        self.objects = objects
        self.schema = schema
        self._read: OrderedDict[Version, tuple[Note, int]] = OrderedDict()
        self._size = 0

    def note(self, version: Version) -> Note | None:
        """A note in one version; None where there was none."""
        if not version.blob:
            return None
        if version in self._read:
            self._read.move_to_end(version)
            return self._read[version][0]
        data = self.objects.read(version.blob)
        if data is None:
            return unread_note(version.path, "not-there", self.schema)
        found = read_note(version.path, data, self.schema)
        self._read[version] = found, len(data)
        self._size += len(data)
        while self._size > _KEPT and len(self._read) > 2:
            self._size -= self._read.popitem(last=False)[1][1]
        return found

    def relinked(self, version: Version, renames: Sequence[Rename]) -> tuple[Note, tuple[Rename, ...]] | None:
        """A version whose links follow the renaming of other notes, and of which; None where it links to none."""
        data = self.objects.read(version.blob) if renames and version.blob else None
        new, followed = relinked(data, renames) if data else (b"", ())
        return (read_note(version.path, new, self.schema), followed) if followed else None
