"""An open note: its text as the editor has it, saved or not, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from plaincrm.changes.parts import Reading, reading
from plaincrm.document.frontmatter import FrontMatter, find_front_matter
from plaincrm.document.source import Source
from plaincrm.live.lsp.positions import Lines
from plaincrm.vault.vault import Vault

_FENCE = "---"


@dataclass(frozen=True)
class Note:
    """A text under its path in the vault; `is_record` tells whether it is read as a customer."""

    uri: str
    path: str
    lines: Lines
    vault: Vault
    is_record: bool

    @property
    def text(self) -> str:
        """What the editor shows."""
        return self.lines.text

    @property
    def data(self) -> bytes:
        """What would be written, were it saved now."""
        return self.text.encode("utf-8", "surrogateescape")

    @cached_property
    def reading(self) -> Reading:
        """All that the text says; half a line being typed included."""
        return reading(self.path, self.data, self.vault.config.schema)

    @cached_property
    def front(self) -> FrontMatter | None:
        """Where the front matter stands."""
        return find_front_matter(Source(self.text))

    def in_front(self, offset: int) -> bool:
        """Whether a place is in the front matter, also where it is not closed yet."""
        if self.front:
            return self.front.block_start <= offset < self.front.block_end
        return self.text.startswith(_FENCE) and offset > len(_FENCE)

    def line_at(self, offset: int) -> tuple[int, str]:
        """Where the line of a place begins, and its text."""
        start, end = self.lines.span(self.lines.line_of(offset))
        return start, self.text[start:end]

    def before(self, offset: int) -> str:
        """What stands in its line before a place."""
        return self.text[self.line_at(offset)[0] : offset]
