"""How every question is asked: of an index that is true to the notes, or of all notes read anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from plaincrm.dates import Period, parse_period
from plaincrm.errors import IndexDamaged, UsageError
from plaincrm.index.index import Index, open_index
from plaincrm.vault.config import NAME
from plaincrm.vault.vault import Vault as Folder

if TYPE_CHECKING:  # a question's own modules are loaded when it is asked
    from plaincrm.history.ask import Past
    from plaincrm.index.condition import Condition
    from plaincrm.index.names import Named
    from plaincrm.index.sync import Progress
    from plaincrm.vault.config import Config

T = TypeVar("T")


class Asking:
    """A folder of customer notes. Every question is answered from the files as they are when it is asked.

    `notices` collects sentences for the user, such as that the index could not be used.
    """

    def __init__(self, folder: Folder, *, cache: bool = True, progress: Progress | None = None) -> None:
        self._folder = folder
        self._cache = cache
        self._progress = progress
        self._moving = False
        self.notices: list[str] = []

    @property
    def root(self) -> Path:
        """The vault's folder."""
        return self._folder.root

    @property
    def has_settings(self) -> bool:
        """Whether a `plaincrm.toml` says that this is a vault."""
        return self._folder.files.has(NAME)

    @property
    def config(self) -> Config:
        """The vault's settings."""
        return self._folder.config

    def path_of(self, name: str) -> str:
        """The note of the one customer that a text names, as `customer` finds it.

        Raises:
            NoMatch: none or several customers do.
        """
        return self._ask(lambda index: self._find(index, name)).path

    def _see_present(self) -> None:
        """Refuse to change what was.

        Raises:
            UsageError: this is the vault as it was.
        """
        if self._folder.files.state:
            raise UsageError("What was cannot be changed.", "Open the vault as it is now.")

    def _ask(self, question: Callable[[Index], T]) -> T:
        """The answer to a question; where the index turns out to be damaged, from all notes read anew."""
        try:
            return self._answer(question, cache=self._cache)
        except IndexDamaged as error:
            self.notices.append(error.message)
            return self._answer(question, cache=False)

    def _of(self, customer: str, question: Callable[[Index, Named], T]) -> T:
        """The answer to a question about the one customer that a text names."""
        return self._ask(lambda index: question(index, self._find(index, customer)))

    def _find(self, index: Index, text: str) -> Named:
        """The one customer that a text names; whose contact person, number or address it is, a notice says."""
        from plaincrm.index.names import find_customer  # noqa: PLC0415

        found = find_customer(index, sound(text))
        if found.through:
            self.notices.append(f"{found.name} is meant: {found.through}.")
        return found

    def _answer(self, question: Callable[[Index], T], *, cache: bool) -> T:
        with open_index(self._folder, cache=cache, progress=self._progress, moving=self._moving) as index:
            if index.notice:
                self.notices.append(index.notice)
            if not index.rows("select 1 from files limit 1"):
                self.notices.append(nothing_here(self._folder))
            return question(index)

    def _past(self) -> Past:
        """What git knows of the vault.

        Raises:
            NotInGit: the vault lies in no git repository, or nothing is committed.
            GitFailed: there is no git, or it refused.
        """
        from plaincrm.history.ask import Past  # noqa: PLC0415

        return Past(self._folder, lambda: self._ask(_blobs))

    def _where(self, query: str, today: date | None) -> Condition:
        from plaincrm.index.condition import EVERY  # noqa: PLC0415

        if not query.strip():
            return EVERY
        from plaincrm.index.query import compile_query  # noqa: PLC0415

        return compile_query(sound(query), self.config, today)


def _blobs(index: Index) -> dict[str, str]:
    """The blobs of the notes by path; empty where one cannot be read."""
    return dict(index.rows("select path, blob from files"))


def sound(text: str) -> str:
    """A text without bytes that are no UTF-8, which no name and no note has as the index knows it."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


def period_of(text: str | Period, today: date | None) -> Period:
    """A period, or the one that a text names.

    Raises:
        UsageError: it names none, or one that counts from a day that is not told.
    """
    if isinstance(text, Period):
        return text
    found = parse_period(text, today or date.max)
    if found is None:
        raise UsageError(
            f"{text} is no period.", "Write 2026, 2026-Q3, 2026-03, last-year, 12m or 2026-01-01..2026-06-30."
        )
    if today is None and ".." not in text and found != parse_period(text, date(2000, 1, 1)):
        raise UsageError(f"The period {text} counts from today.", "Say which day that is: value(..., today=date(...)).")
    return found


def nothing_here(folder: Folder) -> str:
    """What to do where there are no notes at all."""
    globs = ", ".join(folder.config.records)
    if folder.config_bytes:
        remedy = "begin with plaincrm new NAME, or name others as records in plaincrm.toml"
    else:
        remedy = "plaincrm init begins a vault, and --vault DIR names another folder"
    return f"There are no notes at {globs} in {folder.root}: {remedy}."
