"""The server's state: open notes, what the register says of them, and when it is asked anew."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import date
from importlib.metadata import version
from itertools import count
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from plaincrm.errors import IndexDamaged, PlaincrmError
from plaincrm.index.glance import glance
from plaincrm.index.index import Index
from plaincrm.live.bringing_up import bring_up
from plaincrm.live.lsp.choices import known_values
from plaincrm.live.lsp.diagnosis import Register, diagnostics, register
from plaincrm.live.lsp.note import Note
from plaincrm.live.lsp.progress import Reading
from plaincrm.live.lsp.workspace import Workspace, file_of
from plaincrm.records.fields import Field
from plaincrm.vault.vault import Vault

PAUSE = 0.2  # seconds without a key before a note is checked
_NAP = 0.005  # seconds between two looks at an index that is being written
_SHARE = 3  # of a huge note: as many times as long as its check takes


class Server(LanguageServer):
    """One editor's server. It writes no note: what is to be changed is handed to the editor as edits.

    Whatever is asked while one types is answered from the open text and from the index as it lies there. The index is
    brought up in a thread of its own when a note is opened or saved, or the editor has seen files change.
    """

    def __init__(self, today: Callable[[], date], named: Path | None) -> None:
        super().__init__("plaincrm", version("plaincrm"), types.TextDocumentSyncKind.Full)
        self.open = Workspace(today, named)
        self._registers: dict[Path, Register] = {}
        self._values: dict[tuple[Path, str, str], tuple[str, ...]] = {}  # of fields, since the index was brought up
        self._refreshing: dict[Path, bool] = {}  # whether it was asked for again meanwhile
        self._read: set[Path] = set()  # vaults of which little can have changed since the index was brought up
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._costs: dict[str, float] = {}  # seconds that the last check of a note took
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._numbers = count()
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def index(self, vault: Vault, patience: float = 1.0) -> AsyncIterator[Index | None]:
        """The index as it lies there; None where there is none, or it is written for longer than one can wait (s)."""
        end = time.monotonic() + patience
        while True:
            with glance(vault) as index:
                if index or vault.root not in self._refreshing or time.monotonic() > end:
                    yield index
                    return
            await asyncio.sleep(_NAP)

    def values(self, vault: Vault, index: Index | None, field: Field) -> tuple[str, ...]:
        """What a field may have, looked up in the index once for as long as that is the same."""
        key = (vault.root, field.scope, field.key)
        found = self._values.get(key)
        if found is None:
            found = known_values(index, vault.config, field)
            if index:
                self._values[key] = found
        return found

    def note(self, uri: str) -> Note | None:
        """An open note."""
        return self.open.notes.get(uri)

    def publish(self, uri: str) -> None:
        """Tell what is wrong with a note as it is now."""
        self._forget_timer(uri)
        note = self.note(uri)
        if note is None:
            return
        began = time.monotonic()
        found = diagnostics(note, self._registers.get(note.vault.root))
        self._costs[uri] = time.monotonic() - began
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found))

    def publish_soon(self, uri: str) -> None:
        """The same when no more keys are pressed for a moment."""
        self._forget_timer(uri)
        pause = max(PAUSE, _SHARE * self._costs.get(uri, 0.0))
        self._timers[uri] = asyncio.get_running_loop().call_later(pause, self.publish, uri)

    def close(self, uri: str) -> None:
        """Forget a note, and take back what was told of it."""
        self._forget_timer(uri)
        if self.note(uri):
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        self.open.drop(uri)

    def _forget_timer(self, uri: str) -> None:
        timer = self._timers.pop(uri, None)
        if timer:
            timer.cancel()

    def refresh(self, vault: Vault) -> None:
        """Bring the index up to the files, and tell anew what is wrong with the open notes; once at a time a vault."""
        if vault.root in self._refreshing:
            self._refreshing[vault.root] = True
            return
        self._refreshing[vault.root] = False
        task = asyncio.get_running_loop().create_task(self._refresh(vault))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def expect_many(self, vault: Vault) -> None:
        """Many files have changed at once."""
        self._read.discard(vault.root)

    async def _refresh(self, vault: Vault) -> None:
        if vault.root not in self._read:
            self._read.add(vault.root)
            await self._bring_up(vault)
        paths = frozenset(note.path for note in self.open.in_vault(vault) if note.is_record)
        loop = asyncio.get_running_loop()
        try:
            told = await loop.run_in_executor(self._worker, register, vault, paths, self.open.today())
        except (PlaincrmError, OSError) as error:
            self.log(getattr(error, "message", str(error)))
        else:
            self._registers[vault.root] = told
            self._values = {key: found for key, found in self._values.items() if key[0] != vault.root}
            if told.notice:
                self.log(told.notice)
            for note in self.open.in_vault(vault):
                self.publish(note.uri)
        if self._refreshing.pop(vault.root):
            self.refresh(vault)

    async def _bring_up(self, vault: Vault) -> None:
        """Let many notes be read by a process of its own, so that this one can answer meanwhile."""
        loop, reading = asyncio.get_running_loop(), Reading(self, f"plaincrm-{next(self._numbers)}")

        def tell(done: int, total: int) -> None:
            loop.call_soon_threadsafe(reading.tell, done, total)

        await loop.run_in_executor(self._worker, bring_up, vault, tell)
        reading.end()

    def visit(self, uri: str) -> None:
        """Make the vault of a folder of the editor known, so that customers can be found before a note is open."""
        folder = file_of(uri)
        vault = self.open.vault_of(folder / "any") if folder and folder.is_dir() else None
        if vault:
            self.refresh(vault)

    def leave(self, uri: str) -> None:
        """Forget the vault of a folder that the editor has closed, unless a note of it is open."""
        folder = file_of(uri)
        for vault in self.open.vaults:
            if folder and folder.is_relative_to(vault.root) and not self.open.in_vault(vault):
                self.open.forget(vault)

    def log(self, message: str) -> None:
        """Say something in the editor's log of this server."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Warning, f"plaincrm: {message}"))

    def say(self, error: PlaincrmError) -> None:
        """Show a refusal, and what to do about it."""
        if isinstance(error, IndexDamaged):
            return  # it is built anew when it is next brought up
        text = f"{error.message} {error.remedy}".strip()
        self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, text))
