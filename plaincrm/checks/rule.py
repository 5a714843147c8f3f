"""One kind of fault: its code, its words, and, where no note can tell it alone, how it is found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from plaincrm.index.index import Index

Severity = Literal["error", "warning", "hint"]
FIELDS = ("next", "next_channel", "quiet_until", "deny", "verified")  # that sentences name


class Finding(NamedTuple):
    """One fault found in the register: the note, the line (from 1), the text to be marked there, and the facts.

    Without a line it is the note as a whole; without a `mark` it is the whole line.
    """

    path: str
    line: int | None
    mark: str | None
    facts: Mapping[str, str]


class Register:
    """What a search through the register may ask: the index, and days and numbers by name.

    A name without a value (no day is told, a setting is not given) means that nothing is to be found by it.
    """

    __slots__ = ("given", "index")

    def __init__(self, index: Index, given: Mapping[str, str | int | None]) -> None:
        self.index = index
        self.given = given


Find = Callable[[Register], Iterable[Finding]]


class Rule(NamedTuple):
    """One kind of fault, named after the pattern it finds.

    `message` says what is wrong and `help` what to do; braces in both name facts of the fault, or a field, which is
    called there as the note calls it. A second line of `help` is a command, which is never broken. `why` says what it
    does to the reader's work. A rule without `find` is found while its note is read. `fixable` ones can often be mended
    by `plaincrm fix`.

    `bad` and `good` are an example with the fault and without it; the tests make vaults of them, and docs/checks.md
    shows what is found there. One is written in the shortest of these forms, however far it is indented:

    - fields of a note's front matter, behind a blank line some of its text; the note has a name besides;
    - text of a note with a name; it does not begin like a field;
    - a whole note, which begins with `---`;
    - whole files, each under a line `=== ` and its path: several notes, or the settings in `plaincrm.toml`;
    - in brackets, words for what no text can show.
    """

    code: str
    severity: Severity
    message: str
    help: str
    why: str = ""
    bad: str = ""
    good: str = ""
    find: Find | None = None
    fixable: bool = False


def by_query(sql: str) -> Find:
    """Findings by one query: its columns are path, line and mark, and whatever else it selects are facts by name.

    A query that names a value which is not given finds nothing.
    """
    names = set(re.findall(r":(\w+)", sql))

    def find(register: Register) -> Iterator[Finding]:
        given = {name: register.given[name] for name in names}
        if None in given.values():
            return
        columns, rows = register.index.table(sql, given)
        for path, line, mark, *facts in rows:
            yield Finding(path, line, mark, dict(zip(columns[3:], map(_as_fact, facts), strict=True)))

    return find


def _as_fact(value: Any) -> str:  # noqa: ANN401 (a value of SQLite's)
    return "" if value is None else str(value)
