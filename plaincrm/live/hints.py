"""Events of the system, as hints that something may have changed. What has, is told by looking."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.document.source import read_bytes

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver

Folders = Mapping[Path, bool]  # the folders to hear of, and whether of all below them, too


class Hints:
    """Hears of changes in folders; without any folder it hears nothing, and only the time passes."""

    def __init__(self) -> None:
        self.stopped = False
        self._heard = threading.Event()
        self._observer: BaseObserver | None = None
        self._armed: dict[Path, tuple[bool, int]] = {}
        self._partly = ""

    def hear(self, folders: Folders, *, count: bool = False) -> str:
        """Hear of these folders from now on. Why not of all of them, in words; empty where of all.

        Of folders that are not there nothing is heard until this is called again. With `count` the folders are counted
        again, as there may be new ones.
        """
        wanted = {path: (deep, path.stat().st_ino) for path, deep in folders.items() if path.is_dir()}
        if wanted != self._armed or self._observer is None or not self._is_alive(self._observer):
            self.deafen()
            try:
                self._start(wanted)
            except OSError as error:
                self.deafen()
                return f"the system gives no events ({error.strerror or error})"
            self._armed = wanted
            count = True
        if count:
            heard, needed = _kernel_watches(), sum(1 for _folder in _below(wanted))
            few = heard is not None and heard < needed
            self._partly = f"the system gives events of {heard} of {needed} folders" if few else ""
        return self._partly

    def _start(self, wanted: Mapping[Path, tuple[bool, int]]) -> None:
        from watchdog import events  # noqa: PLC0415 (80 ms, and where one watches only)
        from watchdog.observers import Observer  # noqa: PLC0415

        ours = self
        logging.getLogger("watchdog").setLevel(logging.CRITICAL)  # what it misses is found by looking
        warnings.filterwarnings("ignore", module="watchdog")

        class Handler(events.FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:  # noqa: ARG002 (which one does not matter)
                ours.nudge()

        written = [
            *(events.FileCreatedEvent, events.FileModifiedEvent, events.FileMovedEvent, events.FileDeletedEvent),
            *(events.FileClosedEvent, events.DirCreatedEvent, events.DirMovedEvent, events.DirDeletedEvent),
        ]
        self._observer = observer = Observer()
        observer.start()
        handler, trouble = Handler(), None
        for path, (deep, _inode) in wanted.items():
            try:
                observer.schedule(handler, str(path), recursive=deep, event_filter=written)
            except OSError as error:  # no room for it; the others are heard of nevertheless
                trouble = error
        if trouble and not observer.emitters:
            raise trouble

    @staticmethod
    def _is_alive(observer: BaseObserver) -> bool:
        """Whether all its threads are: one ends without a word when its folder goes."""
        return observer.is_alive() and all(emitter.is_alive() for emitter in observer.emitters)

    def nudge(self) -> None:
        """Something may have changed."""
        self._heard.set()

    def stop(self) -> None:
        """End whatever waits, for good."""
        self.stopped = True
        self.nudge()

    def wait(self, seconds: float) -> bool:
        """Wait for a hint for so long at the most: whether one came."""
        heard = self._heard.wait(seconds)
        self._heard.clear()
        return heard

    def deafen(self) -> None:
        """Hear nothing any more."""
        observer, self._observer, self._armed = self._observer, None, {}
        if observer is not None and observer.ident is not None:
            observer.stop()
            observer.join(2)


def _below(folders: Mapping[Path, tuple[bool, int]]) -> Iterator[str]:
    """Every folder that is to be heard of, once."""
    seen = set()
    for path, (deep, _inode) in folders.items():
        for folder, _names, _files in os.walk(path) if deep else [(str(path), [], [])]:
            if folder not in seen:
                seen.add(folder)
                yield folder


def _kernel_watches() -> int | None:
    """How many folders Linux watches for this process; None where it cannot be told."""
    count = found = 0
    try:
        handles = list(Path("/proc/self/fd").iterdir())
    except OSError:
        return None
    for handle in handles:
        with suppress(OSError):  # closed meanwhile
            if "inotify" in str(handle.readlink()):
                told = read_bytes(f"/proc/self/fdinfo/{handle.name}")
                found += 1
                count += told.count(b"\ninotify ")
    return count if found else None
