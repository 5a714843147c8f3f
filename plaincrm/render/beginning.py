"""A vault that was made: what was written, what was there, what the notes look like, and what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from plaincrm.changes.start import Begun
from plaincrm.render.lines import BLANK, Column, Line, Piece, line, table
from plaincrm.vault.adoption import Adoption

FIELDS = ("file", "state", "what")
_KEYS = 20  # keys told one by one


def rows(begun: Begun) -> Iterator[tuple[str, str, str]]:
    """One row a file: made, changed, or kept as it was."""
    for item in begun.report.files:
        yield item.file, "made" if item.old is None else "changed", "; ".join(item.what)
    for file, why in begun.beginning.kept:
        yield file, "kept", why


def data(begun: Begun) -> dict[str, Any]:
    """The same as JSON has it, with what the notes look like where that was asked."""
    found = begun.beginning.found
    notes = found and {
        "notes": found.notes,
        "unread": found.unread,
        "records": found.records,
        "folders": found.folders,
        "keys": found.keys,
    }
    files = [dict(zip(FIELDS, row, strict=True)) for row in rows(begun)]
    return {"dry_run": begun.report.dry_run, "files": files, "notes": notes}


def text(begun: Begun, width: int, folder: str) -> Iterator[Line]:
    """What people read: what was found, what was done, and the next commands."""
    found, dry_run = begun.beginning.found, begun.report.dry_run
    if found is not None:
        yield from _found(found, width)
    made = [row for row in rows(begun) if row[1] != "kept"]
    if made:
        verb = "Would make" if dry_run else "Made"
        yield line(Piece(f"{verb} in {begun.root.name}:", "bold"))
        yield from list(
            table((Column(""), Column("", least=20)), [(f"  {file}", what) for file, _, what in made], width)
        )[1:]
    elif found is None or found.records:
        yield line("Nothing to make: all of it is there already.")
    for key in begun.beginning.unused:
        yield line(Piece(f"plaincrm.toml is there already: set {key} in it yourself.", "yellow"))
    for file, state, why in rows(begun):
        if state == "kept" and (why or made):
            yield line(Piece(f"{file} was there and stays as it is{f': {why}' if why else ''}.", "dim"))
    if made and not dry_run:
        yield BLANK
        yield from _next(begun, folder)


def _next(begun: Begun, folder: str) -> Iterator[Line]:
    """What to do next, in the words of the vault: on an agenda is who has a day."""
    words = _ADVICE[begun.beginning.language]
    yield line(words["next"])
    if folder not in ("", "."):
        yield line(f"  cd {shlex.quote(folder)}")
    for command in ("new" if begun.beginning.found is None else "check", "agenda"):
        yield line(f"  {words[command]}")
        yield line(Piece(f"      {words[f'{command} for']}", "dim"))


_ADVICE = {
    "en": {
        "next": "Next:",
        "new": 'plaincrm new "Acme Oy" type=company next=today next_action="Say hello"',
        "new for": "a first customer, to be contacted today",
        "check": "plaincrm check",
        "check for": "what to mend in them",
        "agenda": "plaincrm agenda",
        "agenda for": "whom to contact today, and why",
    },
    "fi": {
        "next": "Seuraavaksi:",
        "new": 'plaincrm new "Acme Oy" tyyppi=yritys seuraava=tänään seuraava_toimi=Soita',
        "new for": "ensimmäinen asiakas, johon otetaan yhteyttä tänään",
        "check": "plaincrm check",
        "check for": "mitä niissä on korjattavaa",
        "agenda": "plaincrm agenda",
        "agenda for": "keneen tänään yhteys, ja miksi",
    },
}


def _found(found: Adoption, width: int) -> Iterator[Line]:
    """The folders with customers in them, and how their keys are read."""
    unread = f", {found.unread} of them unreadable" if found.unread else ""
    yield line(f"{found.notes} note{'s' if found.notes != 1 else ''} looked at{unread}.")
    if not found.records:
        yield line("None of the folders looks like one of customers, so nothing was written.")
        yield line("Name them yourself in plaincrm.toml: plaincrm init writes one to begin with.")
        return
    yield BLANK
    cells = [
        (folder.path or ".", str(folder.customers), str(folder.notes), str(folder.entries), _taken(folder.taken))
        for folder in found.folders
    ]
    titles = (
        Column("Folder", least=12),
        Column("Customers", "right"),
        Column("of notes", "right"),
        Column("Log entries", "right"),
        Column(""),
    )
    yield from table(titles, cells, width)
    yield BLANK
    keys = [(key.key, str(key.notes), key.field or "left alone") for key in found.keys[:_KEYS]]
    yield from table((Column("Key", least=10), Column("Notes", "right"), Column("Read as")), keys, width)
    if len(found.keys) > _KEYS:
        yield line(Piece(f"and {len(found.keys) - _KEYS} more keys; all of them with --format json", "dim"))
    yield BLANK


def _taken(taken: bool) -> str:
    return "" if taken else "left out: most are none"
