"""The Python API: open a vault, ask it, mend it. Nothing here prints, and nothing reads the clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from plaincrm.dates import Period, parse_period
from plaincrm.errors import IndexDamaged, UsageError
from plaincrm.index.index import Index, open_index
from plaincrm.vault.config import NAME
from plaincrm.vault.vault import Vault as Folder
from plaincrm.vault.vault import load_vault

if TYPE_CHECKING:  # a question's own modules are loaded when it is asked
    from plaincrm.changes.carry_out import WriteReport
    from plaincrm.changes.customer import CustomerChange, Given
    from plaincrm.changes.fix import FixPlan, FixReport
    from plaincrm.changes.new import NewNote
    from plaincrm.checks.check import CheckReport
    from plaincrm.checks.diagnostic import Diagnostic
    from plaincrm.checks.rule import Severity
    from plaincrm.index.condition import Condition
    from plaincrm.index.sync import Progress
    from plaincrm.records.model import Customer
    from plaincrm.reports.agenda import Agenda
    from plaincrm.reports.brief import Brief
    from plaincrm.reports.columns import ColumnListing
    from plaincrm.reports.fields import FieldRow
    from plaincrm.reports.listing import Listing
    from plaincrm.reports.promises import By as PromisesBy
    from plaincrm.reports.promises import PromisesReport
    from plaincrm.reports.response import By as ResponseBy
    from plaincrm.reports.response import ResponseReport
    from plaincrm.reports.search import Search
    from plaincrm.reports.sql import Table
    from plaincrm.reports.value import ValueReport
    from plaincrm.vault.config import Config

T = TypeVar("T")


class Vault:
    """A folder of customer notes. Every question is answered from the files as they are when it is asked.

    `notices` collects sentences for the user, such as that the index could not be used.
    """

    def __init__(self, folder: Folder, *, cache: bool = True, progress: Progress | None = None) -> None:
        self._folder = folder
        self._cache = cache
        self._progress = progress
        self.notices: list[str] = []

    @property
    def root(self) -> Path:
        """The vault's folder."""
        return self._folder.root

    @property
    def has_settings(self) -> bool:
        """Whether a `plaincrm.toml` says that this is a vault."""
        return (self.root / NAME).is_file()

    @property
    def config(self) -> Config:
        """The vault's settings."""
        return self._folder.config

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

        known = read_baseline(self.root) if baseline else {}
        codes, without = sound_codes(select), sound_codes(ignore)
        where, named = self._where(query, today) if query.strip() else None, [Path(path) for path in paths]

        def answer(index: Index) -> CheckReport:
            files = files_of(index, where, named)
            return check(index, today, Scope(codes, without, severity, files), known)

        return self._ask(answer)

    def write_baseline(self, today: date | None = None) -> CheckReport:
        """Write plaincrm-baseline.txt, which from now on knows every fault there is; the report has them.

        Raises:
            WriteRefused: it cannot be written.
        """
        from plaincrm.changes.plan import Change  # noqa: PLC0415
        from plaincrm.changes.write import write  # noqa: PLC0415
        from plaincrm.checks.baseline import NAME as BASELINE  # noqa: PLC0415
        from plaincrm.checks.baseline import as_text  # noqa: PLC0415
        from plaincrm.document.source import Unreadable, read_bytes  # noqa: PLC0415

        report = self.check(today, baseline=False)
        try:
            old = read_bytes(self.root / BASELINE) if (self.root / BASELINE).exists() else None
        except Unreadable:
            raise UsageError(f"{BASELINE} is no plain file.", "Rename what stands there.") from None
        write(self.root, [Change(BASELINE, old, as_text(report.diagnostics).encode())])
        return report

    def fix(
        self,
        today: date | None = None,
        *,
        query: str = "",
        paths: Iterable[str | os.PathLike[str]] = (),
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        dry_run: bool = False,
    ) -> FixReport:
        """Mend the faults whose remedy is certain and loses nothing; with `dry_run` only tell what would be done.

        The arguments are those of `check`. A note that cannot be written is told among the `refused`.

        Raises:
            UsageError: the query is none, there is no such check or file, or the baseline cannot be read.
            NoMatch: the query names no customer.
        """
        from dataclasses import replace  # noqa: PLC0415

        from plaincrm.changes.fix import carry_out, plan_fixes  # noqa: PLC0415
        from plaincrm.checks.baseline import read_baseline  # noqa: PLC0415
        from plaincrm.checks.check import Scope, check, sound_codes  # noqa: PLC0415
        from plaincrm.checks.files import files_of  # noqa: PLC0415

        known, codes, without = read_baseline(self.root), sound_codes(select), sound_codes(ignore)
        where, named = self._where(query, today) if query.strip() else None, [Path(path) for path in paths]

        def planned(index: Index) -> tuple[Scope, FixPlan]:
            scope = Scope(codes, without, files=files_of(index, where, named))
            return scope, plan_fixes(self._folder, check(index, today, scope), scope, known)

        scope, found = self._ask(planned)
        if dry_run or not found.changes:
            return replace(found.report, dry_run=dry_run)
        report = carry_out(self._folder, scope, found)
        left = self._ask(lambda index: check(index, today, scope, known))  # of the same notes, whatever is asked for
        return replace(report, left=len(left.diagnostics))

    @contextmanager
    def change(self, name: str) -> Iterator[CustomerChange]:
        """Change the note of one customer: several edits, all of them written when the block ends, or none.

        Where somebody saves the note meanwhile, the edits are made anew on what they saved.
        `with vault.change("aurinko") as change: change.set(next="2026-12-01")`.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: there is no such field, or a value is none of it.
            WriteRefused: the note is in no state to be edited, or cannot be written.
        """
        from plaincrm.changes.customer import Recording  # noqa: PLC0415
        from plaincrm.document.source import read_bytes  # noqa: PLC0415
        from plaincrm.index.paths import disk_path  # noqa: PLC0415

        path = self.path_of(name)
        recording = Recording(path, read_bytes(self.root / disk_path(path)), self.config.schema)
        yield recording
        self.change_each([path], recording.repeat)

    def change_each(
        self, paths: Iterable[str], edit: Callable[[CustomerChange], None], *, dry_run: bool = False
    ) -> WriteReport:
        """Make the same edits in the notes of these paths; all of them are written, or none.

        Raises:
            UsageError: there is no such field, or a value is none of it.
            WriteRefused: a note is in no state to be edited, or cannot be written.
        """
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.changes.customer import CustomerChange  # noqa: PLC0415
        from plaincrm.changes.draft import Step  # noqa: PLC0415
        from plaincrm.changes.write import Reader  # noqa: PLC0415

        named = list(dict.fromkeys(paths))

        def planned(read: Reader) -> list[Step]:
            changes = [CustomerChange(path, read(path), self.config.schema) for path in named]
            for change in changes:
                edit(change)
            return [step for change in changes if (step := change.step)]

        return carry_out(self.root, planned, dry_run=dry_run)

    def new(self, name: str, how: NewNote | None = None, /, **fields: Given | Iterable[Given]) -> WriteReport:
        """Write the note of a new customer: `vault.new("Acme Oy", type="company", tags=["café"])`.

        It begins as one of the vault's templates, or as the built-in one; `how` says where, like whom, and so on.

        Raises:
            UsageError: the name is none, there is no such field, a value is none of it, or the template is not sound.
            NoMatch: none or several customers are called as the one whom it is to be like.
            SeemsKnown: the customer seems to be there already, and `how` does not say that it is known.
            WriteRefused: the note cannot be written.
        """
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.changes.customer import texts_of  # noqa: PLC0415
        from plaincrm.changes.new import NewNote, new_note  # noqa: PLC0415

        wanted, asked = how or NewNote(), {key: texts_of(value) for key, value in fields.items()}
        step = self._ask(lambda index: new_note(index, name, asked, wanted))
        nothing = _nothing_here(self._folder)
        if nothing in self.notices:
            self.notices.remove(nothing)
            self.notices.append(f"There were no notes in {self.root}: this is the first one.")
        return carry_out(self.root, lambda _read: [step], dry_run=wanted.dry_run)

    def rename(
        self, name: str, new_name: str, *, file: str = "", keep_file: bool = False, dry_run: bool = False
    ) -> WriteReport:
        """Call a customer otherwise: the name, the file, every link to it in the vault; the old name becomes an alias.

        The file is named after the new name, or as `file` says; with `keep_file` it stays, and so do the links. All
        notes are written, or none.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: the new name is none, or no file can be called so.
            WriteRefused: a note is in no state to be edited, or cannot be written.
        """
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.changes.rename import rename, renaming  # noqa: PLC0415
        from plaincrm.index.names import find_customer  # noqa: PLC0415

        what = self._ask(
            lambda index: renaming(index, find_customer(index, _sound(name)), new_name, file=file, keep_file=keep_file)
        )
        return carry_out(self.root, lambda read: rename(what, read, self.config.schema), dry_run=dry_run)

    def path_of(self, name: str) -> str:
        """The note of the one customer that a text names, as `customer` finds it.

        Raises:
            NoMatch: none or several customers do.
        """
        from plaincrm.index.names import find_customer  # noqa: PLC0415

        return self._ask(lambda index: find_customer(index, _sound(name))).path

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
        """The record of the one customer that a text names: its id, its name, or a unique part of either.

        Raises:
            NoMatch: none or several customers do.
        """
        return self._load(self.path_of(name))

    def brief(self, name: str, today: date, *, talks: int = 3) -> Brief:
        """What to know of a customer before the next contact.

        Raises:
            NoMatch: none or several customers are called so.
        """
        from plaincrm.index.names import find_customer  # noqa: PLC0415
        from plaincrm.reports.brief import brief  # noqa: PLC0415

        return self._ask(lambda index: brief(index, find_customer(index, _sound(name)), today, talks))

    def value(
        self, period: str | Period = "..", *, today: date | None = None, query: str = "", limit: int = 0
    ) -> ValueReport:
        """What customers brought in a period (`2026`, `2026-Q3`, `12m`, `A..B`, …), both ends included.

        `today` is needed for periods that count from it, and ends those that are open. With a `limit` only so many
        customers are told one by one; the sums count all.

        Raises:
            UsageError: the period or the query is none.
        """
        from plaincrm.reports.value import value  # noqa: PLC0415

        found = _period(period, today) if isinstance(period, str) else period
        day = today or found.end
        where = self._where(query, today)
        return self._ask(lambda index: value(index, day, found, where, limit))

    def response(
        self, period: str | Period, today: date, *, query: str = "", by: ResponseBy = "tier"
    ) -> ResponseReport:
        """How soon messages and missed calls of a period were answered, in working time, against what is promised.

        Those without an answer are judged at the end of `today`.

        Raises:
            UsageError: the period or the query is none, or the settings leave no working time.
        """
        from plaincrm.reports.response import response  # noqa: PLC0415

        found = _period(period, today) if isinstance(period, str) else period
        where = self._where(query, today)
        return self._ask(lambda index: response(index, today, found, where, by))

    def promises(
        self,
        period: str | Period,
        today: date,
        *,
        query: str = "",
        by: PromisesBy = "owner",
        owner: str | None = None,
    ) -> PromisesReport:
        """Whether promises that fell due in a period were kept, by us and by them, and which are open today.

        Raises:
            UsageError: the period or the query is none, or nobody is called like the owner.
        """
        from plaincrm.reports.promises import promises  # noqa: PLC0415

        found = _period(period, today) if isinstance(period, str) else period
        where = self._where(query, today)
        return self._ask(lambda index: promises(index, today, found, where, by, owner))

    def search(self, words: str, *, today: date | None = None, limit: int = 20) -> Search:
        """The customers whose notes hold every word, by part and without diacritics; a limit of 0 gives all.

        Words of a query limit it (`tag:café`, `log:terrace`, `-paused`), of which some count from `today`.

        Raises:
            UsageError: the value of a limit is none, or there are too many words.
        """
        from plaincrm.reports.search import search  # noqa: PLC0415

        return self._ask(lambda index: search(index, _sound(words), limit, today))

    def sql(self, query: str) -> Table:
        """The answer to one SQL query that reads; docs/index.md lists the tables.

        Raises:
            UsageError: it is no single query, or it would do more than read.
        """
        from plaincrm.reports.sql import sql  # noqa: PLC0415

        return self._ask(lambda index: sql(index, _sound(query)))

    def fields(self) -> tuple[FieldRow, ...]:
        """Every field that notes of the vault may have, its own ones too."""
        from plaincrm.reports.fields import fields  # noqa: PLC0415

        return fields(self.config.schema)

    def lines_of(self, diagnostics: Iterable[Diagnostic]) -> dict[tuple[str, int], str]:
        """The text of the lines that diagnostics name, by file and number, as far as the files can be read now."""
        from plaincrm.checks.excerpt import lines_of  # noqa: PLC0415

        return lines_of(self.root, diagnostics)

    def _ask(self, question: Callable[[Index], T]) -> T:
        """The answer to a question; where the index turns out to be damaged, from all notes read anew."""
        try:
            return self._answer(question, cache=self._cache)
        except IndexDamaged as error:
            self.notices.append(error.message)
            return self._answer(question, cache=False)

    def _answer(self, question: Callable[[Index], T], *, cache: bool) -> T:
        with open_index(self._folder, cache=cache, progress=self._progress) as index:
            if index.notice:
                self.notices.append(index.notice)
            if not index.rows("select 1 from files limit 1"):
                self.notices.append(_nothing_here(self._folder))
            return question(index)

    def _where(self, query: str, today: date | None) -> Condition:
        from plaincrm.index.condition import EVERY  # noqa: PLC0415

        if not query.strip():
            return EVERY
        from plaincrm.index.query import compile_query  # noqa: PLC0415

        return compile_query(_sound(query), self.config, today)

    def _load(self, path: str) -> Customer:
        from plaincrm.reports.brief import load_customer  # noqa: PLC0415

        return load_customer(self._folder, path)


def _sound(text: str) -> str:
    """A text without bytes that are no UTF-8, which no name and no note has as the index knows it."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


def _period(text: str, today: date | None) -> Period:
    found = parse_period(text, today or date.max)
    if found is None:
        raise UsageError(
            f"{text} is no period.", "Write 2026, 2026-Q3, 2026-03, last-year, 12m or 2026-01-01..2026-06-30."
        )
    if today is None and ".." not in text and found != parse_period(text, date(2000, 1, 1)):
        raise UsageError(f"The period {text} counts from today.", "Say which day that is: value(..., today=date(...)).")
    return found


def _nothing_here(folder: Folder) -> str:
    """What to do where there are no notes at all."""
    globs = ", ".join(folder.config.records)
    settings = "name others as records in plaincrm.toml" if folder.config_bytes else "name another folder with --vault"
    return f"There are no notes at {globs} in {folder.root}: write one, or {settings}."


def open_vault(path: str | os.PathLike[str] = ".", *, cache: bool = True, progress: Progress | None = None) -> Vault:
    """The vault that holds a folder: the nearest one upwards with a `plaincrm.toml`, else the folder itself.

    With `cache=False` no index is written; every question then reads all notes. `progress` is called with the
    number of files read and to be read.

    Raises:
        VaultError: there is no such folder, or its settings cannot be read.
    """
    return Vault(load_vault(Path(path)), cache=cache, progress=progress)
