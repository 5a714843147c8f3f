"""The watch: after each save the note is looked at again, and what is generated from the notes made fresh."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from plaincrm.api import Vault
from plaincrm.checks.diagnostic import Diagnostic
from plaincrm.errors import PlaincrmError
from plaincrm.index.paths import shown_path
from plaincrm.live.bringing_up import MANY, bring_up
from plaincrm.live.hints import Hints
from plaincrm.live.notes import Answer
from plaincrm.live.refresh import refresh, renew_schema
from plaincrm.live.scan import Changes, Scan, changes_between, generated_paths, scan
from plaincrm.render.generated import Refreshed, Refused
from plaincrm.vault.config import NAME
from plaincrm.vault.find import Finder
from plaincrm.vault.find import Folder as FolderListing
from plaincrm.vault.vault import Vault as Folder
from plaincrm.vault.vault import load_vault

QUIET = 0.1  # seconds without a hint after which a burst is taken to be over
SOON = 1.0  # after a change one looks once more: events of it may have been lost
RARELY = 30.0  # between looks where events are heard
SAVING = 0.2  # that an editor may take to save a file
FEW = 20  # notes that are told one by one
_SHARE = 20  # without events a look may take a twentieth of the time


class Moment(NamedTuple):
    """What a look needs: the vault with its settings as they are, the day, and how commands answer in Markdown.

    `keeps_index` tells whether the vault's answers come from an index on disk.
    """

    vault: Vault
    today: date
    answer: Answer
    keeps_index: bool = True


class Saved(NamedTuple):
    """A record that was saved, and what is wrong with it."""

    file: str
    diagnostics: tuple[Diagnostic, ...]


class Many(NamedTuple):
    """So many records that were saved at once, and what is wrong with them."""

    number: int
    diagnostics: tuple[Diagnostic, ...]


class Gone(NamedTuple):
    """A record that is there no more."""

    file: str


class Notice(NamedTuple):
    """A sentence about the watch itself."""

    text: str


Told = Saved | Many | Gone | Notice | Refreshed


class Watch:
    """One watch over one vault. The look is the truth; hints only say when to look.

    `tell` hears what was found, `after` the records that were saved (their paths), once all about them is told, and
    `each` is called at each look.
    """

    def __init__(
        self,
        root: Path,
        now: Callable[[], Moment],
        tell: Callable[[Told], None],
        hints: Hints,
        *,
        poll: bool = False,
        after: Callable[[Sequence[str]], None] = lambda _paths: None,
        each: Callable[[Moment], None] = lambda _moment: None,
    ) -> None:
        self.root, self.now, self.tell, self.hints, self.poll = root, now, tell, hints, poll
        self.after, self.each = after, each
        self.seen: Scan | None = None
        self.day: date | None = None
        self.stale = True  # whether generated notes may not be fresh
        self.identity: tuple[int, int] | None = None
        self.partly = ""  # why events are not heard of everything
        self.left: tuple[Refused, ...] = ()  # what was told of generated notes that are left as they are
        self.said = ""
        self.cost = 0.0  # seconds of the last look
        self.again = False  # whether the last look found something

    def run(self) -> None:
        """Watch until the hints are stopped."""
        try:
            while not self.hints.stopped:
                self.look_safely()
                if self.hints.wait(self.pause):
                    self.settle()
        finally:
            self.hints.deafen()

    @property
    def pause(self) -> float:
        """How long to wait for a hint."""
        if self.again or self.identity is None:
            return SOON
        return max(SOON, _SHARE * self.cost) if self.poll or self.partly else RARELY

    def settle(self) -> None:
        """Wait for the end of a burst, though not for long."""
        for _time in range(int(SOON / QUIET)):
            if self.hints.stopped or not self.hints.wait(QUIET):
                return

    def look_safely(self) -> None:
        """Look; what cannot be done is told once, and tried again the next time."""
        try:
            self.look()
            self.said = ""
        except (PlaincrmError, OSError) as error:
            self.again = True
            if not self.root.is_dir():
                return self.lose()
            words = f"{error.message} {error.remedy}".strip() if isinstance(error, PlaincrmError) else str(error)
            if words != self.said:
                self.said = words
                self.tell(Notice(words))
        return None

    def look(self) -> None:
        """Compare what stands there with what stood there, and do what is to be done about it."""
        if not self.root.is_dir():
            self.lose()
            return
        status = self.root.stat()
        if (status.st_dev, status.st_ino) != self.identity:
            if self.seen is not None:
                again = "there again" if self.identity is None else "another one than before"
                self.tell(Notice(f"The folder of the vault is {again}."))
            self.identity = (status.st_dev, status.st_ino)
        began = time.monotonic()
        folder = load_vault(self.root)
        seen = scan(folder)
        self.cost = time.monotonic() - began
        first, before = self.seen is None, self.seen or seen
        changes = changes_between(folder, before, seen)
        self.again = first or bool(changes)
        moment = self.now()
        if first:
            moment.vault.sql("select 1")  # as long as there are no threads, all cores may read
        self.listen(folder, count=set(seen.folders) != set(before.folders))
        if first or changes.settings:
            renew_schema(folder)
        self.stale = self.stale or first or bool(changes) or moment.today != self.day
        if changes:
            self.report(moment, folder, changes, seen)
        self.seen = seen
        if self.stale:
            self.refresh(moment)
            self.stale, self.day = False, moment.today
        if first:
            self.tell(Notice(_begun(folder, seen)))
        if changes.saved:
            self.after(changes.saved)
        self.each(moment)

    def lose(self) -> None:
        """The folder is gone: say so once, and wait for it."""
        if self.identity is not None:
            self.tell(Notice("The folder of the vault is gone; waiting for it."))
        self.identity = None
        self.hints.deafen()

    def listen(self, folder: Folder, *, count: bool) -> None:
        """Hear of the folders as they are now."""
        if self.poll:
            return
        partly = self.hints.hear(folders_of(folder), count=count)
        if partly and not self.partly:
            self.tell(Notice(f"Watching in part: {partly}. So all notes are looked at every second or so."))
        self.partly = partly

    def report(self, moment: Moment, folder: Folder, changes: Changes, seen: Scan) -> None:
        """Tell what is wrong with what was saved."""
        if len(changes.saved) >= MANY and moment.keeps_index:
            self.tell(Notice(f"Reading {len(changes.saved)} notes that were saved."))
            bring_up(folder, lambda _done, _total: None)
        found = self.checked(moment, changes)
        for path in changes.gone[:FEW]:
            self.tell(Gone(shown_path(path)))
        if len(changes.gone) > FEW:
            self.tell(Notice(f"and {len(changes.gone) - FEW} more are gone."))
        if any(item.severity == "error" for item in found):
            time.sleep(SAVING)
            moved = changes_between(folder, seen, scan(folder))
            again = {shown_path(path) for path in (*moved.saved, *moved.gone)}
            changes = changes._replace(saved=tuple(path for path in changes.saved if shown_path(path) not in again))
            found = [item for item in found if item.file not in again]  # an editor was not through: next time
        if len(changes.saved) > FEW:
            self.tell(Many(len(changes.saved), tuple(found)))
            return
        for path in (shown_path(path) for path in changes.saved):
            self.tell(Saved(path, tuple(item for item in found if item.file == path)))

    def checked(self, moment: Moment, changes: Changes) -> list[Diagnostic]:
        """What is wrong with the records that were saved, and with the settings where they were."""
        if not changes.saved and not changes.settings:
            return []
        named = (*changes.saved, *((NAME,) if changes.settings else ()))
        paths = [self.root / path for path in named] if len(named) <= FEW else []
        found = moment.vault.check(moment.today, paths=paths).diagnostics
        if changes.settings:
            self.tell(Saved(NAME, tuple(item for item in found if item.file == NAME)))
        files = {shown_path(path) for path in changes.saved}
        return [item for item in found if item.file in files]

    def refresh(self, moment: Moment) -> None:
        """Bring the index up to date, make the generated notes fresh, and tell what was done and what is newly left."""
        moment.vault.sql("select 1")
        if not moment.vault.config.notes and not moment.vault.config.note_parts:
            return
        told = refresh(moment.vault, moment.answer, moment.today, pulling=True, kept=False)
        new = tuple(one for one in told.refused if one not in self.left)
        self.left = told.refused
        if told.report.files or told.pulled.files or told.unclear or new:
            self.tell(told._replace(refused=new))


def _begun(folder: Folder, seen: Scan) -> str:
    count = sum(len(folder.finder.sort_out(FolderListing(*item)).records) for item in seen.folders.items())
    return f"Watching {count} note{'s' if count != 1 else ''} in {folder.root}. Ctrl-C ends it."


def folders_of(vault: Folder) -> dict[Path, bool]:
    """The folders to hear of: the vault itself, those of records and of generated notes, and what is below globs."""
    found = {"": False}
    for name in generated_paths(vault):
        found.setdefault(os.path.dirname(name), False)  # noqa: PTH120 (a string)
    for prefix, rest in (*vault.finder.records, *Finder(vault.files, vault.config.note_parts, ()).records):
        found[prefix] = found.get(prefix, False) or "/" in rest
    deep = [path for path, below in found.items() if below]
    return {
        vault.root / path: below
        for path, below in found.items()
        if not any(other != path and (not other or path.startswith(f"{other}/")) for other in deep)
    }
