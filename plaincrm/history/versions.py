"""Versions of notes, read: each content once, as long as it is likely to be asked for again."""

from __future__ import annotations

from collections import OrderedDict

from plaincrm.history.fields import Note, read_note, unread_note
from plaincrm.history.log import Version
from plaincrm.history.repository import Objects
from plaincrm.records.schema import Schema

_KEPT = 4096  # versions: what a commit made of a note is what the next one before it compares with


class Versions:
    """What notes said in commits."""

    def __init__(self, objects: Objects, schema: Schema) -> None:
        self.objects = objects
        self.schema = schema
        self._read: OrderedDict[Version, Note] = OrderedDict()

    def note(self, version: Version) -> Note | None:
        """A note in one version; None where there was none."""
        if not version.blob:
            return None
        found = self._read.pop(version, None)
        if found is None:
            data = self.objects.read(version.blob)
            found = (
                unread_note(version.path, "not-there", self.schema)
                if data is None
                else read_note(version.path, data, self.schema)
            )
        self._read[version] = found
        if len(self._read) > _KEPT:
            self._read.popitem(last=False)
        return found
