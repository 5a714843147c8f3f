"""python-frontmatter's handler interface over our own reading: the form in which other programs take a note."""

from __future__ import annotations

import re

import frontmatter
from frontmatter.default_handlers import BaseHandler

from plaincrm.document.document import Document
from plaincrm.document.frontmatter import find_front_matter
from plaincrm.document.source import Source
from plaincrm.document.yaml import read, typed_pairs


class RecordHandler(BaseHandler):
    """Reads front matter as plaincrm does, for `frontmatter.loads(text, handler=RecordHandler())`.

    It never writes: `dumps` would sort keys and drop comments, and a user's bytes are the user's.
    """

    FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)  # the base class asks for one; we find our own
    START_DELIMITER = END_DELIMITER = "---"

    def detect(self, text: str) -> bool:
        """Whether a text begins with front matter; a byte order mark before it does not matter."""
        return find_front_matter(Source(text)) is not None

    def split(self, text: str) -> tuple[str, str]:
        """The block between the fences, and the body behind them.

        Raises:
            ValueError: there is no front matter.
        """
        front = find_front_matter(Source(text))
        if front is None:
            raise ValueError("no front matter")
        return text[front.block_start : front.block_end], text[front.end :]

    def load(self, fm: str, **_: object) -> dict[str, object]:
        """The fields of a block as YAML 1.2 types them, unknown ones too."""
        pairs, _faults = read(fm)
        return typed_pairs(pairs)

    def export(self, metadata: dict[str, object], **_: object) -> str:
        """Refused: see the class.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("plaincrm edits notes in place and never writes front matter anew")


def post(document: Document) -> frontmatter.Post:
    """A document as `frontmatter.Post`: metadata by key as typed in the file, content as it stands."""
    text, front = document.source.text, document.front
    body = text[front.end if front else document.source.start :]
    found = frontmatter.Post(body, RecordHandler())
    found.metadata = typed_pairs(document.fields)  # as an argument, a field called content would clash
    return found
