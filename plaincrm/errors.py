"""What can go wrong: refusals are exceptions with an exit code, faults in user data are values with a place."""

from __future__ import annotations

from typing import NamedTuple

REFUSED = 2  # exit code: usage or environment


class PlaincrmError(Exception):
    """A refusal: one sentence for people, what to do about it, and the exit code of the command."""

    exit_code = REFUSED

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class VaultError(PlaincrmError):
    """The folder or its settings cannot be used as a vault."""


class UsageError(PlaincrmError):
    """The question cannot be understood: a date, a period, a query, an option."""


class QueryError(UsageError):
    """A query cannot be understood: the query itself, the place in it (character offsets), and what to write there.

    `segment` is the named query in which the place is, empty where it is in the one that was asked.
    """

    def __init__(self, message: str, remedy: str, query: str, place: tuple[int, int], segment: str = "") -> None:
        super().__init__(message, remedy)
        self.query = query
        self.start, self.end = place
        self.segment = segment


class NoMatch(PlaincrmError):
    """The question is clear and nothing answers it, where that is a fault."""

    exit_code = 1


class SeveralMatch(NoMatch):
    """Several customers are called so; the remedy lists them."""


class SeemsKnown(PlaincrmError):
    """A new customer seems to be in the register already; the message names whom it may be."""

    exit_code = 1


class WriteRefused(PlaincrmError):
    """A file was not written and stands as it was: it is in no state to be edited, or not as it was read.

    `file` is its path in the vault, `written` the files of the same change that had been written before.
    """

    exit_code = 1

    def __init__(self, file: str, why: str, remedy: str = "", written: tuple[str, ...] = ()) -> None:
        before = f" Already written: {', '.join(written)}." if written else ""
        super().__init__(f"{file} was not written: {why}.{before}", remedy)
        self.file = file
        self.why = why
        self.written = written


class FileChanged(WriteRefused):
    """Somebody saved the file since it was read, and what they saved stands there: read it again and try again."""


class WriteFailed(WriteRefused):
    """A file was not written because the system would not: rights, room, the disk."""

    exit_code = 2


class IndexDamaged(PlaincrmError):
    """The index on disk broke while it was asked. It will be built anew; the question can be asked again without it."""


class Fault(NamedTuple):
    """Something wrong in a file: which pattern, where (character offsets), and the facts its message names.

    `code` is a row of the table in `plaincrm.checks.rules`, which has the words and the severity. `fix` is the text
    that should stand at the place instead, where that is certain and loses nothing; None where people must decide.
    The fact `field` is the canonical key of a field, `typed` how the user calls it, where that is another word.
    """

    code: str
    start: int
    end: int
    facts: tuple[tuple[str, str], ...] = ()
    fix: str | None = None


def fault(code: str, start: int, end: int, fix: str | None = None, /, **facts: str) -> Fault:
    """A fault with its facts by name."""
    return Fault(code, start, max(start, end), tuple(facts.items()), fix)


def named_field(key: str, typed: str) -> dict[str, str]:
    """The facts that name a field: its canonical key, and the key as typed where that is another."""
    return {"field": key} if typed == key else {"field": key, "typed": typed}
