"""Our own export taken back: each line a note that comes to stand where it stood, with what it said."""

from __future__ import annotations

from collections.abc import Iterable

from plaincrm.changes.import_assign import ImportHow, Progress
from plaincrm.changes.import_outcome import Outcome, spooled_outcomes
from plaincrm.changes.import_plan import Planned
from plaincrm.changes.journal import packed_step, unpacked_step
from plaincrm.changes.restore import note_of
from plaincrm.changes.sequences import Spool
from plaincrm.changes.write import Reader
from plaincrm.errors import UsageError
from plaincrm.records.incoming import Source
from plaincrm.vault.vault import Vault


def plan_restore(vault: Vault, sources: Iterable[Source], read: Reader, how: ImportHow, progress: Progress) -> Planned:
    """The notes of exports. A line that is no customer, or whose place is taken, is told as rejected.

    Raises:
        UsageError: a file is none of ours, or something else is wished of the notes than to be as they were.
    """
    steps, outcomes = Spool(packed_step, unpacked_step), spooled_outcomes()
    if how.fields or how.keep or how.decided or how.new.folder or how.new.language:
        remedy = "Leave --set, --keep, --is, --in and --language out, and change the notes afterwards."
        raise UsageError("Notes of an export of plaincrm come back as they were.", remedy)
    for source in sources:
        if source.notes is None:
            remedy = "Import one after the other."
            raise UsageError(f"{source.file} is none of plaincrm's own exports, and others are.", remedy)
        for number, line in source.notes():
            progress("Reading", number, 0)
            place = (f"{source.file}:{number}",)
            try:
                found = note_of(vault, line, read)
            except UsageError as error:
                outcomes.append(Outcome("rejected", "", place, why=error.message.removesuffix(".")))
                continue
            outcomes.append(Outcome("new" if found.step else "same", found.name, place, found.path))
            if found.step:
                steps.append(found.step)
    return Planned(steps, outcomes)
