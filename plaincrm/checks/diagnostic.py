"""A fault with its place and its words: what people and programs are shown."""

from __future__ import annotations

from typing import NamedTuple

from plaincrm.checks.rule import FIELDS, Severity
from plaincrm.checks.rules import BY_CODE

Place = tuple[int, int, int, int]  # line, column, end line, end column


class Diagnostic(NamedTuple):
    """One fault with its place (line and column from 1, the end behind the last character) and its words.

    `fix` is the text that should stand at the place instead; None where people must decide.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    severity: Severity
    code: str
    message: str
    help: str
    fix: str | None

    @property
    def fixable(self) -> bool:
        """Whether `plaincrm fix` can mend it."""
        return self.fix is not None

    @property
    def of_file(self) -> bool:
        """Whether it is about the file as a whole, and about no line of it."""
        return self.place == (1, 1, 1, 1)

    @property
    def place(self) -> Place:
        """Where it begins and ends."""
        return self.line, self.column, self.end_line, self.end_column


def diagnostic(file: str, place: Place, code: str, facts: dict[str, str], fix: str | None = None) -> Diagnostic:
    """A fault with its words. Facts are put into our own sentences by name; no text of a user is a format.

    A field is called as the user has typed it, where that is another word than ours.
    """
    rule = BY_CODE[code]
    known = _Facts(facts)
    if "typed" in facts:
        known["field"] = facts["typed"]
    message, remedy = rule.message.format_map(known), rule.help.format_map(known)
    return Diagnostic(file, *place, rule.severity, code, message, remedy, fix)


class _Facts(dict[str, str]):
    """Facts by name; a field that is not told has its usual name, other facts are left out; a long one is cut."""

    def __missing__(self, key: str) -> str:
        return key if key in FIELDS else ""

    def __getitem__(self, key: str) -> str:
        fact = super().__getitem__(key)
        return fact if len(fact) <= _LONGEST or key in _OURS else f"{fact[:_LONGEST]}…"


_LONGEST = 80  # characters of a fact in a message
_OURS = ("hint", "wanted", "problem", "remedy", "folder")  # facts in our own words, and what is to be pasted
