"""How notes are written: mended, changed, made, renamed, and all of it taken back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from plaincrm.api.asking import Asking, nothing_here, sound
from plaincrm.errors import UsageError
from plaincrm.index.index import Index

if TYPE_CHECKING:  # what writes is loaded when something is written
    from plaincrm.changes.carry_out import WriteReport, Written
    from plaincrm.changes.conflicts import Conflict
    from plaincrm.changes.customer import CustomerChange, Given
    from plaincrm.changes.fix import FixPlan, FixReport, Mended
    from plaincrm.changes.journal import Entry
    from plaincrm.changes.merge import Base, MergeReport, Merging
    from plaincrm.changes.new import NewNote
    from plaincrm.changes.write import Reader
    from plaincrm.records.model import Customer


class Editing(Asking):
    """What is written into a vault."""

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
        self._see_present()
        from dataclasses import replace  # noqa: PLC0415

        from plaincrm.changes.fix import carry_out, plan_fixes  # noqa: PLC0415
        from plaincrm.changes.journal import Journal  # noqa: PLC0415
        from plaincrm.changes.recover import recover  # noqa: PLC0415
        from plaincrm.checks.baseline import read_baseline  # noqa: PLC0415
        from plaincrm.checks.check import Scope, check, sound_codes  # noqa: PLC0415
        from plaincrm.checks.files import files_of  # noqa: PLC0415

        if not dry_run:
            self.notices.extend(recover(self.root, Journal(self.root)))
        known, codes, without = read_baseline(self._folder.files), sound_codes(select), sound_codes(ignore)
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
    def change(self, name: str, *, force: bool = False) -> Iterator[CustomerChange]:
        """Change the note of one customer: several edits, all of them written when the block ends, or none.

        Where somebody saves the note meanwhile, the edits are made anew on what they saved. With `force` it may get the
        business id of another customer, or lead in a circle.
        `with vault.change("aurinko") as change: change.set(next="2026-12-01")`.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: there is no such field, or a value is none of it.
            WriteRefused: the note is in no state to be edited, or cannot be written.
        """
        self._see_present()
        from plaincrm.changes.customer import Recording  # noqa: PLC0415
        from plaincrm.document.source import read_bytes  # noqa: PLC0415
        from plaincrm.index.paths import disk_path  # noqa: PLC0415

        path = self.path_of(name)
        data = read_bytes(self.root / disk_path(path))
        recording = Recording(path, data, self.config.schema, self._usual_language)
        yield recording
        self.notices.extend(self.change_each([path], recording.repeat, force=force).notices)

    def change_each(
        self,
        paths: Iterable[str],
        edit: Callable[[CustomerChange], None],
        *,
        force: bool = False,
        dry_run: bool = False,
    ) -> WriteReport:
        """Make the same edits in the notes of these paths; all of them are written, or none.

        A relation to a customer that is not there yet is told in `notices`. What would give one another's business id,
        or lead in a circle, is refused without `force`.

        Raises:
            UsageError: there is no such field, or a value is none of it.
            WriteRefused: a note is in no state to be edited, or cannot be written.
        """
        self._see_present()
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.changes.customer import CustomerChange  # noqa: PLC0415
        from plaincrm.changes.draft import Step  # noqa: PLC0415
        from plaincrm.changes.register import see_apart  # noqa: PLC0415

        named = list(dict.fromkeys(paths))

        def planned(read: Reader) -> list[Step]:
            changes = [CustomerChange(path, read(path), self.config.schema, self._usual_language) for path in named]
            for change in changes:
                edit(change)
                self._see_register(*change.records, force=force)
            if not force:
                see_apart((change.records for change in changes), self.config.schema)
            return [step for change in changes if (step := change.step)]

        return carry_out(self.root, planned, dry_run=dry_run)

    def _see_register(self, before: Customer, after: Customer, *, force: bool) -> None:
        from plaincrm.changes.register import says_the_same, see_register, to_nobody  # noqa: PLC0415

        if says_the_same(before, after):
            return
        if not force:
            self._ask(lambda index: see_register(index, before, after, self.config.schema))
        self.notices.extend(self._ask(lambda index: to_nobody(index, before, after)))

    def _usual_language(self) -> str:
        from plaincrm.changes.new import usual_language  # noqa: PLC0415 (for notes that tell none)

        return self._ask(usual_language)

    def new(self, name: str, how: NewNote | None = None, /, **fields: Given | Iterable[Given]) -> WriteReport:
        """Write the note of a new customer: `vault.new("Acme Oy", type="company", tags=["café"])`.

        It begins as one of the vault's templates, or as the built-in one; `how` says where, like whom, and so on.

        Raises:
            UsageError: the name is none, there is no such field, a value is none of it, or the template is not sound.
            NoMatch: none or several customers are called as the one whom it is to be like.
            SeemsKnown: the customer seems to be there already, and `how` does not say that it is known.
            WriteRefused: the note cannot be written.
        """
        self._see_present()
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.changes.customer import texts_of  # noqa: PLC0415
        from plaincrm.changes.new import NewNote, new_note  # noqa: PLC0415
        from plaincrm.changes.parts import reading  # noqa: PLC0415

        wanted, asked = how or NewNote(), {key: texts_of(value) for key, value in fields.items()}
        step = self._ask(lambda index: new_note(index, name, asked, wanted))
        made = reading(step.change.path, step.change.new or b"", self.config.schema).record.customer
        self._see_register(replace(made, fields={}), made, force=True)  # who has its ids is told above
        nothing = nothing_here(self._folder)
        if nothing in self.notices:
            self.notices.remove(nothing)
            self.notices.append(f"There were no notes in {self.root}: this is the first one.")
        return carry_out(self.root, lambda _read: [step], dry_run=wanted.dry_run)

    def rename(
        self,
        name: str,
        new_name: str,
        *,
        file: str = "",
        keep_file: bool = False,
        known: bool = False,
        dry_run: bool = False,
    ) -> WriteReport:
        """Call a customer otherwise: the name, the file, every link to it in the vault; the old name becomes an alias.

        Links are wikilinks, Markdown links and those of canvases. The baseline of known faults goes along; lines of
        the settings that name the customer are told in `notices`.

        The file is named after the new name, or as `file` says; with `keep_file` it stays, and so do the links. All
        notes are written, or none.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: the new name is none, or no file can be called so.
            SeemsKnown: another customer is called so, and `known` does not say that it is known.
            WriteRefused: a note is in no state to be edited, or cannot be written.
        """
        self._see_present()
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.changes.rename import named_in_settings, rename, renaming  # noqa: PLC0415

        what = self._ask(
            lambda index: renaming(
                index, self._find(index, name), new_name, file=file, keep_file=keep_file, known=known
            )
        )
        told = named_in_settings(self.root, what.move)
        report = carry_out(self.root, lambda read: rename(what, read, self.config.schema), dry_run=dry_run)
        self.notices.extend(told)
        return report

    def merge(
        self, a: str, b: str, *, take: Mapping[str, Literal["a", "b"]] | None = None, dry_run: bool = False
    ) -> MergeReport:
        """Make one note of two: A stays, with all that B said, links to B lead to A, and B's file is removed.

        Each is named as a customer or by the path of its note, B also by that of a copy which a sync program made.
        `take` says of fields with one value whose is kept where both have one: A's, unless it says b; the other value
        goes into the text. A copy is merged three ways, where git has the version that both came from, the two have not
        changed the same, and there is nothing to `take`. All notes are written, or none.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: both are one note, the notes say that they are two, or there is nothing to `take`.
            WriteRefused: a note is in no state to be merged or cannot be written, or something would be lost.
        """
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.changes.draft import Step  # noqa: PLC0415
        from plaincrm.changes.merge import Merged, MergeReport, merge, merge_with_base, merging  # noqa: PLC0415
        from plaincrm.changes.rename import named_in_settings  # noqa: PLC0415

        what = self._ask(lambda index: merging(index, sound(a), sound(b)))
        schema = self.config.schema
        merged: list[tuple[Merged, Base | None]] = []

        def planned(read: Reader) -> Sequence[Step]:
            base, data = self._with_base(what, read) if what.copy and not take else (None, None)
            told = f"merged three ways with the version of {base.day} ({base.commit[:8]})" if base else ""
            whole = base is not None and data is not None
            found = merge_with_base(what, read, schema, data or b"", told) if whole else None
            merged.append((found or merge(what, read, schema, dict(take or {})), base))
            return merged[-1][0].steps

        told = named_in_settings(self.root, what.move)
        report = carry_out(self.root, planned, dry_run=dry_run)
        self.notices.extend(told)
        found, base = merged[-1]
        return MergeReport(what.a, what.b, found.choices, found.log, what.linking, report, base)

    def _with_base(self, what: Merging, read: Reader) -> tuple[Base | None, bytes | None]:
        """The committed version that a note and its copy came from, and what both come to with it, if all is sure."""
        from plaincrm.changes.merge import Base  # noqa: PLC0415
        from plaincrm.history.ancestor import merged  # noqa: PLC0415
        from plaincrm.history.git import GitFailed  # noqa: PLC0415
        from plaincrm.history.repository import NotInGit  # noqa: PLC0415

        path, ours, theirs = what.a.path, read(what.a.path), read(what.b.path)
        if ours == theirs:
            return None, None
        try:
            found = self._past().ancestor(path, ours, theirs)
        except (NotInGit, GitFailed):
            return None, None
        if found is None:
            return None, None
        data = merged(found.data, ours, theirs, path, self.config.schema)
        return Base(found.commit, found.when.date(), data is not None), data

    def not_same(self, one: str, other: str, *, dry_run: bool = False) -> WriteReport:
        """Say in the notes of two customers that they are two, so that no question takes one for the other again.

        Raises:
            NoMatch: none or several customers are called so.
            UsageError: both names mean one customer.
            WriteRefused: a note is in no state to be edited, or cannot be written.
        """
        first, second = self.path_of(one), self.path_of(other)
        if first == second:
            raise UsageError(f"{one} and {other} are one note: {first}.", "Name two customers.")
        other_than = {first: Path(second).stem, second: Path(first).stem}
        return self.change_each(
            [first, second], lambda change: change.add("not_same", f"[[{other_than[change.path]}]]"), dry_run=dry_run
        )

    def conflicts(self, name: str = "") -> tuple[Conflict, ...]:
        """The conflicts that a merge left in the notes, or in that of one customer, by files and lines.

        Raises:
            NoMatch: none or several customers are called so.
        """
        from plaincrm.changes.conflicts import conflicts  # noqa: PLC0415
        from plaincrm.document.source import read_bytes  # noqa: PLC0415
        from plaincrm.index.paths import disk_path  # noqa: PLC0415

        asked = "select distinct path from diagnostics join files using (file) where code = 'unresolved-merge'"
        paths = [self.path_of(name)] if name else sorted(path for (path,) in self._ask(lambda index: index.rows(asked)))
        read = ((path, read_bytes(self.root / disk_path(path))) for path in paths)
        return tuple(found for path, data in read for found in conflicts(path, data, self.config.schema))

    def resolve(
        self, paths: Iterable[str], decide: Callable[[Conflict], str | None], *, dry_run: bool = False
    ) -> WriteReport:
        """Put lines in the place of conflicts: those that `decide` gives, None leaves one. All is written, or nothing.

        Raises:
            WriteRefused: a note cannot be written.
        """
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.changes.conflicts import decided  # noqa: PLC0415

        named, schema = list(paths), self.config.schema
        return carry_out(
            self.root,
            lambda read: [step for path in named for step in decided(path, read(path), schema, decide)],
            dry_run=dry_run,
        )

    def verify(self, checklist: str, today: date, *, dry_run: bool = False) -> WriteReport:
        """Set `verified` to today in the notes that a checklist of `sample` has ticked; all are written, or none.

        Raises:
            UsageError: the text is no such checklist.
            NoMatch: it names a customer that there is not.
            WriteRefused: a note is in no state to be edited, or cannot be written.
        """
        from plaincrm.reports.sample import read_checklist  # noqa: PLC0415

        paths = [self.path_of(customer) for customer in read_checklist(checklist).right]
        return self.change_each(paths, lambda change: change.set(verified=today), dry_run=dry_run)

    def restore(self, lines: Iterable[str], *, dry_run: bool = False) -> WriteReport:
        """Write the notes of the customers that `export` has written as JSON Lines; all of them are written, or none.

        Raises:
            UsageError: a line is no such customer, or a note stands in its place that says something else.
            WriteRefused: a note cannot be written.
        """
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.changes.restore import restored  # noqa: PLC0415

        told = list(lines)
        return carry_out(self.root, lambda read: list(restored(self._folder, told, read)), dry_run=dry_run)

    def undo(self, number: int | None = None, *, dry_run: bool = False) -> WriteReport:
        """Take back what a command wrote, by its number in the `journal`; without one, what the last command wrote.

        All its files get the text back that they had, or none does. An undo can be undone.

        Raises:
            NoMatch: there is no such command.
            ChangedSince: a file was changed since the command wrote it.
            WriteRefused: a file cannot be written.
        """
        self._see_present()
        from plaincrm.changes.carry_out import WriteReport, carry_out  # noqa: PLC0415
        from plaincrm.changes.journal import Journal  # noqa: PLC0415
        from plaincrm.changes.recover import recover  # noqa: PLC0415
        from plaincrm.changes.undo import undone  # noqa: PLC0415

        journal = Journal(self.root)
        if number is None and not dry_run and (told := recover(self.root, journal)):
            return WriteReport((), dry_run, tuple(told))  # that was the last command
        return carry_out(self.root, lambda read: undone(self.root, journal, number, read), dry_run=dry_run)

    def journal(self) -> Iterator[Entry]:
        """What commands wrote into the vault within 30 days, the latest first, with the texts before and after."""
        from plaincrm.changes.journal import Journal  # noqa: PLC0415

        return Journal(self.root).entries()

    def commit(self, files: Sequence[Written | Mended], *, trusted: bool = True) -> str:
        """Commit what a command wrote, the `files` of its report, with git: the first line of the commit's message.

        It is empty where the last commit has these files so already, as after an undo of what was not committed.

        Without `trusted` nothing is run that the repository names: no hook, no filter, no signing.

        Raises:
            NotCommitted: there is no repository, git refused, or lines that others wrote would be swept in.
        """
        from plaincrm.history.commit import Touched, commit  # noqa: PLC0415
        from plaincrm.render.commit import message  # noqa: PLC0415

        known = dict(
            self._ask(lambda index: index.rows("select path, customer from customers join files using (file)"))
        )
        gone = {item.file: Path(item.file).stem for item in files if item.new is None and item.file.endswith(".md")}
        ids = [name for item in files if (name := known.get(item.file) or gone.get(item.file))]
        text = message(files, ids)
        touched = [Touched(item.file, _encoded(item.old), _encoded(item.new)) for item in files]
        return text.partition("\n")[0] if commit(self.root, touched, text, trusted=trusted) else ""


def _encoded(text: str | None) -> bytes | None:
    """The bytes of a text as `Source` decodes them."""
    return None if text is None else text.encode("utf-8", "surrogateescape")
