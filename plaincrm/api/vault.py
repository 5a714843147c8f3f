"""A vault: its agenda and records, what is wrong with them, and how they are changed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plaincrm.api.asking import sound
from plaincrm.api.exporting import Exporting
from plaincrm.api.history import Histories
from plaincrm.api.importing import Importing
from plaincrm.api.lettering import Lettering
from plaincrm.api.reports import Reports
from plaincrm.api.taking_in import TakingIn
from plaincrm.api.trend import Trends
from plaincrm.errors import UsageError
from plaincrm.index.index import Index
from plaincrm.vault.vault import load_vault

if TYPE_CHECKING:  # a question's own modules are loaded when it is asked
    from plaincrm.checks.check import CheckReport
    from plaincrm.checks.diagnostic import Diagnostic
    from plaincrm.checks.rule import Severity
    from plaincrm.index.sync import Progress
    from plaincrm.records.model import Customer
    from plaincrm.reports.agenda import Agenda
    from plaincrm.reports.brief import Brief
    from plaincrm.reports.columns import ColumnListing
    from plaincrm.reports.duplicates import Duplicates
    from plaincrm.reports.fields import FieldRow
    from plaincrm.reports.listing import Listing
    from plaincrm.reports.search import Search
    from plaincrm.reports.sql import Table


class Vault(Reports, Trends, Lettering, Exporting, Importing, TakingIn, Histories):
    """A folder of customer notes. Every question is answered from the files as they are when it is asked.

    `notices` collects sentences for the user, such as that the index could not be used.
    """

    def agenda(self, today: date, *, days: int | None = None, owner: str | None = None, query: str = "") -> Agenda:
        """Whom to contact, and why: overdue, today, and within `days` (the setting's number by default).

        Raises:
            UsageError: the query is none, or nobody is called like the owner.
        """
        from plaincrm.reports.agenda import agenda  # noqa: PLC0415

        where = self._where(query, today)
        return self._ask(lambda index: agenda(index, today, days=days, owner=owner, where=where))

    def check(
        self,
        today: date | None = None,
        *,
        query: str = "",
        paths: Iterable[str | os.PathLike[str]] = (),
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        severity: Severity = "hint",
        baseline: bool = True,
    ) -> CheckReport:
        """Every fault of the notes, the register and the settings, with its place.

        Without `today` nothing is named whose finding depends on the day. `query` and `paths` (files and folders, from
        the current folder) limit the notes, `select` and `ignore` the codes; nothing less grave than `severity` is
        told. With `baseline=False` the faults that the vault's baseline knows are told, too.

        Raises:
            UsageError: the query is none, there is no such check or file, or the baseline cannot be read.
            NoMatch: the query names no customer.
        """
        from plaincrm.checks.baseline import read_baseline  # noqa: PLC0415
        from plaincrm.checks.check import Scope, check, sound_codes  # noqa: PLC0415
        from plaincrm.checks.files import files_of  # noqa: PLC0415

        known = read_baseline(self._folder.files) if baseline else {}
        codes, without = sound_codes(select), sound_codes(ignore)
        where, named = self._where(query, today) if query.strip() else None, [Path(path) for path in paths]

        def answer(index: Index) -> CheckReport:
            files = files_of(index, where, named)
            return check(index, today, Scope(codes, without, severity, files), known)

        return self._ask(answer)

    def duplicates(self, query: str = "", *, today: date | None = None, limit: int = 0) -> Duplicates:
        """Pairs of customers who may be one, the likeliest first; of each pair a query names at least one.

        Raises:
            UsageError: the query is none.
        """
        from plaincrm.reports.duplicates import duplicates  # noqa: PLC0415

        where = self._where(query, today)
        return self._ask(lambda index: duplicates(index, where, limit))

    def write_baseline(self, today: date | None = None) -> CheckReport:
        """Write plaincrm-baseline.txt, which from now on knows every fault there is; the report has them.

        Raises:
            WriteRefused: it cannot be written.
        """
        self._see_present()
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.changes.draft import Step  # noqa: PLC0415
        from plaincrm.changes.plan import Change  # noqa: PLC0415
        from plaincrm.checks.baseline import NAME as BASELINE  # noqa: PLC0415
        from plaincrm.checks.baseline import as_text  # noqa: PLC0415
        from plaincrm.document.source import Unreadable, read_bytes  # noqa: PLC0415

        report = self.check(today, baseline=False)
        try:
            old = read_bytes(self.root / BASELINE) if (self.root / BASELINE).exists() else None
        except Unreadable:
            raise UsageError(f"{BASELINE} is no plain file.", "Rename what stands there.") from None
        step = Step(Change(BASELINE, old, as_text(report.diagnostics).encode()), ("baseline written",))
        self.notices.extend(carry_out(self.root, lambda _read: [step]).notices)
        return report

    def list(self, query: str = "", *, today: date | None = None, limit: int = 0, sort: str = "") -> Listing:
        """The customers a query names, at a glance; without `today` every contact counts as past; 0 is no limit.

        They come by name, or by the columns that `sort` names: `tier,-revenue`.

        Raises:
            UsageError: the query is none, or there is no such column.
        """
        from plaincrm.reports.listing import listing  # noqa: PLC0415

        day = today or date.max
        where = self._where(query, today)
        return self._ask(lambda index: listing(index, day, where, limit, sort))

    def columns(
        self, columns: str, query: str = "", *, today: date | None = None, limit: int = 0, sort: str = ""
    ) -> ColumnListing:
        """The same with columns of one's own choice: any fields, `last_contact`, `revenue`, `customer` and `file`.

        Raises:
            UsageError: the query is none, or there is no such column.
        """
        from plaincrm.reports.columns import column_listing, columns_of  # noqa: PLC0415

        found = columns_of(self.config.schema, columns)
        day = today or date.max
        where = self._where(query, today)
        return self._ask(lambda index: column_listing(index, day, where, found, sort, limit))

    def query(self, query: str, *, today: date | None = None) -> tuple[Customer, ...]:
        """The records of the customers a query names, by name.

        Raises:
            UsageError: the query is none.
        """
        return tuple(self._load(row.file) for row in self.list(query, today=today).customers)

    def customer(self, name: str) -> Customer:
        """The record of the one customer that a text names: id, name, a unique part of either, or what reaches it.

        Raises:
            NoMatch: none or several customers do.
        """
        return self._load(self.path_of(name))

    def brief(self, name: str, today: date, *, talks: int = 3) -> Brief:
        """What to know of a customer before the next contact.

        Raises:
            NoMatch: none or several customers are called so.
        """
        from plaincrm.reports.brief import brief  # noqa: PLC0415

        return self._ask(lambda index: brief(index, self._find(index, name), today, talks))

    def search(self, words: str, *, today: date | None = None, limit: int = 20) -> Search:
        """The customers whose notes hold every word, by part and without diacritics; a limit of 0 gives all.

        Words of a query limit it (`tag:café`, `log:terrace`, `-paused`), of which some count from `today`.

        Raises:
            UsageError: the value of a limit is none, or there are too many words.
        """
        from plaincrm.reports.search import search  # noqa: PLC0415

        return self._ask(lambda index: search(index, sound(words), limit, today))

    def sql(self, query: str) -> Table:
        """The answer to one SQL query that reads; docs/index.md lists the tables.

        Raises:
            UsageError: it is no single query, or it would do more than read.
        """
        from plaincrm.reports.sql import sql  # noqa: PLC0415

        return self._ask(lambda index: sql(index, sound(query)))

    def as_of(self, when: date | str, *, hindsight: bool = False) -> Vault:
        """The vault as it was committed, to be read only: in a revision (`HEAD~3`, a branch, a tag, a commit), or by
        the last commit of the main line up to the end of a day in the vault's time zone.

        With `hindsight` it is the vault as it is, without what is dated later than the day (vault/hindsight.py).

        Raises:
            NotInGit: the vault is in no repository, or nothing is committed.
            GitFailed: there is no git, or it does not trust the repository.
            UsageError: there is no such revision, or the history begins later.
        """
        from plaincrm.api.past import committed_vault, vault_looked_back_at  # noqa: PLC0415

        if hindsight and isinstance(when, date):
            folder, told = vault_looked_back_at(self._folder, when, cache=self._cache)
        elif hindsight:
            raise UsageError("Hindsight looks back at a day, not at a revision.", "Name a day.")
        else:
            folder, told = committed_vault(self._folder, when)
        found = Vault(folder, cache=self._cache, progress=self._progress)
        found.notices += [*self.notices, told]
        return found

    def staged(self, listing: bytes) -> Vault:
        """The vault as it is staged for the next commit, to be read only.

        The listing is that of `git ls-files --stage -z`, made by whoever knows the index of that commit, as hooks do.

        Raises:
            NotInGit: the vault is in no repository.
            GitFailed: there is no git, or it does not trust the repository.
        """
        from plaincrm.api.past import staged_vault  # noqa: PLC0415

        found = Vault(staged_vault(self._folder, listing), cache=self._cache, progress=self._progress)
        found._moving = True  # what is staged next differs in few notes
        return found

    def fields(self) -> tuple[FieldRow, ...]:
        """Every field that notes of the vault may have, its own ones too."""
        from plaincrm.reports.fields import fields  # noqa: PLC0415

        return fields(self.config.schema)

    def json_schema(self) -> dict[str, Any]:
        """The same as JSON Schema (2020-12) of the front matter, for editors."""
        from plaincrm.records.json_schema import json_schema  # noqa: PLC0415

        return json_schema(self.config.schema)

    def lines_of(self, diagnostics: Iterable[Diagnostic]) -> dict[tuple[str, int], str]:
        """The text of the lines that diagnostics name, by file and number, as far as the files can be read now."""
        from plaincrm.checks.excerpt import lines_of  # noqa: PLC0415

        return lines_of(self._folder.files, diagnostics)

    def _load(self, path: str) -> Customer:
        from plaincrm.reports.brief import load_customer  # noqa: PLC0415

        return load_customer(self._folder, path)


def open_vault(path: str | os.PathLike[str] = ".", *, cache: bool = True, progress: Progress | None = None) -> Vault:
    """The vault that holds a folder: the nearest one upwards with a `plaincrm.toml`, else the folder itself.

    With `cache=False` no index is written; every question then reads all notes. `progress` is called with the
    number of files read and to be read.

    Raises:
        VaultError: there is no such folder, or its settings cannot be read.
    """
    return Vault(load_vault(Path(path)), cache=cache, progress=progress)
