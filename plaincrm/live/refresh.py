"""Generated notes made fresh: ticks carried to their promises where that is asked, then what differs written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from plaincrm.api import Vault
from plaincrm.changes.carry_out import WriteReport, carry_out, written
from plaincrm.changes.plan import Change
from plaincrm.changes.start import SCHEMA_FILE
from plaincrm.changes.write import write, write_each
from plaincrm.document.source import read_bytes
from plaincrm.errors import WriteRefused
from plaincrm.live.notes import Answer, Plan, notes_of, plan, ticks_in
from plaincrm.live.ticks import Pulled, pull
from plaincrm.records.json_schema import json_schema
from plaincrm.render.generated import Refreshed, Refused
from plaincrm.vault.obsidian import as_json
from plaincrm.vault.vault import Vault as Folder
from plaincrm.vault.vault import load_vault


def refresh(
    vault: Vault,
    answer: Answer,
    today: date,
    names: Iterable[str] = (),
    *,
    pulling: bool = False,
    dry_run: bool = False,
    kept: bool = True,
) -> Refreshed:
    """Make the notes fresh that the settings name, or those of them with some names.

    What is written is kept in the journal like that of every command; with `kept=False` it is not, so that an undo
    takes back what people did and not what a watch made of it.

    Raises:
        UsageError: a name is none of them.
        WriteRefused: a note cannot be written.
    """
    folder = load_vault(vault.root)
    notes = notes_of(folder, today, names)
    pulled = Pulled(_none(dry_run), ())
    left: tuple[Refused, ...] = ()
    ticks = list(ticks_in(folder, notes)) if pulling else []
    if ticks:
        try:
            pulled = pull(vault, ticks, today, dry_run=dry_run)
        except WriteRefused as refusal:  # then the ticks stay where they are
            ticks, left = [], (Refused(refusal.file, 0, refusal.why, refusal.remedy),)
    found = plan(folder, notes, answer, ticks)
    if kept or dry_run:
        report = carry_out(vault.root, lambda _read: found.steps, dry_run=dry_run) if found.steps else _none(dry_run)
        refused = found.refused
    else:
        report, refused = _write_each(vault, found)
    unclear = tuple(Refused(one.tick.file, one.tick.line, f"{one.why}: {one.tick.text}", "") for one in pulled.unclear)
    return Refreshed(report, pulled.report, found.fresh, (*left, *refused), unclear)


def renew_schema(vault: Folder) -> None:
    """Let the JSON Schema that `init` made for editors say what the settings say now; where there is none, it stays so.

    Raises:
        WriteRefused: it cannot be written.
    """
    path = vault.root / SCHEMA_FILE
    if path.is_file():
        old, new = read_bytes(path), as_json(json_schema(vault.config.schema)).encode()
        if old != new:
            write(vault.root, [Change(SCHEMA_FILE, old, new)])


def _none(dry_run: bool) -> WriteReport:
    return WriteReport((), dry_run)


def _write_each(vault: Vault, found: Plan) -> tuple[WriteReport, tuple[Refused, ...]]:
    """Write notes that have nothing to do with each other; those that somebody saves just now come next time."""
    refusals: list[WriteRefused | None] = list(write_each(vault.root, [step.change for step in found.steps]))
    pairs = list(zip(found.steps, refusals, strict=True))
    report = WriteReport(tuple(written(step) for step, refusal in pairs if refusal is None), dry_run=False)
    left = [Refused(one.file, 0, one.why, one.remedy) for one in refusals if one is not None]
    return report, (*found.refused, *left)
