"""How the customers of other programs come into a vault: looked at first, then written together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.api.asking import Asking, nothing_here
from plaincrm.errors import UsageError

if TYPE_CHECKING:  # loaded when something is imported
    from plaincrm.changes.carry_out import WriteReport
    from plaincrm.changes.import_assign import ImportHow
    from plaincrm.changes.import_outcome import Outcome
    from plaincrm.changes.import_plan import ImportReport
    from plaincrm.exchange.tables import Told
    from plaincrm.records.incoming import Source


class Importing(Asking):
    """What other programs have, taken over."""

    def read_import(
        self, paths: Iterable[str | Path], told: Told | None = None, columns: Mapping[str, str] | None = None
    ) -> tuple[Source, ...]:
        """The files as they are read: which program wrote them, and what their columns mean.

        Raises:
            UsageError: one cannot be read, or holds no customers.
        """
        from plaincrm.exchange.files import read_file  # noqa: PLC0415
        from plaincrm.exchange.presets import presets_of, target_of  # noqa: PLC0415
        from plaincrm.exchange.tables import Told  # noqa: PLC0415
        from plaincrm.index.store import Unusable, user_folder  # noqa: PLC0415

        schema = self.config.schema
        targets = {header: target_of(target, schema.table) for header, target in (columns or {}).items()}
        try:
            own: Path | None = user_folder("XDG_CONFIG_HOME", ".config", "user_config_path")
        except Unusable:
            own = None
        presets = presets_of(self.root, own)
        return tuple(read_file(Path(path), schema, presets, told or Told(), targets) for path in paths)

    def import_records(
        self,
        sources: Sequence[Source],
        how: ImportHow | None = None,
        *,
        apply: bool = False,
        progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
    ) -> ImportReport:
        """Take over the records of files, all of them or none; without `apply` only tell what would become of each.

        Raises:
            WriteRefused: a note cannot be read or written.
        """
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.changes.draft import Step  # noqa: PLC0415
        from plaincrm.changes.import_assign import ImportHow, assign  # noqa: PLC0415
        from plaincrm.changes.import_plan import ImportReport, plan_import  # noqa: PLC0415
        from plaincrm.changes.import_restore import plan_restore  # noqa: PLC0415
        from plaincrm.changes.journal import Journal  # noqa: PLC0415
        from plaincrm.changes.new import Maker  # noqa: PLC0415
        from plaincrm.changes.recover import recover  # noqa: PLC0415
        from plaincrm.changes.write import Reader  # noqa: PLC0415

        wanted = how or ImportHow()
        if apply:
            self.notices.extend(recover(self.root, Journal(self.root)))  # before whoever is there is looked up
        outcomes: Sequence[Outcome] = ()

        def planned(read: Reader) -> Sequence[Step]:
            nonlocal outcomes
            if any(source.notes for source in sources):
                found = plan_restore(self._folder, sources, read, wanted, progress)
                outcomes = found.outcomes
                return found.steps
            found = self._ask(
                lambda index: plan_import(
                    assign(index, (record for source in sources for record in source.records()), wanted, progress),
                    read,
                    index.vault.config.schema,
                    Maker(index, wanted.new),
                    wanted,
                    progress,
                )
            )
            outcomes = found.outcomes
            return found.steps

        written = carry_out(
            self.root, planned, dry_run=not apply, progress=lambda done, total: progress("Writing", done, total)
        )
        nothing = nothing_here(self._folder)
        self.notices[:] = [notice for notice in self.notices if notice != nothing]  # an import is how a vault begins
        return ImportReport(tuple(sources), outcomes, written)

    def save_preset(self, name: str, source: Source) -> WriteReport:
        """Keep what the columns of a file mean, so that another one with the same columns is recognised.

        Raises:
            UsageError: the name is none, or the file has no columns.
            WriteRefused: it cannot be written.
        """
        if not source.columns:
            raise UsageError(f"{source.file} has no columns that a preset could name.", "Leave --save-preset out.")
        from plaincrm.changes.carry_out import carry_out  # noqa: PLC0415
        from plaincrm.changes.draft import Step  # noqa: PLC0415
        from plaincrm.changes.naming import stem_of  # noqa: PLC0415
        from plaincrm.changes.plan import Change  # noqa: PLC0415
        from plaincrm.exchange.presets import preset_text  # noqa: PLC0415

        path = f".plaincrm/presets/{stem_of(name)}.toml"
        mapping = {**source.columns, **dict.fromkeys((*source.ignored, *source.unmapped), "")}
        text = preset_text(name, source.of, mapping).encode()
        file = self.root / path
        old = file.is_file()

        def planned(read: Callable[[str], bytes]) -> Sequence[Step]:
            before = read(path) if old else None
            return [] if before == text else [Step(Change(path, before, text), (f"preset {name}",))]

        return carry_out(self.root, planned)
